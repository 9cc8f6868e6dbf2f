frappe.listview_settings["Escalation Finding"] = {
	add_fields: ["state", "times"],
	hide_name_column: true,

	get_indicator(doc) {
		return [__(doc.state), doc.state === "Open" ? "orange" : "green", `state,=,${doc.state}`];
	},
};
