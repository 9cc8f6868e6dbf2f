// Brings the Standard of headquarters to a country, for this department: drafts for whoever is in charge there (QA-06).
frappe.ui.form.on("Core Department", {
	refresh(frm) {
		if (frm.is_new() || !frappe.user.has_role("QA Specialist")) return;
		frm.add_custom_button(__("Copy the Standard"), () => copy_standard(frm));
	},
});

function copy_standard(frm) {
	// The Standard is that of headquarters' own country.
	const get_query = () => ({ filters: { name: ["!=", "Saudi Arabia"] } });
	const field = { fieldname: "country", fieldtype: "Link", options: "Country", label: __("Country"), reqd: 1, get_query };
	const copy = async ({ country }) => {
		const asked = { country, department: frm.doc.name };
		const { drafts, coming } = await frappe.xcall("core_helpdesk.governance_api.copy_standard", asked);
		if (drafts.length) frappe.set_route("List", "Group Request", { name: ["in", drafts] });
		else if (!coming) frappe.show_alert({ message: __("This country has the Standard already."), indicator: "green" });
	};
	frappe.prompt([field], copy, __("Copy the Standard"), __("Make the Drafts"));
}
