{% include "core_helpdesk/public/js/month_report.js" %}

// Every figure leads to the list of the cases that make it; the server says which, for this reader.
const TRACING_CASE = "Tracing Case";

async function show_cases(figure, row) {
	const { by, country, nature } = frappe.query_report.get_filter_values();
	const { count, names } = await frappe.xcall("core_helpdesk.month_api.cases", {
		...row,
		figure,
		by,
		country: country || "",
		nature: nature || "",
	});
	if (count > names.length) {
		frappe.show_alert(__("{0} stays in {1} cases: a case may have been in a group more than once.", [count, names.length]));
	}
	core_helpdesk.month_report.show_list(TRACING_CASE, names);
}

// A second chart under the report's own: this month and the one before.
function draw_beside() {
	const report = frappe.query_report;
	report.$chart.siblings(".ch-beside").remove();
	const beside = ((report.raw_data || {}).chart || {}).beside;
	if (!beside || frappe.is_mobile()) return;
	const place = $('<div class="ch-beside chart-wrapper" style="margin-top: 8px"></div>').insertAfter(report.$chart);
	frappe.utils.make_chart(place[0], beside);
}

frappe.query_reports["Tracing Monthly Report"] = {
	filters: [
		core_helpdesk.month_report.month_filter(),
		core_helpdesk.month_report.by_filter({
			Country: __("By Country"),
			Direction: __("By Direction"),
			Nature: __("By Nature"),
			Officer: __("By Officer"),
			"Leg Team": __("By Group"),
		}),
		core_helpdesk.report.link("country", __("Country"), "Country"),
		core_helpdesk.report.choice(
			"nature",
			__("Nature"),
			["Service Failure Complaint", "Address Change", "Claim", "Pre-Alert"],
			TRACING_CASE
		),
	],
	formatter: core_helpdesk.month_report.formatter,
	onload(report) {
		core_helpdesk.month_report.lead(report, show_cases);
	},
	after_datatable_render() {
		core_helpdesk.month_report.after_datatable_render();
		draw_beside();
	},
};
