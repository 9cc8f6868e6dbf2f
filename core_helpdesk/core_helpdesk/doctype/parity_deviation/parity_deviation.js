frappe.ui.form.on("Parity Deviation", {
	onload(frm) {
		core_helpdesk.reading.dress(frm);
		frm.set_df_property("request", "formatter", core_helpdesk.reading.form_link("Group Request"));
		frm.disable_save();
	},

	// It allows a time; the group is given it by a request of its own.
	refresh(frm) {
		if (frm.doc.state !== "In Force" || !frappe.model.can_create("Group Request")) return;
		const { team, hours: escalation_hours, clock_kind } = frm.doc;
		const asked = { kind: "Change Escalation", team, escalation_hours, clock_kind };
		frm.add_custom_button(__("Change Escalation"), () => frappe.new_doc("Group Request", asked), __("Group Request"));
	},
});
