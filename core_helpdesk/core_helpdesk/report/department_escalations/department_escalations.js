{% include "core_helpdesk/public/js/days_report.js" %}

frappe.query_reports["Department Escalations"] = {
	filters: [
		...core_helpdesk.days_report.day_filters(30),
		core_helpdesk.month_report.by_filter({
			place: __("By Department"),
			group: __("By Group"),
		}),
		...core_helpdesk.days_report.place_filters(),
	],
	formatter: core_helpdesk.month_report.formatter,
	onload: core_helpdesk.days_report.lead,
	after_datatable_render: core_helpdesk.month_report.after_datatable_render,
};
