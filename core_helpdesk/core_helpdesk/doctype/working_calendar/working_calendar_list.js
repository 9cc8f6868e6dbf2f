frappe.listview_settings["Working Calendar"] = {
	add_fields: ["confirmed_until", "country"],
	hide_name_column: true,

	refresh: (list) => core_helpdesk.reading.fit(list),

	get_indicator(doc) {
		if (!doc.confirmed_until) return [__("Nothing Confirmed"), "red", "confirmed_until,is,not set"];
		const days = frappe.datetime.get_day_diff(doc.confirmed_until, frappe.datetime.get_today());
		const until = core_helpdesk.reading.day(doc.confirmed_until);
		const filter = `confirmed_until,=,${doc.confirmed_until}`;
		if (days < 0) return [__("Until {0}", [until]), "red", filter];
		return [__("Until {0}", [until]), days <= 60 ? "orange" : "green", filter];
	},

	formatters: {
		country: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.country)(...cell),
	},
};
