{% include "core_helpdesk/public/js/governance_report.js" %}

// Reports of a month: the months to choose from, figures that lead to the records behind them, and heads that say what
// their figures count. A row that has records behind its figures says so in `drill`.
core_helpdesk.month_report = (() => {
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

	function month_filter() {
		const months = months_until_now();
		return { fieldname: "month", fieldtype: "Select", label: __("Month"), options: months, default: months[1].value, reqd: 1 };
	}

	// `labels` by what they stand for; the first is what the report opens with.
	function by_filter(labels) {
		const options = Object.entries(labels).map(([value, label]) => ({ value, label }));
		return { fieldname: "by", fieldtype: "Select", label: __("By"), options, default: options[0].value, reqd: 1 };
	}

	// All figures of a row, or those that it names.
	function leads(figure, drill) {
		if (!drill || figure === "part") return false;
		return !drill.figures || drill.figures.includes(figure);
	}

	function formatter(value, row, column, data, default_formatter) {
		const cell = core_helpdesk.report.formatter(value, row, column, data, default_formatter);
		if (!cell || !value || !leads(column.fieldname, data.drill)) return cell;
		return `<a href="#" data-ch-figure="${column.fieldname}" data-ch-row="${frappe.utils.escape_html(
			JSON.stringify(data.drill)
		)}" style="color: inherit">${cell}</a>`;
	}

	// `show` is given the figure and what its row says of itself.
	function lead(report, show) {
		report.page.main.off("click.ch-figure").on("click.ch-figure", "a[data-ch-figure]", (event) => {
			event.preventDefault();
			const link = $(event.currentTarget);
			show(link.data("ch-figure"), link.data("ch-row"));
		});
	}

	function show_list(doctype, names) {
		frappe.route_options = { name: ["in", names.length ? names : [""]] };
		frappe.set_route("List", doctype, "List");
	}

	// What a figure counts, for whoever points at its head.
	function explain_heads() {
		const { datatable } = frappe.query_report;
		for (const { colIndex, help } of datatable ? datatable.getColumns() : []) {
			if (help) $(datatable.wrapper).find(`.dt-cell--header-${colIndex}, .dt-cell--header-${colIndex} .dt-cell__content`).attr("title", help);
		}
	}

	function after_datatable_render() {
		core_helpdesk.report.after_datatable_render();
		explain_heads();
		// A figure's words go on in a second line where one has no room for them.
		frappe.query_report.$summary.find(".summary-label").css({ whiteSpace: "normal", maxWidth: "none" });
	}

	return { after_datatable_render, by_filter, formatter, lead, month_filter, show_list };
})();
