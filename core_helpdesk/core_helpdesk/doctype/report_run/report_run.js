// One making of a report, and the way to those who were to get it.
frappe.ui.form.on("Report Run", {
	onload(frm) {
		core_helpdesk.reading.dress(frm);
		frm.set_df_property("period_key", "formatter", (key) => `<bdi>${core_helpdesk.sent_report.period(key)}</bdi>`);
	},

	refresh(frm) {
		frm.disable_save();
		core_helpdesk.sent_report.set_title(frm);
		const [label, colour] = core_helpdesk.sent_report.indicator("Report Run")(frm.doc);
		frm.page.set_indicator(label, colour);
		const { report, period_key } = frm.doc;
		frm.add_custom_button(__("Deliveries"), () => frappe.set_route("List", "Report Delivery", { report, period_key }));
	},
});
