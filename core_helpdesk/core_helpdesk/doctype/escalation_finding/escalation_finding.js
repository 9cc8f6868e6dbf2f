frappe.ui.form.on("Escalation Finding", {
	refresh(frm) {
		if (frm.doc.remedy && frm.doc.state === "Open") frm.set_intro(__(frm.doc.remedy), "orange");
		if (!frm.doc.reference_doctype || !frm.doc.reference_name) return;
		frm.add_custom_button(__("Open Document"), () =>
			frappe.set_route("Form", frm.doc.reference_doctype, frm.doc.reference_name)
		);
	},
});
