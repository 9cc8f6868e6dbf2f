frappe.listview_settings["Escalation Effect"] = {
	add_fields: ["state"],
	hide_name_column: true,

	get_indicator(doc) {
		const colours = { Pending: "orange", Done: "green", Skipped: "gray", Failed: "red" };
		return [__(doc.state, null, "Escalation Effect"), colours[doc.state], `state,=,${doc.state}`];
	},
};
