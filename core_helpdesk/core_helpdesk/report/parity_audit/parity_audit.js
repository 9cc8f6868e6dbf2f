{% include "core_helpdesk/public/js/governance_report.js" %}

frappe.query_reports["Parity Audit"] = {
	filters: [
		core_helpdesk.report.link("department", __("Department", null, "Parity Deviation"), "Core Department"),
		core_helpdesk.report.link("category", __("Group Category"), "Group Category"),
		core_helpdesk.report.link("ticket_category", __("Ticket Category"), "HD Ticket Type"),
		core_helpdesk.report.link("country", __("Country"), "Country"),
		core_helpdesk.report.choice("state", __("State", null, "Parity Deviation"), [
			"Not the Standard",
			"Deviation Lapsed",
			"No Escalation Time",
			"The Standard Is Not One",
			"Deviation Ends Soon",
			"No Standard to Compare With",
			"No Group",
			"Approved Deviation",
			"As the Standard",
		]),
		{ fieldname: "missing", fieldtype: "Check", label: __("Countries Without Such a Group") },
	],
	formatter: core_helpdesk.report.formatter,
	after_datatable_render: core_helpdesk.report.after_datatable_render,
};
