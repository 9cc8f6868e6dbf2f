frappe.ui.form.on("Governed Record", {
	onload: (frm) => frm.disable_save(),
});
