frappe.listview_settings["Escalation Policy"] = {
	add_fields: ["workflow_state", "starts_on", "is_default", "version"],
	has_indicator_for_draft: true,

	refresh: (list) => core_helpdesk.reading.fit(list),

	get_indicator(doc) {
		const filter = `workflow_state,=,${doc.workflow_state}`;
		const starts_later = doc.starts_on && doc.starts_on > frappe.datetime.now_datetime();
		if (doc.workflow_state === "Active" && starts_later) return [__("Active Later"), "blue", filter];
		const colours = { Draft: "gray", Discussed: "orange", Active: "green", Superseded: "gray" };
		const label = __(doc.workflow_state, null, "Workflow State");
		return [label, colours[doc.workflow_state] || "gray", filter];
	},

	formatters: {
		starts_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
	},
};
