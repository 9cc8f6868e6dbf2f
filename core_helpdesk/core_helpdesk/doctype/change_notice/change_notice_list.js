frappe.listview_settings["Change Notice"] = {
	add_fields: ["sent_on", "withdrawn_on"],

	get_indicator(doc) {
		if (doc.withdrawn_on) return [__("Taken Back"), "red", "withdrawn_on,is,set"];
		return doc.sent_on ? [__("Sent"), "green", "sent_on,is,set"] : [__("Not Sent"), "gray", "sent_on,is,not set"];
	},
};
