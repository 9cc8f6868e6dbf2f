frappe.listview_settings["Escalation Policy"] = {
	add_fields: ["workflow_state", "starts_on", "is_default"],
	has_indicator_for_draft: true,

	get_indicator(doc) {
		const filter = `workflow_state,=,${doc.workflow_state}`;
		const starts_later = doc.starts_on && doc.starts_on > frappe.datetime.now_datetime();
		if (doc.workflow_state === "Active" && starts_later) return [__("Active Later"), "blue", filter];
		const colours = { Draft: "gray", Discussed: "orange", Active: "green", Superseded: "gray" };
		return [__(doc.workflow_state), colours[doc.workflow_state] || "gray", filter];
	},
};
