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
		const view = await frappe.xcall(`${SENDING_API}shown`, { delivery: name });
		if (frm.doc.name !== name) return;
		frm.disable_save();
		frm.page.set_title(core_helpdesk.sent_report.title(frm.doc));
		const [label, colour] = core_helpdesk.sent_report.indicator("Report Delivery")(frm.doc);
		frm.page.set_indicator(label, colour);
		frm.get_field("content_html").$wrapper.html(core_helpdesk.sent_report.content_html(view));
		show_acts(frm, view);
	},
});

function show_acts(frm, view) {
	frm.clear_custom_buttons();
	if (frm.doc.reference_name) {
		const { reference_doctype, reference_name } = frm.doc;
		frm.add_custom_button(__("Open Document"), () => frappe.set_route("Form", reference_doctype, reference_name));
	}
	if (view.may_send_again) frm.add_custom_button(__("Send Again"), () => send_again(frm));
	if (!view.may_acknowledge) return;
	const label = view.is_review ? __("Record My Review") : __("I Have Read This");
	frm.add_custom_button(label, () => acknowledge(frm, view)).addClass("btn-primary");
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
