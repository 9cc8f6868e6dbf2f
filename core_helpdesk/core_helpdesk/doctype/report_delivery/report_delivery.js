// A report on its way to one person: what they got, that they have read it, and sending it again when it failed.
const SENDING_API = "core_helpdesk.report_sending_api.";

frappe.ui.form.on("Report Delivery", {
	onload(frm) {
		core_helpdesk.reading.know_people(frm);
		core_helpdesk.reading.dress(frm);
		frm.set_df_property("period_key", "formatter", (key) => `<bdi>${core_helpdesk.sent_report.period(key)}</bdi>`);
		frm.set_df_property("capacity", "formatter", (capacity) => __(capacity || ""));
		frm.set_df_property("reference_doctype", "formatter", core_helpdesk.reading.kind_of_document);
	},

	async refresh(frm) {
		const name = frm.doc.name;
		frm.disable_save();
		show_state(frm);
		place_content(frm);
		const view = await frappe.xcall(`${SENDING_API}shown`, { delivery: name });
		if (frm.doc.name !== name) return;
		const place = frm.get_field("content_html").$wrapper.html(core_helpdesk.sent_report.content_html(view, frm.doc));
		core_helpdesk.reading.hint_wide(place);
		show_acts(frm, view);
	},
});

// Of what has not left nobody says that it was sent.
const LEFT = ["Sent", "Acknowledged"];

// A weekly report is not just read.
function show_state(frm) {
	core_helpdesk.sent_report.set_title(frm);
	const [label, colour] = core_helpdesk.sent_report.indicator("Report Delivery")(frm.doc);
	frm.page.set_indicator(label, colour);
	frm.set_df_property("state", "formatter", () => `<bdi>${frappe.utils.escape_html(label)}</bdi>`);
	const reviewed = core_helpdesk.sent_report.is_reviewed(frm.doc);
	const head = reviewed ? __("Review", null, "Report Delivery") : __("Reading", null, "Report Delivery");
	$(frm.get_field("s_read").wrapper).find(".section-head").text(head);
	const content = LEFT.includes(frm.doc.state) ? __("What Was Sent") : __("The Report", null, "Report Delivery");
	$(frm.get_field("s_content").wrapper).find(".section-head").text(content);
	frm.set_df_property("acknowledged_on", "label", reviewed ? __("Reviewed On") : __("Read On"));
}

// A phone shows what was sent first, and the rest folded away behind it, unless that says why it was not.
function place_content(frm) {
	const [content, delivery, after] = ["s_content", "s_delivery", "s_document"].map((name) => $(frm.get_field(name).wrapper));
	(frappe.is_mobile() && !frm.doc.why_not ? delivery : after).before(content);
}

function show_acts(frm, view) {
	frm.clear_custom_buttons();
	frm.set_intro("");
	if (frm.doc.reference_name) {
		const { reference_doctype, reference_name } = frm.doc;
		frm.add_custom_button(__("Open Document"), () => frappe.set_route("Form", reference_doctype, reference_name));
	}
	// A phone folds away the buttons at the head.
	const asks_again = view.may_send_again && frappe.is_mobile();
	if (view.may_send_again && !asks_again) frm.add_custom_button(__("Send Again"), () => send_again(frm));
	const acts = asks_again ? [{ label: __("Send Again"), run: () => send_again(frm) }] : [];
	const label = view.is_review ? __("Record My Review") : __("I Have Read This");
	if (view.may_acknowledge) acts.push({ label, run: () => acknowledge(frm, view) });
	const text = asks_again ? __("This was not delivered. Correct the cause, then:") : __("This report waits for you:");
	if (acts.length) core_helpdesk.reading.ask(frm, text, acts);
}

function acknowledge(frm, { is_review }) {
	if (!is_review) return record(frm, "");
	const field = { fieldname: "note", fieldtype: "Small Text", label: __("Note", null, "Report Delivery") };
	return frappe.prompt(field, ({ note }) => record(frm, note || ""), __("My Review"), __("Record", null, "Report Delivery"));
}

async function record(frm, note) {
	await frappe.xcall(`${SENDING_API}acknowledge`, { delivery: frm.doc.name, note });
	frm.reload_doc();
}

async function send_again(frm) {
	await frappe.xcall(`${SENDING_API}send_again`, { delivery: frm.doc.name });
	frappe.show_alert({ message: __("It goes out within five minutes."), indicator: "green" });
	frm.reload_doc();
}
