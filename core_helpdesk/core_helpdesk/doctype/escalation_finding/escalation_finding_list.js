frappe.listview_settings["Escalation Finding"] = {
	add_fields: ["kind", "state", "times", "details", "last_seen"],
	hide_name_column: true,

	onload(list) {
		core_helpdesk.reading.arrange(list, ["details", "last_seen", "times"]);
		core_helpdesk.reading.say_when_empty(list, __("Nothing to put right here."));
	},

	refresh: (list) => core_helpdesk.reading.fit(list),

	get_indicator(doc) {
		const label = __(doc.state, null, "Escalation Finding");
		return [label, doc.state === "Open" ? "orange" : "green", `state,=,${doc.state}`];
	},

	formatters: {
		kind: (kind) => __(kind, null, "Escalation Finding"),
		details: (details) => core_helpdesk.reading.cell(frappe.utils.escape_html(details || "")),
		last_seen: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
	},
};
