frappe.ui.form.on("Governed Record", {
	async onload(frm) {
		core_helpdesk.reading.dress(frm);
		frm.set_df_property("reference_doctype", "formatter", core_helpdesk.reading.kind_of_document);
		frm.disable_save();
		await frappe.model.with_doctype(frm.doc.reference_doctype);
		frm.set_df_property("facts", "formatter", (text) => facts_html(frm.doc.reference_doctype, text));
	},
});

// What is known as lines with the labels of the document's own form; what is empty is left out.
function facts_html(doctype, text) {
	const facts = facts_of(text);
	const known = Object.entries(facts).filter(([, value]) => value.length);
	const escape = frappe.utils.escape_html;
	const line = ([field, value]) =>
		`<div style="overflow-wrap: anywhere">${escape(label_of(doctype, field))}: <bdi>${escape(value_of(doctype, field, value))}</bdi></div>`;
	return known.map(line).join("");
}

// Later releases of the framework escape a text before they ask how it reads.
function facts_of(text) {
	const written = text || "{}";
	return JSON.parse(written.startsWith("{\"") || written === "{}" ? written : frappe.utils.unescape_html(written));
}

function label_of(doctype, field) {
	const df = frappe.meta.get_docfield(doctype, field);
	return df ? __(df.label, null, doctype) : field;
}

function value_of(doctype, field, value) {
	const { list, in_words } = core_helpdesk.reading;
	if (Array.isArray(value)) return value.map((row) => (Array.isArray(row) ? list(row.filter(Boolean).map((part) => __(String(part)))) : row)).join("; ");
	return in_words(frappe.meta.get_docfield(doctype, field) || {}, value);
}
