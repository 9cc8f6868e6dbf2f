{% include "core_helpdesk/public/js/days_report.js" %}

frappe.query_reports["Department Performance"] = {
	filters: [
		...core_helpdesk.days_report.day_filters(30),
		core_helpdesk.month_report.by_filter({
			department: __("By Department"),
			country: __("By Country"),
			group: __("By Group"),
			group_category: __("By Group Category"),
			ticket_category: __("By Ticket Category"),
		}),
		...core_helpdesk.days_report.place_filters(),
		core_helpdesk.report.link("group", __("Group", null, "Core Helpdesk"), "HD Team"),
	],
	formatter: core_helpdesk.month_report.formatter,
	onload: core_helpdesk.days_report.lead,
	after_datatable_render: core_helpdesk.month_report.after_datatable_render,
};
