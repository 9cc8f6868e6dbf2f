// For whom a Monthly Report waits: its form and its list say it in the same words.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.monthly_state = (() => {
	const COLOURS = { Made: "orange", "Waiting for Review": "blue", Reviewed: "blue", Sent: "blue", Forwarded: "green", Signed: "green" };

	const waits_of_kind = (kind) =>
		({
			"QA Monthly Report": { Made: __("To Be Submitted", null, "Monthly Report") },
			"Department Escalation Report": {
				Made: __("To Be Sent", null, "Monthly Report"),
				Sent: __("To Be Forwarded", null, "Monthly Report"),
			},
		})[kind] || { Made: __("To Be Sent", null, "Monthly Report") };

	const waits = () => ({
		"Waiting for Review": __("To Be Reviewed", null, "Monthly Report"),
		Reviewed: __("To Be Signed", null, "Monthly Report"),
		Sent: __("To Be Signed", null, "Monthly Report"),
	});

	// Made when its month was long over, and nobody was ever asked for it.
	function is_on_record({ month, workflow_state: state, made_on, returned_on }) {
		const after = new Date(`${month}-01T00:00:00Z`);
		after.setUTCMonth(after.getUTCMonth() + 1);
		return state === "Made" && !returned_on && (made_on || "").slice(0, 7) > after.toISOString().slice(0, 7);
	}

	// What the report waits for, else the state as the workflow calls it, and its colour.
	function indicator(report) {
		if (is_on_record(report)) return [__("Kept on Record"), "gray"];
		const { kind, workflow_state: state } = report;
		const label = waits_of_kind(kind)[state] || waits()[state] || core_helpdesk.reading.state(state);
		return [label, COLOURS[state] || "gray"];
	}

	return { indicator };
})();
