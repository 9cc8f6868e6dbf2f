frappe.listview_settings["Escalation Effect"] = {
	add_fields: ["state", "kind", "recipient", "done_on"],
	hide_name_column: true,

	onload(list) {
		core_helpdesk.reading.arrange(list, ["kind", "recipient", "done_on"]);
		core_helpdesk.reading.say_when_empty(list, __("Nothing was to be done here."));
	},

	refresh: (list) => core_helpdesk.reading.fit(list),

	get_indicator(doc) {
		const colours = { Pending: "orange", Done: "green", Skipped: "gray", Failed: "red" };
		return [__(doc.state, null, "Escalation Effect"), colours[doc.state], `state,=,${doc.state}`];
	},

	formatters: {
		kind: (...cell) => core_helpdesk.reading.column((kind) => __(kind, null, "Escalation Effect"))(...cell),
		recipient: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.person)(...cell),
		done_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
	},
};
