frappe.listview_settings["Ticket Escalation"] = {
	add_fields: ["answer_due_epoch", "acknowledged_on", "level", "target"],
	hide_name_column: true,

	// Nobody makes these records by hand, so the framework's "you haven't created" would mislead.
	onload(list) {
		const empty = `<div class="no-result text-muted flex justify-center align-center">${__("Nothing has escalated here.")}</div>`;
		if (list.$no_result) list.$no_result.html(empty);
	},

	get_indicator(doc) {
		const is_open = ["Received", "Head Contacted"].includes(doc.status);
		if (is_open && doc.answer_due_epoch && doc.answer_due_epoch * 1000 < Date.now()) {
			const condition = `status,in,Received,Head Contacted|answer_due_at,<,${frappe.datetime.now_datetime()}`;
			return [__("Solution Overdue"), "red", condition];
		}
		const colours = { Received: "orange", "Head Contacted": "blue", Solved: "green", Failed: "red" };
		return [__(doc.status), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},

	formatters: {
		// A column of its own for the level is not possible: its name is a style of the list's own rows.
		target: (value, _field, doc) => `${doc.level} · ${__(value || "")}`,
	},
};
