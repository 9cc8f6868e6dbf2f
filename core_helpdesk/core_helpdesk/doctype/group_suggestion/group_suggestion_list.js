frappe.listview_settings["Group Suggestion"] = {
	add_fields: ["state"],

	get_indicator(doc) {
		const colours = { Open: "orange", Answered: "blue", Closed: "green" };
		return [__(doc.state), colours[doc.state] || "gray", `state,=,${doc.state}`];
	},
};
