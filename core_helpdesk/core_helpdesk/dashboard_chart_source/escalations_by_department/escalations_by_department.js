frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Escalations by Department"] = {
	method: "core_helpdesk.desk.escalations_by_department",
	filters: [],
};
