frappe.listview_settings["Governed Record"] = {
	hide_name_column: true,

	onload: (list) => core_helpdesk.reading.say_when_empty(list, __("No group is governed yet.")),

	refresh: (list) => core_helpdesk.reading.fit(list),

	formatters: {
		reference_doctype: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.kind_of_document)(...cell),
		taken_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
	},
};
