frappe.listview_settings["Change Notice"] = {
	add_fields: ["sent_on", "withdrawn_on"],
	hide_name_column: true,

	get_indicator(doc) {
		if (doc.withdrawn_on) return [__("Taken Back"), "red", "withdrawn_on,is,set"];
		return doc.sent_on
			? [__("Sent", null, "Change Notice"), "green", "sent_on,is,set"]
			: [__("Not Sent", null, "Change Notice"), "gray", "sent_on,is,not set"];
	},

	onload(list) {
		core_helpdesk.reading.arrange(list, ["team", "starts_on", "sent_on"]);
		core_helpdesk.reading.say_when_empty(list, __("No change has been announced yet."));
	},

	refresh(list) {
		core_helpdesk.reading.fit(list);
		list.$result.find(".list-subject a").each((_index, link) => core_helpdesk.reading.part(link, link.textContent.trim()));
	},

	formatters: {
		title: (value) => frappe.utils.escape_html(core_helpdesk.reading.titled(frappe.utils.unescape_html(value || ""))),
		starts_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
		sent_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
	},
};
