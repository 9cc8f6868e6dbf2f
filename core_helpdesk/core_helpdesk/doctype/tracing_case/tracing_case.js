// The form on which a tracing case is worked: its head says where it stands and what may be done; what is wrong stands at
// its field; the way, the updates and the answers are lists to read.
const PHONES = ["shipper_phone", "shipper_email", "consignee_phone", "consignee_email", "new_phone", "shipment_number"];

frappe.ui.form.on("Tracing Case", {
	onload(frm) {
		core_helpdesk.reading.know_people(frm);
		// A moment is the site's, and each field would name its zone anew.
		const moments = frm.meta.fields.filter(({ fieldtype }) => fieldtype === "Datetime");
		for (const { fieldname } of moments) Object.assign(frappe.meta.get_docfield(frm.doctype, fieldname, frm.docname), { hide_timezone: 1, description: "" });
		core_helpdesk.reading.dress(frm);
		core_helpdesk.reading.edit_as_written(frm);
		core_helpdesk.reading.leave_out_on_phones(frm, "documents", ["is_required", "note"]);
	},

	async refresh(frm) {
		if (frm.is_new()) return;
		const ticket = __("Ticket {0}", [frm.doc.ticket]);
		// A phone's head has no room for the number; it is the first of the fields.
		frm.page.set_title([ticket, !frappe.is_mobile() && frm.doc.shipment_number].filter(Boolean).join(" · "));
		core_helpdesk.reading.from_left(frm, PHONES);
		core_helpdesk.reading.hide_mails({ timeline: frm.timeline });
		core_helpdesk.tracing_way.show(frm);
		frm.page.add_menu_item(__("Manage My Tickets"), () => frappe.set_route("tracing-work"));
		const { name } = frm.doc;
		if (frm.ch_shown !== name) core_helpdesk.tracing.place_of(frm).empty();
		frm.ch_shown = name;
		const screen = await core_helpdesk.tracing.call("screen", { case: name });
		// Another case is open by now.
		if (frm.doc.name !== name) return;
		frm.ch_screen = screen;
		name_papers(frm, screen.papers || {});
		open_to(frm, screen.rights.hand_over);
		core_helpdesk.tracing.show(frm);
		core_helpdesk.tracing.mark_fields(frm);
		core_helpdesk.tracing.show_guidelines(frm);
	},
});

// Stored under the names that the settings give them, read under those of the reader's language.
function name_papers(frm, papers) {
	const { cell, dress_cells } = core_helpdesk.reading;
	const name_of = (paper) => frappe.utils.escape_html(frappe.utils.unescape_html(papers[paper] || paper));
	dress_cells(frm, "Tracing Document", "document", (paper) => (paper ? cell(name_of(paper)) : ""));
	frm.refresh_field("documents");
}

// The roles alone say that officers write; whether this case is theirs to write, the server knows.
function open_to(frm, may_write) {
	if (may_write) return frm.save_disabled && frm.enable_save();
	frm.set_read_only();
	frm.refresh_fields();
	core_helpdesk.reading.from_left(frm, PHONES);
	core_helpdesk.tracing_way.show(frm);
	return frm.disable_save();
}
