// A notice as its readers meet it: one click says that they know of the change, also from the link in the mail.
frappe.ui.form.on("Change Notice", {
	onload(frm) {
		core_helpdesk.reading.dress(frm);
		core_helpdesk.reading.leave_out_on_phones(frm, "readers", ["capacity", "mailed_on"]);
		core_helpdesk.reading.edit_as_written(frm);
		frm.set_df_property("request", "formatter", core_helpdesk.reading.form_link("Group Request"));
		frm.set_df_property("starts_on", "formatter", (value) => (value ? core_helpdesk.reading.moment(value) : ""));
	},

	// The timeline is drawn before `onload` is through.
	before_load(frm) {
		core_helpdesk.reading.know_people(frm);
		// Who was mailed when stands in the rows.
		core_helpdesk.reading.hide_mails(frm);
	},

	refresh(frm) {
		const writes = frappe.user.has_role("QA Specialist");
		// Drawn before anybody said how they read.
		frm.fields_dict.readers.grid.reset_grid();
		// Beside the title and a button, a phone has no room for it.
		if (frappe.is_mobile()) frm.page.clear_indicator();
		fix_text(frm, writes);
		show_title(frm);
		if (frm.is_new()) {
			frm.set_intro(__("Write what changes and save it; then send it to every department head."), "blue");
			return;
		}
		if (frm.doc.sent_on || !writes) frm.disable_save();
		show_own_language(frm, writes);
		show_readers(frm, writes);
		show_own(frm);
		if (!frm.doc.sent_on && !frm.doc.request && writes) frm.add_custom_button(__("Send"), () => send(frm));
		add_directory(frm);
	},
});

// A new group stands in the directory from its start on.
function add_directory(frm) {
	const begins = frm.doc.starts_on || "";
	if (!frm.doc.team || begins > frappe.datetime.now_datetime()) return;
	const address = `/group-directory?group=${encodeURIComponent(frm.doc.team)}`;
	frm.add_custom_button(__("Show in the Directory"), () => window.open(address));
}

// What is out is fixed, as the server has it; who only reads needs no words on how to write one.
const WRITTEN = ["title", "team", "starts_on", "to_front_line", "purpose", "text", "text_ar"];

function fix_text(frm, writes) {
	for (const field of WRITTEN) frm.set_df_property(field, "read_only", frm.doc.sent_on || !writes ? 1 : 0);
	frm.toggle_display("to_front_line", writes);
	if (!writes) frm.set_df_property("title", "description", "");
}

// Whoever reads it has the text in one language; who writes it, in both.
function show_own_language(frm, writes) {
	if (writes || !(frm.doc.text && frm.doc.text_ar)) return;
	const is_arabic = frappe.boot.lang.startsWith("ar");
	frm.toggle_display("text", !is_arabic);
	frm.toggle_display("text_ar", is_arabic);
}

// In the reader's language once it can no longer be written.
function show_title(frm) {
	if (frm.is_new() || !frm.doc.sent_on) return;
	const { titled } = core_helpdesk.reading;
	const title = titled(frappe.utils.unescape_html(frm.doc.title));
	frm.page.set_title(frappe.utils.escape_html(title));
	const shown = (value) => `<bdi>${frappe.utils.escape_html(titled(frappe.utils.unescape_html(value || "")))}</bdi>`;
	frm.set_df_property("title", "formatter", shown);
}

// --- The reader's own acknowledgement

function show_own(frm) {
	const own = (frm.doc.readers || []).find((row) => row.user === frappe.session.user);
	const asked = takes_acknowledgement();
	frm.set_intro("");
	if (!own || !frm.doc.sent_on || frm.doc.withdrawn_on) return;
	if (own.acknowledged_on) {
		const moment = core_helpdesk.reading.moment(own.acknowledged_on);
		frm.set_intro(__("You acknowledged this change on {0}.", [moment]), "green");
		return;
	}
	frm.set_intro(__("Please read what changes, and acknowledge it."), "orange");
	frm.page.set_primary_action(__("Acknowledge"), () => acknowledge(frm));
	// The button is wider than a phone leaves room for.
	if (frappe.is_mobile()) frm.page.$title_area.closest(".page-title").css({ flex: "0 1 44%", maxWidth: "44%" });
	if (asked) acknowledge(frm);
}

// The mail links here to acknowledge: asked for once, and gone from the address then, so that neither a reload nor the
// next list takes it up.
function takes_acknowledgement() {
	if (!new URLSearchParams(window.location.search).has("acknowledge")) return false;
	window.history.replaceState(window.history.state, "", window.location.pathname + window.location.hash);
	if (frappe.route_options) delete frappe.route_options.acknowledge;
	return true;
}

async function acknowledge(frm) {
	await frm.call("acknowledge");
	frappe.show_alert({ message: __("Thank you. It is recorded that you know of this change."), indicator: "green" });
	frm.reload_doc();
}

// --- Who knows of it

function show_readers(frm, writes) {
	const rows = frm.doc.readers || [];
	if (frm.doc.withdrawn_on) frm.dashboard.add_indicator(__("Taken Back"), "red");
	// Front-line staff need no list of all their colleagues.
	const own = rows.find((row) => row.user === frappe.session.user);
	const answers_for_it = writes || !own || own.capacity !== "Front-line Staff";
	frm.toggle_display("s_readers", answers_for_it);
	if (!answers_for_it || !frm.doc.sent_on || !rows.length) return;
	const known = rows.filter((row) => row.acknowledged_on).length;
	const colour = known === rows.length ? "green" : "orange";
	frm.dashboard.add_indicator(__("Acknowledged by {0} of {1}", [known, rows.length]), colour);
}

function send(frm) {
	frappe.confirm(__("Send this notice to every department head now?"), async () => {
		if (frm.is_dirty()) await frm.save();
		await frm.call("send");
		frm.reload_doc();
	});
}
