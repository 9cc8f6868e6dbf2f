// All tracing cases that the reader may see; what waits for whom stands on the page Manage My Tickets.
frappe.listview_settings["Tracing Case"] = {
	add_fields: ["status", "due_epoch", "warn_epoch", "due_on", "answer", "closing", "urgent", "team", "officer", "nature"],
	hide_name_column: true,
	filters: [["status", "in", ["Open", "Solved"]]],

	onload(list) {
		core_helpdesk.reading.arrange(list, ["due_on", "team", "officer", "nature"]);
		core_helpdesk.reading.say_when_empty(list, __("No case is traced yet: one opens with each ticket that reaches a tracing group."));
		// Fields to filter by would fill a phone; the button for filters has them all.
		if (frappe.is_mobile()) list.page.wrapper.find(".standard-filter-section").hide();
		list.page.add_inner_button(__("Manage My Tickets"), () => frappe.set_route("tracing-work"));
	},

	refresh: (list) => core_helpdesk.reading.fit(list, { Subject: 2.1, Status: 1.7, due_on: 1.3, team: 1.2, officer: 1.3, nature: 1.4 }),

	get_indicator(doc) {
		const word = (text) => __(text, null, "Tracing Case");
		if (doc.status === "Closed") {
			const colours = { Confirmed: "green", "Closed Unconfirmed": "orange", Override: "orange", "Closed Past the Rules": "red" };
			return [word(doc.closing || "Closed"), colours[doc.closing] || "gray", `closing,=,${doc.closing || ""}`];
		}
		if (doc.status === "Solved") {
			const answers = {
				Satisfied: [__("Customer Satisfied"), "green"],
				Doubtful: [__("Answer in Doubt"), "orange"],
				"Not Satisfied": [__("Customer Not Satisfied"), "red"],
			};
			return [...(answers[doc.answer] || [word("Solved"), "blue"]), "status,=,Solved"];
		}
		const now = Date.now() / 1000;
		if (doc.due_epoch && doc.due_epoch < now) return [word("Late"), "red", `status,=,Open|due_on,<,${frappe.datetime.now_datetime()}`];
		if (doc.urgent) return [word("Urgent"), "red", "urgent,=,1"];
		const is_near = doc.warn_epoch && doc.warn_epoch < now;
		return [is_near ? __("Due Soon", null, "Tracing Case") : word("Open"), is_near ? "orange" : "blue", "status,=,Open"];
	},

	formatters: {
		team: (...cell) => core_helpdesk.reading.column((team) => team)(...cell),
		officer: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.person)(...cell),
		due_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
		nature: (...cell) => core_helpdesk.reading.column((nature) => __(nature, null, "Tracing Case"))(...cell),
	},
};
