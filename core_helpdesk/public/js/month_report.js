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

	// What narrows a report waits behind a button on a phone, unless something is narrowed: the figures come first.
	function fold_filters(report) {
		const narrowing = report.filters.filter(({ df }) => df.fieldtype === "Link");
		if (!frappe.is_mobile() || !narrowing.length) return;
		const fold = (is_open) => narrowing.forEach(({ $wrapper }) => $wrapper.toggle(is_open));
		const button = $(`<button class="btn btn-default btn-xs ch-fold" aria-expanded="false">${__("More Filters")}</button>`);
		report.page.page_form.find(".ch-fold").remove();
		button.appendTo(report.page.page_form).on("click", () => {
			fold(true);
			button.remove();
		});
		fold(false);
		// What the address says is set after this.
		setTimeout(() => narrowing.some((filter) => filter.get_value()) && button.click(), 1000);
	}

	// Two figures side by side on a phone, as their words need room.
	const ON_A_PHONE = `@media (max-width: 767px) {
		.report-summary { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px 8px; align-items: start; padding: 12px 8px; margin-inline: 0; }
		.report-summary .summary-item { min-width: 0; max-width: none; height: auto; margin: 0; justify-content: start; }
		.report-summary .summary-label { white-space: normal; font-size: 12px; }
		.page-form .ch-fold { margin: 4px 8px 8px; }
	}`;

	// `show` is given the figure and what its row says of itself.
	function lead(report, show) {
		frappe.dom.set_style(ON_A_PHONE, "ch-month-report");
		fold_filters(report);
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

	// The framework cuts the names under bars long before there is no room for them, whenever it draws them.
	function name_bars() {
		const { chart_options, $chart } = frappe.query_report;
		if (!chart_options || chart_options.type !== "bar") return;
		const { labels } = chart_options.data;
		const texts = $chart.find(".x.axis text").get();
		const room = ($chart.width() / labels.length) * 0.9;
		if (texts.length !== labels.length || !(room > 0)) return;
		const pen = document.createElement("canvas").getContext("2d");
		pen.font = getComputedStyle(texts[0]).font;
		const fits = (name) => pen.measureText(name).width <= room;
		texts.forEach((text, number) => {
			const letters = Array.from(String(labels[number]));
			let name = letters.join("");
			while (!fits(name) && letters.length > 1) {
				letters.pop();
				name = `${letters.join("").trimEnd()}…`;
			}
			if (text.textContent !== name) text.textContent = name;
		});
	}

	function keep_names() {
		const [chart] = frappe.query_report.$chart;
		if (!chart || chart.ch_watched) return name_bars();
		chart.ch_watched = new MutationObserver(name_bars);
		chart.ch_watched.observe(chart, { childList: true, subtree: true });
		name_bars();
	}

	function after_datatable_render() {
		core_helpdesk.report.after_datatable_render();
		keep_names();
		explain_heads();
		// A figure's words go on in a second line where one has no room for them.
		const { $summary } = frappe.query_report;
		$summary.find(".summary-label").css({ whiteSpace: "normal", maxWidth: "none" });
		$summary.find(".summary-item").css("height", "auto");
	}

	return { after_datatable_render, by_filter, formatter, lead, month_filter, show_list };
})();
