// What a department suggests on a group: the QA Specialist answers it, then closes it.
frappe.ui.form.on("Group Suggestion", {
	refresh(frm) {
		if (frm.is_new() || !frappe.user.has_role("QA Specialist") || frm.doc.state === "Closed") return;
		frm.add_custom_button(__("Answer"), () => reply(frm));
		if (frm.doc.state === "Answered") frm.add_custom_button(__("Close"), () => close(frm));
	},
});

function reply(frm) {
	const field = { fieldname: "answer", fieldtype: "Small Text", label: __("Answer"), reqd: 1 };
	frappe.prompt(
		[field],
		async ({ answer }) => {
			await frm.call("reply", { answer });
			frm.reload_doc();
		},
		__("Answer"),
		__("Send")
	);
}

async function close(frm) {
	await frm.call("close");
	frm.reload_doc();
}
