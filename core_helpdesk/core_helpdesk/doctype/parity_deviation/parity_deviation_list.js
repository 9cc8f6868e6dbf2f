frappe.listview_settings["Parity Deviation"] = {
	add_fields: ["state", "ends_on", "reason", "department", "country"],
	hide_name_column: true,

	onload(list) {
		core_helpdesk.reading.arrange(list, ["ends_on", "reason", "country", "department"]);
		core_helpdesk.reading.say_when_empty(list, __("No approved deviation from the Standard here."));
	},

	refresh: (list) => core_helpdesk.reading.fit(list),

	get_indicator(doc) {
		const colours = { "In Force": "green", Lapsed: "red", Ended: "gray" };
		return [__(doc.state, null, "Parity Deviation"), colours[doc.state] || "gray", `state,=,${doc.state}`];
	},

	formatters: {
		reason: (text) => core_helpdesk.reading.cell(core_helpdesk.reading.as_written(text)),
		ends_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.day)(...cell),
		department: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.department)(...cell),
		country: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.country)(...cell),
	},
};
