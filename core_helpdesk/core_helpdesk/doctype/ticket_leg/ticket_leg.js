const LEG_TIMES = () => ({
	held_seconds: __("Held for"),
	counted_seconds: __("Counted"),
	paused_seconds: __("Paused for"),
});

frappe.ui.form.on("Ticket Leg", {
	onload: (frm) => core_helpdesk.reading.dress(frm),

	refresh(frm) {
		frm.disable_save();
		frm.toggle_display(["title", "reference_doctype"], false);
		for (const [field, label] of Object.entries(LEG_TIMES())) {
			frm.set_df_property(field, "label", label);
			frm.set_df_property(field, "formatter", (value) => core_helpdesk.timeline.duration(value));
		}
	},
});
