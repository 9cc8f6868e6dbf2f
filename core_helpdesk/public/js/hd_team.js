// What governs a group, on the host's own form: guidance beside the fields, and who answers for it.
frappe.ui.form.on("HD Team", {
	onload: (frm) => core_helpdesk.reading.edit_as_written(frm, ["ch_purpose", "ch_process"]),

	refresh(frm) {
		core_helpdesk.timeline.translate_moments(frm);
		for (const field of ["ch_governed_from", "ch_opens_on"])
			frm.set_df_property(field, "formatter", (value) => (value ? core_helpdesk.reading.moment(value) : ""));
		const has_retired = frm.doc.ch_stage === "Retired";
		frm.set_df_property("ch_retired_on", "label", has_retired ? __("Retired on") : __("Retires On"));
		frm.set_df_property("ch_stage", "formatter", (value) => __(value || "", null, "HD Team"));
		if (!frm.is_new() && !["Agent", "System Manager"].some((role) => frappe.user.has_role(role))) {
			const link = `<a href="/app/core-groups" style="text-decoration: underline">${__("Groups at Once")}</a>`;
			const text = __("What governs groups is set for all of them in {0}.", [link]);
			if (frappe.user.has_role("QA Specialist")) frm.set_intro(text, "blue");
			return;
		}
		frm.set_query("ch_category", () => ({ filters: { workflow_state: "Active" } }));
		frm.set_query("ch_department", () => ({ filters: { disabled: 0 } }));
		frm.set_query("ch_calendar", () =>
			frm.doc.ch_country ? { filters: { country: ["in", [frm.doc.ch_country, ""]] } } : {}
		);
		// The server refuses it to others.
		frm.set_df_property("ch_governed_from", "read_only", frappe.user.has_role("QA Specialist") ? 0 : 1);
		if (frm.is_new()) return;
		if (frm.doc.ch_hidden) {
			const text = __("Hidden group: only escalated tickets come here, nobody can assign a ticket to it. Its members are the agents of Ticketing System Management.");
			frm.set_intro(text, "red");
			return;
		}
		say_what_is_missing(frm);
		frm.add_custom_button(
			__("Ticket Clocks"),
			() => frappe.set_route("List", "Ticket Clock", { team: frm.doc.name }),
			__("Core Helpdesk")
		);
		frm.add_custom_button(
			__("Escalations"),
			() => frappe.set_route("List", "Ticket Escalation", { team: frm.doc.name }),
			__("Core Helpdesk")
		);
	},
});

function say_what_is_missing(frm) {
	const missing = ["ch_category", "ch_department", "ch_country"]
		.filter((field) => frm.fields_dict[field] && !frm.doc[field])
		.map((field) => __(frm.fields_dict[field].df.label, null, "HD Team"));
	if (!missing.length) return;
	const text = __("Not set for this group: {0}. The defaults of Core Helpdesk Settings count instead.", [core_helpdesk.reading.list(missing)]);
	frm.set_intro(text, "orange");
}
