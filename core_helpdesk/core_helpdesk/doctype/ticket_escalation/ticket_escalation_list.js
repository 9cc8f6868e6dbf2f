// The work of Ticketing System Management: what is open, the nearest end of its 24 hours first.
frappe.listview_settings["Ticket Escalation"] = {
	add_fields: ["status", "answer_due_epoch", "answer_due_at", "tsm_owner", "country", "team", "level", "target"],
	hide_name_column: true,
	filters: [["status", "in", ["Received", "Head Contacted"]]],

	onload(list) {
		core_helpdesk.reading.arrange(list, ["answer_due_at", "tsm_owner", "country", "team"]);
		core_helpdesk.reading.say_when_empty(list, __("Nothing has escalated here."));
	},

	refresh: (list) => core_helpdesk.reading.fit(list),

	get_indicator(doc) {
		const is_open = ["Received", "Head Contacted"].includes(doc.status);
		if (is_open && doc.answer_due_epoch) return time_left_pill(doc);
		const colours = { Received: "orange", "Head Contacted": "blue", Solved: "green", Failed: "red" };
		return [__(doc.status, null, "Ticket Escalation"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},

	formatters: {
		answer_due_at: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
		tsm_owner: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.person)(...cell),
		country: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.country)(...cell),
		team: (...cell) => core_helpdesk.reading.column((team) => team)(...cell),
		// A column of its own for the level is not possible: its name is a style of the list's own rows.
		target: (...cell) => core_helpdesk.reading.column((target, doc) => `${doc.level} · ${__(target)}`)(...cell),
	},
};

function time_left_pill(doc) {
	const left = doc.answer_due_epoch - Date.now() / 1000;
	const duration = core_helpdesk.timeline.duration(left, true);
	if (left < 0) {
		const condition = `status,in,Received,Head Contacted|answer_due_at,<,${frappe.datetime.now_datetime()}`;
		return [__("Overdue by {0}", [duration]), "red", condition];
	}
	return [__("{0} left", [duration]), left < 4 * 3600 ? "orange" : "blue", `status,=,${doc.status}`];
}
