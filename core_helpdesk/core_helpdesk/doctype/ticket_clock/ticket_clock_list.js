frappe.listview_settings["Ticket Clock"] = {
	add_fields: ["due_epoch", "level", "state"],
	hide_name_column: true,

	// Nobody makes these records by hand, so the framework's "you haven't created" would mislead.
	onload(list) {
		const empty = `<div class="no-result text-muted flex justify-center align-center">${__("No ticket has a clock here.")}</div>`;
		if (list.$no_result) list.$no_result.html(empty);
	},

	get_indicator(doc) {
		const counts = ["Running", "Escalated"].includes(doc.state) && doc.due_epoch;
		if (!counts) {
			const colours = { Paused: "gray", Stopped: "green", Finished: "green", "Last Level Reached": "red" };
			return [__(doc.state), colours[doc.state] || "gray", `state,=,${doc.state}`];
		}
		const left = doc.due_epoch - Date.now() / 1000;
		const duration = core_helpdesk_duration(Math.abs(left));
		const filter = `state,=,${doc.state}`;
		if (left < 0) return [__("Overdue by {0}", [duration]), "red", filter];
		return [__("Due in {0}", [duration]), left < 4 * 3600 ? "orange" : "blue", filter];
	},
};

function core_helpdesk_duration(seconds) {
	const minutes = Math.floor(seconds / 60);
	if (minutes >= 2880) return __("{0} d", [Math.floor(minutes / 1440)]);
	if (minutes >= 1440) return __("{0} d {1} h", [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)]);
	if (minutes >= 60) return __("{0} h {1} min", [Math.floor(minutes / 60), minutes % 60]);
	return __("{0} min", [minutes]);
}
