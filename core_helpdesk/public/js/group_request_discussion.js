// What the QA Specialist does with a request beside its workflow: recording the discussion, and undoing within a day.
frappe.ui.form.on("Group Request", {
	refresh(frm) {
		if (frm.is_new() || !frappe.user.has_role("QA Specialist")) return;
		const is_timed = ["New Group", "Change Escalation"].includes(frm.doc.kind);
		const is_open = ["QA Review", "Customer Service Manager Approval", "Approved"].includes(frm.doc.workflow_state);
		if (is_timed && is_open) frm.add_custom_button(__("Add Department Heads"), () => add_heads(frm));
		if (frm.doc.implemented_on && !frm.doc.undone_on) frm.add_custom_button(__("Undo"), () => undo(frm));
	},
});

async function add_heads(frm) {
	if (frm.is_dirty()) await frm.save();
	const method = "core_helpdesk.governance_api.add_discussion_heads";
	const rows = await frappe.xcall(method, { name: frm.doc.name });
	if (!rows) frappe.show_alert({ message: __("Every head concerned is listed already."), indicator: "blue" });
	frm.reload_doc();
}

async function undo(frm) {
	const asked = { name: frm.doc.name };
	const reasons = await frappe.xcall("core_helpdesk.governance_api.reasons_against_undoing", asked);
	if (reasons.length) {
		const rows = reasons.map((reason) => `<li>${frappe.utils.escape_html(reason)}</li>`).join("");
		const message = __("{0} cannot be undone: {1}", [frm.doc.name, `<ul>${rows}</ul>`]);
		frappe.msgprint({ message, title: __("Not Undone"), indicator: "orange" });
		return;
	}
	frappe.confirm(__("Put everything back as it was before this request was implemented?"), async () => {
		await frappe.xcall("core_helpdesk.governance_api.undo_request", asked);
		frm.reload_doc();
	});
}
