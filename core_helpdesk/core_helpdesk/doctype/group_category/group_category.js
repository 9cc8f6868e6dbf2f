frappe.ui.form.on("Group Category", {
	onload: (frm) => core_helpdesk.reading.begin_title(frm),

	refresh(frm) {
		frm.set_df_property("workflow_state", "formatter", (value) => __(value || "", null, "Workflow State"));
		if (frm.is_new() || !frappe.user.has_role("QA Specialist")) return;
		if (["Draft", "Retired"].includes(frm.doc.workflow_state)) {
			frm.add_custom_button(__("Activate"), () => frm.call("activate").then(() => frm.reload_doc()));
		}
		if (frm.doc.workflow_state === "Active") {
			frm.add_custom_button(__("Retire"), () => confirm_retirement(frm));
			frm.set_intro(__("Groups of every country in this category follow this standard."), "blue");
		}
	},
});

function confirm_retirement(frm) {
	const question = __("Retire the category {0}? No group can be given it any more.", [frm.doc.name.bold()]);
	frappe.confirm(question, () => frm.call("retire").then(() => frm.reload_doc()));
}
