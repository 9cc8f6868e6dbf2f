// Corrective actions, those that are due first.
frappe.listview_settings["Corrective Action"] = {
	add_fields: ["state", "due_on", "responsible"],
	hide_name_column: true,

	onload(list) {
		core_helpdesk.reading.arrange(list, ["responsible", "due_on"]);
		core_helpdesk.reading.say_when_empty(list, __("No corrective action was decided on."));
	},

	refresh(list) {
		core_helpdesk.reading.fit(list);
		name_people(list);
	},

	get_indicator({ state, due_on }) {
		const is_overdue = state === "Open" && due_on && due_on < frappe.datetime.get_today();
		if (is_overdue) return [__("Overdue", null, "Corrective Action"), "red", `state,=,${state}`];
		const colour = { Open: "orange", Done: "green", Dropped: "gray" }[state];
		return [__(state, null, "Corrective Action"), colour, `state,=,${state}`];
	},

	formatters: {
		responsible: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.person)(...cell),
	},
};

// Anybody may be responsible: the Desk does not know the names of all.
async function name_people(list) {
	if (!list.data.length) return;
	const people = await frappe.xcall("core_helpdesk.monthly_api.responsible");
	list.$result.find('[data-filter^="responsible,="]').each((_index, cell) => {
		const user = cell.dataset.filter.split(",").slice(2).join(",");
		if (people[user]) $(cell).text(people[user]);
	});
}
