{% include "core_helpdesk/public/js/governance_report.js" %}

frappe.query_reports["Escalated Tickets"] = {
	filters: [
		{ fieldname: "since", fieldtype: "Date", label: __("Escalated From"), default: frappe.datetime.get_today(), reqd: 1 },
		{ fieldname: "until", fieldtype: "Date", label: __("Escalated Until"), default: frappe.datetime.get_today(), reqd: 1 },
		core_helpdesk.report.link("department", __("Department", null, "Core Helpdesk"), "Core Department"),
		core_helpdesk.report.link("country", __("Country"), "Country"),
	],
	formatter: core_helpdesk.report.formatter,
	after_datatable_render: core_helpdesk.report.after_datatable_render,
};
