frappe.listview_settings["Group Category"] = {
	add_fields: ["workflow_state"],
	has_indicator_for_draft: true,

	get_indicator(doc) {
		const colours = { Draft: "gray", Active: "green", Retired: "red" };
		return [__(doc.workflow_state), colours[doc.workflow_state] || "gray", `workflow_state,=,${doc.workflow_state}`];
	},
};
