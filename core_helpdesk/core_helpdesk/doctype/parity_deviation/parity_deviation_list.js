frappe.listview_settings["Parity Deviation"] = {
	add_fields: ["state"],

	get_indicator(doc) {
		const colours = { "In Force": "green", Lapsed: "red", Ended: "gray" };
		return [__(doc.state), colours[doc.state] || "gray", `state,=,${doc.state}`];
	},
};
