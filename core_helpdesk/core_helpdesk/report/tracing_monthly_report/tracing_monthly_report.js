{% include "core_helpdesk/public/js/governance_report.js" %}

// Every figure leads to the list of the cases that make it; the server says which, for this reader.
const TRACING_CASE = "Tracing Case";
const MONTHS_BACK = 24;

function months_until_now() {
	const name = new Intl.DateTimeFormat(`${frappe.boot.lang || "en"}-u-nu-latn-ca-gregory`, {
		month: "long",
		year: "numeric",
		timeZone: "UTC",
	});
	const [year, month] = frappe.datetime.get_today().split("-").map(Number);
	return Array.from({ length: MONTHS_BACK }, (_unused, back) => {
		const first = new Date(Date.UTC(year, month - 1 - back, 1));
		return { value: first.toISOString().slice(0, 7), label: name.format(first) };
	});
}

function formatter(value, row, column, data, default_formatter) {
	const cell = core_helpdesk.report.formatter(value, row, column, data, default_formatter);
	if (!cell || !value || !data.drill || column.fieldname === "part") return cell;
	return `<a href="#" data-ch-figure="${column.fieldname}" data-ch-row="${frappe.utils.escape_html(
		JSON.stringify(data.drill)
	)}" style="color: inherit">${cell}</a>`;
}

async function show_cases(event) {
	event.preventDefault();
	const link = $(event.currentTarget);
	const { by, country, nature } = frappe.query_report.get_filter_values();
	const { count, names } = await frappe.xcall("core_helpdesk.month_api.cases", {
		...link.data("ch-row"),
		figure: link.data("ch-figure"),
		by,
		country: country || "",
		nature: nature || "",
	});
	if (count > names.length) {
		frappe.show_alert(__("{0} stays in {1} cases: a case may have been in a group more than once.", [count, names.length]));
	}
	frappe.route_options = { name: ["in", names.length ? names : [""]] };
	frappe.set_route("List", TRACING_CASE, "List");
}

// What a figure counts, for whoever points at its head.
function explain_heads() {
	const { datatable } = frappe.query_report;
	for (const { colIndex, help } of datatable ? datatable.getColumns() : []) {
		if (help) $(datatable.wrapper).find(`.dt-cell--header-${colIndex}, .dt-cell--header-${colIndex} .dt-cell__content`).attr("title", help);
	}
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
		{
			fieldname: "month",
			fieldtype: "Select",
			label: __("Month"),
			options: months_until_now(),
			default: months_until_now()[1].value,
			reqd: 1,
		},
		{
			fieldname: "by",
			fieldtype: "Select",
			label: __("By"),
			options: [
				{ value: "Country", label: __("By Country") },
				{ value: "Direction", label: __("By Direction") },
				{ value: "Nature", label: __("By Nature") },
				{ value: "Officer", label: __("By Officer") },
				{ value: "Leg Team", label: __("By Group") },
			],
			default: "Country",
			reqd: 1,
		},
		core_helpdesk.report.link("country", __("Country"), "Country"),
		core_helpdesk.report.choice(
			"nature",
			__("Nature"),
			["Service Failure Complaint", "Address Change", "Claim", "Pre-Alert"],
			TRACING_CASE
		),
	],
	formatter,
	onload(report) {
		report.page.main.off("click.ch-cases").on("click.ch-cases", "a[data-ch-figure]", show_cases);
	},
	after_datatable_render() {
		core_helpdesk.report.after_datatable_render();
		draw_beside();
		explain_heads();
		// A figure's words go on in a second line where one has no room for them.
		frappe.query_report.$summary.find(".summary-label").css({ whiteSpace: "normal", maxWidth: "none" });
	},
};
