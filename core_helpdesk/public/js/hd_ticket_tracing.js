// The way from a ticket in the Desk to its tracing case, or to one opened by hand.
frappe.ui.form.on("HD Ticket", {
	async refresh(frm) {
		if (frm.is_new() || !frappe.model.can_read("Tracing Case")) return;
		const { name } = frm.doc;
		const found = await frappe.xcall("core_helpdesk.tracing_work_api.of_ticket", { ticket: name });
		if (frm.doc.name !== name) return;
		if (found.name) frm.add_custom_button(__("Tracing Case"), () => frappe.set_route("Form", "Tracing Case", found.name));
		else if (found.may_open) frm.add_custom_button(__("Open Tracing Case"), () => open_tracing_case(frm));
	},
});

function open_tracing_case(frm) {
	frappe.confirm(__("Open a tracing case for this ticket?"), async () => {
		const name = await frappe.xcall("core_helpdesk.tracing_api.open_by_hand", { ticket: String(frm.doc.name) });
		frappe.set_route("Form", "Tracing Case", name);
	});
}
