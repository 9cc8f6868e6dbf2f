// Every report that was due to somebody, the latest first, and how far it has come.
frappe.listview_settings["Report Delivery"] = {
	add_fields: ["report", "period_key", "edition", "state", "recipient", "due_at"],
	hide_name_column: true,

	onload(list) {
		core_helpdesk.sent_report.arrange(list, ["period_key", "recipient", "due_at"]);
	},

	refresh: (list) => core_helpdesk.sent_report.name_rows(list),

	get_indicator: (doc) => core_helpdesk.sent_report.indicator("Report Delivery")(doc),

	// What these call is loaded after this file.
	formatters: {
		report: (...cell) => core_helpdesk.sent_report.cells.report(...cell),
		period_key: (...cell) => core_helpdesk.sent_report.cells.period_key(...cell),
		recipient: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.person)(...cell),
		due_at: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
	},
};
