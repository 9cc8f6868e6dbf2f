{% include "core_helpdesk/public/js/month_report.js" %}

// Every figure leads to the stays in groups or the escalations that make it; the server says which, for this reader.
async function show_records(figure, row) {
	const { month: _chosen, ...narrowed } = frappe.query_report.get_filter_values();
	const { doctype, names } = await frappe.xcall("core_helpdesk.report_api.tickets", {
		filters: { ...narrowed, month: row.month },
		figure,
		part: row.part,
	});
	core_helpdesk.month_report.show_list(doctype, names);
}

frappe.query_reports["QA Monthly Report"] = {
	filters: [
		core_helpdesk.month_report.month_filter(),
		core_helpdesk.month_report.by_filter({
			department: __("By Department"),
			country: __("By Country"),
			group_category: __("By Group Category"),
			group: __("By Group"),
			ticket_category: __("By Ticket Category"),
			further: __("Further Figures"),
		}),
		core_helpdesk.report.link("department", __("Department", null, "Core Helpdesk"), "Core Department"),
		core_helpdesk.report.link("country", __("Country"), "Country"),
		core_helpdesk.report.link("group_category", __("Group Category"), "Group Category"),
		core_helpdesk.report.link("group", __("Group", null, "Core Helpdesk"), "HD Team"),
		core_helpdesk.report.link("ticket_category", __("Ticket Category"), "HD Ticket Type"),
	],
	formatter: core_helpdesk.month_report.formatter,
	onload(report) {
		core_helpdesk.month_report.lead(report, show_records);
	},
	after_datatable_render: core_helpdesk.month_report.after_datatable_render,
};
