frappe.listview_settings["Group Suggestion"] = {
	add_fields: ["state"],
	hide_name_column: true,

	get_indicator(doc) {
		const colours = { Open: "orange", Answered: "blue", Closed: "green" };
		return [__(doc.state, null, "Group Suggestion"), colours[doc.state] || "gray", `state,=,${doc.state}`];
	},

	onload(list) {
		core_helpdesk.reading.say_when_empty(list, __("No suggestion here."));
		list.page.add_inner_button(__("Open Suggestions"), async () => {
			await list.filter_area.clear();
			return list.filter_area.add([["Group Suggestion", "state", "=", "Open"]]);
		});
	},

	refresh: (list) => core_helpdesk.reading.fit(list),

	formatters: {
		suggestion: (text) => core_helpdesk.reading.cell(core_helpdesk.reading.as_written(text)),
		suggested_by: (...cell) => {
			const name = (user) => frappe.utils.get_link_title("User", user) || core_helpdesk.reading.person(user);
			return core_helpdesk.reading.column(name)(...cell);
		},
		department: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.department)(...cell),
	},
};
