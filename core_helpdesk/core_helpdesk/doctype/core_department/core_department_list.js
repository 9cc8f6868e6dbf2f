frappe.listview_settings["Core Department"] = {
	add_fields: ["disabled"],

	get_indicator(doc) {
		if (doc.disabled) return [__("Disabled"), "gray", "disabled,=,1"];
		return [__("Enabled"), "green", "disabled,=,0"];
	},
};
