frappe.listview_settings["Ticket Clock"] = {
	add_fields: ["due_epoch", "due_at", "level", "state", "reference_name", "team", "country"],
	hide_name_column: true,

	onload(list) {
		core_helpdesk.reading.arrange(list, ["due_at", "team", "country"]);
		core_helpdesk.reading.say_when_empty(list, __("No ticket has a clock here."));
	},

	refresh: (list) => core_helpdesk.reading.name_tickets(list),

	get_indicator(doc) {
		const counts = ["Running", "Escalated"].includes(doc.state) && doc.due_epoch;
		if (!counts) {
			const colours = { Paused: "gray", Stopped: "green", Finished: "green", "Last Level Reached": "red" };
			return [__(doc.state, null, "Ticket Clock"), colours[doc.state] || "gray", `state,=,${doc.state}`];
		}
		const left = doc.due_epoch - Date.now() / 1000;
		const duration = core_helpdesk.timeline.duration(left, true);
		const filter = `state,=,${doc.state}`;
		if (left < 0) return [__("Overdue by {0}", [duration]), "red", filter];
		return [__("{0} left", [duration]), left < 4 * 3600 ? "orange" : "blue", filter];
	},

	formatters: {
		due_at: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
		team: (...cell) => core_helpdesk.reading.column((team) => team)(...cell),
		country: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.country)(...cell),
	},
};
