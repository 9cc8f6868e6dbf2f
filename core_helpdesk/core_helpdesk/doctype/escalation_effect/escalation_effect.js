// What an effect follows from is named in plain fields: links would open the records to whoever reads this one.
frappe.ui.form.on("Escalation Effect", {
	onload(frm) {
		core_helpdesk.reading.dress(frm);
		const { form_link } = core_helpdesk.reading;
		frm.set_df_property("ticket_escalation", "formatter", form_link("Ticket Escalation"));
		frm.set_df_property("ticket_clock", "formatter", form_link("Ticket Clock"));
	},
});
