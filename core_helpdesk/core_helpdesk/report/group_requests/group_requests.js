{% include "core_helpdesk/public/js/governance_report.js" %}

frappe.query_reports["Group Requests"] = {
	filters: [
		{
			fieldname: "by",
			fieldtype: "Select",
			label: __("By"),
			options: [
				{ value: "Kind", label: __("By Kind") },
				{ value: "Department", label: __("By Department") },
				{ value: "Country", label: __("By Country") },
			],
			default: "Kind",
			reqd: 1,
		},
		{
			fieldname: "since",
			fieldtype: "Date",
			label: __("Requested From"),
			default: frappe.datetime.add_months(frappe.datetime.get_today(), -12),
		},
		{ fieldname: "until", fieldtype: "Date", label: __("Requested Until") },
		core_helpdesk.report.choice("kind", __("Kind"), [
			"New Group",
			"New Group Category",
			"Change Group",
			"Change Escalation",
			"Add Members",
			"Remove Members",
			"Retire Group",
			"Parity Deviation",
			"Data Correction",
		]),
		core_helpdesk.report.link("department", __("Department", null, "Group Request"), "Core Department"),
		core_helpdesk.report.link("country", __("Country"), "Country"),
	],
	formatter: core_helpdesk.report.formatter,
	after_datatable_render: core_helpdesk.report.after_datatable_render,
};
