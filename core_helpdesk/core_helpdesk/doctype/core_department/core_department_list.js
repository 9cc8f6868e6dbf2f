frappe.listview_settings["Core Department"] = {
	add_fields: ["disabled"],
	hide_name_column: true,

	refresh: (list) => core_helpdesk.reading.fit(list),

	get_indicator(doc) {
		if (doc.disabled) return [__("Disabled", null, "Core Department"), "gray", "disabled,=,1"];
		return [__("Enabled", null, "Core Department"), "green", "disabled,=,0"];
	},
};
