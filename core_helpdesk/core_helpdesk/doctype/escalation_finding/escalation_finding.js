frappe.ui.form.on("Escalation Finding", {
	onload(frm) {
		core_helpdesk.reading.dress(frm);
		frm.set_df_property("reference_doctype", "formatter", core_helpdesk.reading.kind_of_document);
		// Written in the site's language by a job, and known in the reader's.
		frm.set_df_property("remedy", "formatter", (text) => core_helpdesk.reading.as_written(__(text || "")));
	},

	refresh(frm) {
		if (frm.doc.remedy && frm.doc.state === "Open") frm.set_intro(__(frm.doc.remedy), "orange");
		if (!frm.doc.reference_doctype || !frm.doc.reference_name) return;
		frm.add_custom_button(__("Open Document"), () =>
			frappe.set_route("Form", frm.doc.reference_doctype, frm.doc.reference_name)
		);
	},
});
