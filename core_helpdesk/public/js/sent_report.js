// How the ledger of sent reports reads wherever it is shown: reports and their periods in words, and what was sent.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.sent_report = (() => {
	const COLOURS = { Due: "gray", Made: "blue", Queued: "blue", Sent: "green", Failed: "red", Acknowledged: "green" };
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));

	// A day, a week or a month: 2026-11-22, 2026-11-15..2026-11-21, 2026-10.
	function period(key) {
		const { day } = core_helpdesk.reading;
		const [first, last] = String(key || "").split("..");
		if (/^\d{4}-\d{2}$/.test(first)) return month(first);
		return last ? __("{0} to {1}", [day(first), day(last)]) : day(first);
	}

	function month(key) {
		const words = { month: "long", year: "numeric", timeZone: "UTC" };
		const name_of = new Intl.DateTimeFormat(`${frappe.boot.lang || "en"}-u-nu-latn-ca-gregory`, words);
		return name_of.format(new Date(`${key}-01`));
	}

	const title = ({ report, period_key }) => __("{0}: {1}", [__(report), period(period_key)]);

	const indicator = (doctype) => (doc) => [__(doc.state, null, doctype), COLOURS[doc.state] || "gray", `state,=,${doc.state}`];

	// The names of the rows are told by what they are about.
	function name_rows(list) {
		for (const doc of list.data)
			list.$result.find(`.list-subject a[data-name="${doc.name}"]`).text(title(doc)).attr("title", title(doc));
		core_helpdesk.reading.fit(list);
	}

	const cells = {
		report: (...cell) => core_helpdesk.reading.column((report) => __(report))(...cell),
		period_key: (...cell) => core_helpdesk.reading.column(period)(...cell),
	};

	// --- What was sent

	// A Desk that runs the other way would begin its cells at their end.
	const FROM_START = "text-align: start";

	function table({ columns, rows }) {
		if (!rows.length) return "";
		const heads = columns.map(({ label }) => `<th style="${FROM_START}">${escape(label)}</th>`).join("");
		const cell_html = (value, at) => `<td style="${FROM_START}">${cell(value, columns[at])}</td>`;
		const lines = rows.map((row) => `<tr>${row.map(cell_html).join("")}</tr>`);
		return `<div style="overflow-x: auto"><table class="table table-bordered" style="margin: 0; font-size: var(--text-sm)">
			<thead><tr>${heads}</tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
	}

	const left_out = ({ left_out: count }) =>
		count ? `<p class="text-muted">${__("{0} more rows are not kept here.", [count])}</p>` : "";

	const NUMBERS = ["Float", "Int", "Percent", "Duration"];
	function cell(value, { fieldtype, precision }) {
		if (value === null || value === "") return "";
		if (fieldtype === "Datetime") return `<bdi>${escape(core_helpdesk.reading.brief_moment(value))}</bdi>`;
		if (fieldtype === "Date") return escape(core_helpdesk.reading.day(value));
		if (NUMBERS.includes(fieldtype)) return `<span dir="ltr">${frappe.format(value, { fieldtype, precision }, { inline: 1 })}</span>`;
		return `<bdi>${escape(value)}</bdi>`;
	}

	function summary(figures) {
		const parts = figures.map(({ label, value }) => `${escape(label)}: <b dir="ltr">${escape(value)}</b>`);
		return parts.length ? `<p>${parts.join(" &nbsp;·&nbsp; ")}</p>` : "";
	}

	// As it was sent, in the language and the direction in which it was.
	function content_html({ content, is_hidden }) {
		if (is_hidden) return `<p class="text-muted">${__("What was sent is shown to its recipient alone.")}</p>`;
		if (!content) return `<p class="text-muted">${__("It is not made yet.")}</p>`;
		const direction = /^(ar|fa|he|ps|ur)/.test(content.language || "") ? "rtl" : "ltr";
		const message = content.message ? `<p>${escape(content.message)}</p>` : "";
		return `<div dir="${direction}" class="ch-sent-report" style="${FROM_START}"><h5>${escape(content.title)}</h5>
			${summary(content.summary)}${message}${table(content)}${left_out(content)}</div>`;
	}

	return { cells, content_html, indicator, name_rows, period, title };
})();
