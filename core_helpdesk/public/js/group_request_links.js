// The way to a Data Correction from where somebody sees that one is needed: a ticket or an escalation.
for (const doctype of ["HD Ticket", "Ticket Escalation"]) {
	frappe.ui.form.on(doctype, {
		refresh(frm) {
			if (frm.is_new() || !frappe.model.can_create("Group Request")) return;
			frm.page.add_menu_item(__("Report Wrong Data"), () => report_wrong(frm));
		},
	});
}

// One click and one sentence: the QA Specialist has it at once.
function report_wrong(frm) {
	const is_escalation = frm.doctype === "Ticket Escalation";
	const options = ["Wrong Data", "Wrong Escalation"].map((value) => ({ value, label: __(value) }));
	const dialog = new frappe.ui.Dialog({
		title: __("Report Wrong Data"),
		fields: [
			{
				fieldname: "wrong",
				fieldtype: "Select",
				label: __("What Is Wrong"),
				options,
				default: is_escalation ? "Wrong Escalation" : "Wrong Data",
				reqd: 1,
			},
			{ fieldname: "correction", fieldtype: "Small Text", label: __("What Is Right"), reqd: 1 },
		],
		primary_action_label: __("Report", null, "Group Request"),
		primary_action: async (values) => {
			dialog.disable_primary_action();
			try {
				const given = { doctype: frm.doctype, name: String(frm.doc.name), ...values };
				const name = await frappe.xcall("core_helpdesk.request_api.report_wrong", given);
				dialog.hide();
				const link = `<a style="white-space: nowrap" href="/app/group-request/${encodeURIComponent(name)}">${frappe.utils.escape_html(name)}</a>`;
				frappe.show_alert({ message: __("The QA Specialist has your report: {0}", [link]), indicator: "green" }, 10);
			} finally {
				dialog.enable_primary_action();
			}
		},
	});
	dialog.show();
}
