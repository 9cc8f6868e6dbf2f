// Figures of a month on a page: lines beside the month before, tables by part, and a chart. Stored text stays text.
frappe.provide("core_helpdesk");

core_helpdesk.month_figures = (() => {
	const said = (text) => frappe.utils.escape_html(String(text ?? ""));
	const number = (text) => `<span dir="ltr">${said(text)}</span>`;
	const coloured = (tone) => (tone ? `color: var(--${tone}-600); font-weight: 600` : "");

	function show(place, { chart, lines, tables, has_corrections, others }, title) {
		place.append('<div class="ch-month-chart"></div>', head(lines, title, has_corrections), tables.map(table).join(""));
		if (others && others.length) place.append(head(others, __("Further Figures"), others.some(({ corrected }) => corrected)));
		core_helpdesk.reading.hint_wide(place);
		if (!frappe.is_mobile() && chart.data.labels.length > 1) frappe.utils.make_chart(place.find(".ch-month-chart")[0], chart);
	}

	function head(lines, title, has_corrections) {
		const heads = [__("Figure"), __("This Month"), __("Month Before"), __("Change"), __("Goal")];
		const rows = lines.map(
			(line) => `<tr>
				<td>${said(line.label)}</td>
				<td style="${coloured(line.tone)}">${number(line.this)}</td>
				<td>${number(line.last)}</td>
				<td>${number(line.change)}</td>
				<td>${number(line.goal)}</td>
				${has_corrections ? `<td style="${coloured("orange")}">${number(line.corrected)}</td>` : ""}
			</tr>`
		);
		return framed(has_corrections ? [...heads, __("Correction")] : heads, rows, title);
	}

	function table({ title, head: of_parts = title, columns, rows, left_out }) {
		const is_compared = rows.some(({ before }) => before);
		const lines = rows.map(({ part, cells, before, tones }) => {
			const then = (at) => (before ? `<div class="text-muted" style="font-size: 0.85em">${number(before[at])}</div>` : "");
			const values = cells.map((cell, at) => `<td><span style="${coloured(tones[at])}">${number(cell)}</span>${then(at)}</td>`);
			return `<tr><td><bdi>${said(part)}</bdi></td>${values.join("")}</tr>`;
		});
		const more = left_out ? `<p class="text-muted">${__("{0} more lines are in the report on tickets.", [left_out])}</p>` : "";
		const note = is_compared ? `<p class="text-muted small">${__("In small: the month before.")}</p>` : "";
		return framed([of_parts, ...columns], lines, title) + note + more;
	}

	function framed(heads, rows, title) {
		return `<h5 style="margin: 18px 0 6px">${said(title)}</h5>
			<div class="ch-wide" style="overflow-x: auto"><table class="table table-bordered" style="margin: 0; font-size: var(--text-sm)">
				<thead><tr>${heads.map((text) => `<th>${said(text)}</th>`).join("")}</tr></thead>
				<tbody>${rows.join("")}</tbody>
			</table></div>`;
	}

	return { show, framed, said, number, coloured };
})();
