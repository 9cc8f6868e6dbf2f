// How the reports on groups read: text as text in its own direction, states in their colour, and links only to what
// the reader may open. Values come worded by the server, with a quote before what a spreadsheet would take for a formula.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.report = (() => {
	const escape = (text) => frappe.utils.escape_html(String(text));
	const unquoted = (text) => String(text).replace(/^'(?='*[=+\-@\t\r])/, "");
	const is_text = ({ fieldtype }) => !fieldtype || fieldtype === "Data";

	function link_to(to) {
		if (!to) return "";
		if (Array.isArray(to)) return to[1] && frappe.model.can_read(to[0]) ? frappe.utils.get_form_link(...to) : "";
		if (to.list) return `${frappe.utils.get_form_link(to.list, "").replace(/\/$/, "")}?${new URLSearchParams(to.where)}`;
		return to.url && frappe.model.can_create(to.needs) ? to.url : "";
	}

	// The framework leaves room on the right of the dot, in whichever direction the text beside it runs.
	frappe.dom.set_style("span.indicator-pill.ch-tone::before { margin-inline: 0 6px; }", "ch-report-tones");

	const tone_of = (column, data) => (data.tones || {})[column.fieldname];

	function shown(value, column, data) {
		const tone = tone_of(column, data);
		const text = escape(unquoted(value));
		if (!tone) return text;
		return `<span class="indicator-pill ch-tone ${tone}">${text}</span>`;
	}

	function formatter(value, row, column, data, default_formatter) {
		if (!data || value === null || value === undefined || value === "") return "";
		// Some numbers are not read as what they are: a change has a sign.
		const said = (data.said || {})[column.fieldname];
		const number = () => (said === undefined ? default_formatter(value, row, column, data) : escape(said));
		const own = is_text(column) ? shown(value, column, data) : number();
		const link = value ? link_to((data.links || {})[column.fieldname]) : "";
		const cell = link ? `<a href="${escape(link)}">${own}</a>` : own;
		const strong = data.bold ? "font-weight: 600" : "";
		// Between words from right to left a date and its time, or a number and its sign, would change places.
		const color = tone_of(column, data) ? `color: var(--${tone_of(column, data)}-600);` : "";
		if (!is_text(column)) return `<div dir="ltr" style="text-align: inherit; ${color} ${strong}">${cell}</div>`;
		// A block of its own, so that what has no room is left out at the end of the text, in whichever direction it runs.
		const cut = `overflow: hidden; text-overflow: ellipsis; ${strong}`;
		return `<div dir="auto" title="${escape(unquoted(value))}" style="${cut}">${cell}</div>`;
	}

	// No room for the words under the bars: the numbers above them and the rows stay, and the menu shows the chart.
	function after_datatable_render() {
		if (frappe.is_mobile()) frappe.query_report.$chart.hide();
	}

	// A choice of words that the server knows in English.
	const choice = (fieldname, label, values, context) => ({
		fieldname,
		label,
		fieldtype: "Select",
		options: [{ value: "", label: "" }, ...values.map((value) => ({ value, label: __(value, null, context) }))],
	});

	const link = (fieldname, label, options, more) => ({ fieldname, label, fieldtype: "Link", options, ...more });

	return { after_datatable_render, choice, formatter, link };
})();
