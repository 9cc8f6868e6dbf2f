// A notice as its readers meet it: one click says that they know of the change, also from the link in the mail.
frappe.ui.form.on("Change Notice", {
	refresh(frm) {
		if (frm.is_new()) return;
		const own = (frm.doc.readers || []).find((row) => row.user === frappe.session.user);
		const waits = own && !own.acknowledged_on && frm.doc.sent_on;
		show_readers(frm);
		if (waits) frm.page.set_primary_action(__("Acknowledge"), () => acknowledge(frm));
		if (waits && new URLSearchParams(window.location.search).get("acknowledge")) acknowledge(frm);
		if (!frm.doc.sent_on && !frm.doc.request && frappe.user.has_role("QA Specialist")) {
			frm.add_custom_button(__("Send"), () => send(frm));
		}
	},
});

async function acknowledge(frm) {
	window.history.replaceState(null, "", window.location.pathname);
	await frm.call("acknowledge");
	frappe.show_alert({ message: __("Thank you. It is recorded that you know of this change."), indicator: "green" });
	frm.reload_doc();
}

function send(frm) {
	frappe.confirm(__("Send this notice to every department head now?"), async () => {
		if (frm.is_dirty()) await frm.save();
		await frm.call("send");
		frm.reload_doc();
	});
}

function show_readers(frm) {
	const rows = frm.doc.readers || [];
	if (!frm.doc.sent_on || !rows.length) return;
	const known = rows.filter((row) => row.acknowledged_on).length;
	const colour = known === rows.length ? "green" : "orange";
	frm.dashboard.add_indicator(__("Acknowledged by {0} of {1}", [known, rows.length]), colour);
	if (frm.doc.withdrawn_on) frm.dashboard.add_indicator(__("Taken Back"), "red");
}
