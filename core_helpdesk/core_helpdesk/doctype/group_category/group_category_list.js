frappe.listview_settings["Group Category"] = {
	add_fields: ["workflow_state"],
	has_indicator_for_draft: true,
	hide_name_column: true,

	refresh: (list) => core_helpdesk.reading.fit(list),

	get_indicator(doc) {
		const colours = { Draft: "gray", Active: "green", Retired: "red" };
		const label = __(doc.workflow_state, null, "Workflow State");
		return [label, colours[doc.workflow_state] || "gray", `workflow_state,=,${doc.workflow_state}`];
	},
};
