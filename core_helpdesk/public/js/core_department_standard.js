// Brings the Standard of headquarters to a country, for this department: drafts for whoever is in charge there (QA-06).
frappe.ui.form.on("Core Department", {
	refresh(frm) {
		if (frm.is_new() || !frappe.user.has_role("QA Specialist")) return;
		frm.add_custom_button(__("Copy the Standard"), () => copy_standard(frm));
	},
});

function copy_standard(frm) {
	const field = { fieldname: "country", fieldtype: "Link", options: "Country", label: __("Country"), reqd: 1 };
	const copy = async ({ country }) => {
		const asked = { country, department: frm.doc.name };
		const drafts = await frappe.xcall("core_helpdesk.governance_api.copy_standard", asked);
		if (drafts.length) frappe.set_route("List", "Group Request", { name: ["in", drafts] });
		else frappe.show_alert({ message: __("This country has the Standard already."), indicator: "green" });
	};
	frappe.prompt([field], copy, __("Copy the Standard"), __("Make the Drafts"));
}
