frappe.ui.form.on("Parity Deviation", {
	onload: (frm) => frm.disable_save(),
});
