// What somebody suggests on a group: the QA Specialist answers it, then closes it.
frappe.ui.form.on("Group Suggestion", {
	onload(frm) {
		core_helpdesk.reading.dress(frm);
	},

	before_load: (frm) => core_helpdesk.reading.know_people(frm),

	refresh(frm) {
		// Known once it is saved.
		frm.toggle_display(["state", "suggested_by", "department", "country"], !frm.is_new());
		if (frm.is_new()) {
			frm.set_intro(__("Your suggestion goes to the QA Specialist, who answers it; you are told."), "blue");
			return;
		}
		frm.disable_save();
		const team = encodeURIComponent(frm.doc.team);
		frm.add_custom_button(__("Show in the Directory"), () => window.open(`/group-directory?group=${team}`));
		if (frappe.user.has_role("QA Specialist")) add_steps(frm);
	},
});

function add_steps(frm) {
	if (frm.doc.state === "Open") frm.page.set_primary_action(__("Answer"), () => reply(frm));
	if (frm.doc.state !== "Answered") return;
	frm.page.set_primary_action(__("Close"), () => close(frm));
	frm.add_custom_button(__("Change the Answer"), () => reply(frm));
}

function reply(frm) {
	const field = {
		fieldname: "answer",
		fieldtype: "Text",
		label: __("Answer"),
		default: frappe.utils.unescape_html(frm.doc.answer || ""),
		reqd: 1,
	};
	// What is refused stays in the dialog, to be mended.
	const dialog = new frappe.ui.Dialog({
		title: __("Answer"),
		fields: [field],
		primary_action_label: __("Send"),
		primary_action: async ({ answer }) => {
			const is_sent = await frm.call("reply", { answer }).then(() => true, () => false);
			if (!is_sent) return;
			dialog.hide();
			frm.reload_doc();
		},
	});
	dialog.show();
}

async function close(frm) {
	await frm.call("close");
	frm.reload_doc();
}
