// How tracing is done. A format and a link are read from the left, whatever the direction of the Desk, and guidelines from
// where their language begins.
frappe.ui.form.on("Tracing Settings", {
	onload(frm) {
		core_helpdesk.reading.edit_as_written(frm);
		const { cell, dress_cells } = core_helpdesk.reading;
		const from_left = (text) => (text ? `<bdi dir="ltr">${cell(frappe.utils.escape_html(text))}</bdi>` : "");
		dress_cells(frm, "Shipment Number Kind", "pattern", from_left);
		dress_cells(frm, "Tracing Standard", "link", from_left);
	},

	refresh(frm) {
		const { guidelines_ar: arabic, guidelines } = frm.fields_dict;
		arabic.$wrapper.find("textarea, .control-value").attr("dir", "rtl");
		guidelines.$wrapper.find("textarea, .control-value").attr("dir", "auto");
	},
});
