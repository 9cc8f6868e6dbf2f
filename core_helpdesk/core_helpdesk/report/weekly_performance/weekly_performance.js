{% include "core_helpdesk/public/js/days_report.js" %}

// The last full week, by the day with which weeks begin in the settings, unless the address names days.
async function choose_week(report) {
	const { since, until } = report.get_filter_values();
	if (since || until) return;
	report.set_filter_value(await frappe.xcall("core_helpdesk.report_api.last_week"));
}

frappe.query_reports["Weekly Performance"] = {
	filters: [
		...core_helpdesk.days_report.day_filters(0),
		core_helpdesk.month_report.by_filter({
			department: __("By Department"),
			country: __("By Country"),
			owner: __("By TSM Agent"),
		}),
		...core_helpdesk.days_report.place_filters(),
	],
	formatter: core_helpdesk.month_report.formatter,
	async onload(report) {
		core_helpdesk.days_report.lead(report);
		await choose_week(report);
	},
	after_datatable_render: core_helpdesk.month_report.after_datatable_render,
};
