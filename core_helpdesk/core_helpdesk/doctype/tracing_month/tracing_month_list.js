// The months that are over, the latest first: which of them was sent, and when.
frappe.listview_settings["Tracing Month"] = {
	add_fields: ["status", "sent_on"],
	hide_name_column: true,

	onload(list) {
		core_helpdesk.reading.arrange(list, ["sent_on"]);
		core_helpdesk.reading.say_when_empty(list, __("No month of tracing is over yet."));
	},

	refresh(list) {
		const words = { month: "long", year: "numeric", timeZone: "UTC" };
		const name_of = new Intl.DateTimeFormat(`${frappe.boot.lang || "en"}-u-nu-latn-ca-gregory`, words);
		for (const { name } of list.data)
			list.$result.find(`.list-subject a[data-name="${name}"]`).text(name_of.format(new Date(`${name}-01`)));
		core_helpdesk.reading.fit(list);
	},

	get_indicator: ({ status }) => [
		__(status, null, "Tracing Month"),
		status === "Sent" ? "green" : "orange",
		`status,=,${status}`,
	],

	formatters: {
		sent_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
	},
};
