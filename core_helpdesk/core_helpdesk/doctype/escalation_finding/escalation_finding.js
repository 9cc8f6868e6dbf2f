frappe.ui.form.on("Escalation Finding", {
	onload(frm) {
		core_helpdesk.reading.dress(frm);
		const hosts = { "HD Team": __("Group", null, "Core Helpdesk"), "HD Ticket": __("Ticket") };
		frm.set_df_property("reference_doctype", "formatter", (doctype) => hosts[doctype] || __(doctype || ""));
	},

	refresh(frm) {
		if (frm.doc.remedy && frm.doc.state === "Open") frm.set_intro(__(frm.doc.remedy), "orange");
		if (!frm.doc.reference_doctype || !frm.doc.reference_name) return;
		frm.add_custom_button(__("Open Document"), () =>
			frappe.set_route("Form", frm.doc.reference_doctype, frm.doc.reference_name)
		);
	},
});
