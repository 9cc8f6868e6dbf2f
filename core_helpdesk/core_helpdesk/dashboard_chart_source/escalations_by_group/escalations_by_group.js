frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Escalations by Group"] = {
	method: "core_helpdesk.desk.escalations_by_group",
	filters: [],
};
