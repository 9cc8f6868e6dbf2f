frappe.listview_settings["Escalation Finding"] = {
	add_fields: ["state", "times"],
	hide_name_column: true,

	// Nobody makes these records by hand, so the framework's "you haven't created" would mislead.
	onload(list) {
		const empty = `<div class="no-result text-muted flex justify-center align-center">${__("Nothing to put right here.")}</div>`;
		if (list.$no_result) list.$no_result.html(empty);
	},

	get_indicator(doc) {
		return [__(doc.state), doc.state === "Open" ? "orange" : "green", `state,=,${doc.state}`];
	},
};
