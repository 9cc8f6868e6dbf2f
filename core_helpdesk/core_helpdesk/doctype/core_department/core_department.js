frappe.ui.form.on("Core Department", {
	onload(frm) {
		core_helpdesk.reading.dress(frm);
		core_helpdesk.reading.leave_out_on_phones(frm, "heads", ["deputy", "absent_from", "absent_until"]);
	},

	refresh(frm) {
		frm.set_query("authorised_employee", "heads", () => ({ filters: { enabled: 1 } }));
		for (const field of ["head", "deputy"]) {
			frm.set_query(field, "heads", () => ({ filters: { enabled: 1, user_type: "System User" } }));
		}
		say_who_acts(frm);
	},
});

// A new row comes with the site's own country; one of the two says where the head answers.
frappe.ui.form.on("Department Head", {
	all_countries(frm, doctype, name) {
		if (locals[doctype][name].all_countries) frappe.model.set_value(doctype, name, "country", "");
	},
	country(frm, doctype, name) {
		if (locals[doctype][name].country) frappe.model.set_value(doctype, name, "all_countries", 0);
	},
});

function say_who_acts(frm) {
	if (frm.is_new()) {
		const guide = __("One row per country. A row marked All Countries answers wherever no row names the country.");
		return frm.set_intro(guide, "blue");
	}
	if (!(frm.doc.heads || []).length) {
		const gap = __("No head yet: copies of escalated tickets go to the Customer Service Manager.");
		return frm.set_intro(gap, "orange");
	}
	const today = frappe.datetime.get_today();
	const away = frm.doc.heads.filter(
		(row) => row.absent_from && row.absent_from <= today && (!row.absent_until || row.absent_until >= today)
	);
	for (const row of away) frm.set_intro(absence(row), "orange");
}

function absence(row) {
	const { country, isolated, person } = core_helpdesk.reading;
	const where = row.all_countries ? __("All Countries") : country(row.country);
	const named = (user) => isolated(frappe.utils.escape_html(person(user)));
	if (!row.deputy) return __("{0}: {1} is absent and has no deputy.", [where, named(row.head)]);
	return __("{0}: {1} acts for {2} at present.", [where, named(row.deputy), named(row.head)]);
}
