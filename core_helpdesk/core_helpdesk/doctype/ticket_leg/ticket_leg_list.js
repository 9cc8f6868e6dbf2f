frappe.listview_settings["Ticket Leg"] = {
	add_fields: ["entered_at", "left_at", "held_seconds", "levels_reached", "team", "reference_name"],
	hide_name_column: true,

	onload(list) {
		core_helpdesk.reading.arrange(list, ["team", "entered_at", "left_at", "held_seconds", "levels_reached"]);
		core_helpdesk.reading.say_when_empty(list, __("No group has held a ticket here."));
	},

	refresh: (list) => core_helpdesk.reading.name_tickets(list),

	formatters: {
		team: (...cell) => core_helpdesk.reading.column((team) => team)(...cell),
		entered_at: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
		left_at: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
		held_seconds: (...cell) => core_helpdesk.reading.column(core_helpdesk.timeline.duration)(...cell),
	},
};
