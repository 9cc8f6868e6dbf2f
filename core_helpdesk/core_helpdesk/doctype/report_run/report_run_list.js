// Every making of a report, the latest first.
frappe.listview_settings["Report Run"] = {
	add_fields: ["report", "period_key", "state", "made_on"],
	hide_name_column: true,

	onload(list) {
		core_helpdesk.sent_report.arrange(list, ["period_key", "rhythm", "made_on"]);
	},

	refresh: (list) => core_helpdesk.sent_report.name_rows(list),

	get_indicator: (doc) => core_helpdesk.sent_report.indicator("Report Run")(doc),

	formatters: {
		report: (...cell) => core_helpdesk.sent_report.cells.report(...cell),
		period_key: (...cell) => core_helpdesk.sent_report.cells.period_key(...cell),
		made_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
		rhythm: (...cell) => core_helpdesk.reading.column((rhythm) => __(rhythm, null, "Report Run"))(...cell),
	},
};
