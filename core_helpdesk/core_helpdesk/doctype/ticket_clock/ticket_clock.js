frappe.ui.form.on("Ticket Clock", {
	onload: (frm) => core_helpdesk.reading.dress(frm),

	async refresh(frm) {
		frm.disable_save();
		frm.toggle_display(["title", "reference_doctype"], false);
		if (frm.doc.stuck_reason) frm.set_intro(frm.doc.stuck_reason, "red");
		frm.add_custom_button(__("Escalations"), () =>
			frappe.set_route("List", "Ticket Escalation", { reference_name: frm.doc.reference_name })
		);
		if (!frm.doc.due_epoch) return;
		const lines = await frappe.xcall("core_helpdesk.api.explain", { clock: frm.doc.name });
		const html = core_helpdesk.timeline.STYLE + core_helpdesk.timeline.explanation(lines);
		frm.dashboard.add_section(`<div class="ch-timeline">${html}</div>`, __("Why this deadline?"));
		frm.dashboard.show();
	},
});
