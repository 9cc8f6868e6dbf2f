// The reports of months that are over, the latest first: for whom each of them waits.
const waits_of_kind = (kind) =>
	({
		"QA Monthly Report": { Made: __("Waits to Be Submitted") },
		"Department Escalation Report": { Made: __("Waits to Be Sent"), Sent: __("Waits to Be Forwarded") },
	})[kind] || { Made: __("Waits to Be Sent") };

// Made when its month was long over, and nobody was ever asked for it.
function is_on_record({ month, workflow_state: state, made_on, returned_on }) {
	const after = new Date(`${month}-01T00:00:00Z`);
	after.setUTCMonth(after.getUTCMonth() + 1);
	return state === "Made" && !returned_on && (made_on || "").slice(0, 7) > after.toISOString().slice(0, 7);
}

frappe.listview_settings["Monthly Report"] = {
	add_fields: ["kind", "month", "workflow_state", "made_on", "returned_on", "sent_on", "signed_on"],
	hide_name_column: true,

	onload(list) {
		core_helpdesk.reading.arrange(list, ["sent_on", "signed_on"]);
		core_helpdesk.reading.say_when_empty(list, __("No monthly report was made yet."));
	},

	refresh(list) {
		const words = { month: "long", year: "numeric", timeZone: "UTC" };
		const name_of = new Intl.DateTimeFormat(`${frappe.boot.lang || "en"}-u-nu-latn-ca-gregory`, words);
		const waits = {
			"Waiting for Review": __("Waits for Review"),
			Reviewed: __("Waits for Signature"),
			Sent: __("Waits for Signature"),
		};
		for (const report of list.data) {
			const { name, kind, month, workflow_state: state } = report;
			const subject = list.$result.find(`.list-subject a[data-name="${name}"]`);
			subject.text(`${__(kind)}: ${name_of.format(new Date(`${month}-01`))}`);
			const is_kept = is_on_record(report);
			const label = is_kept ? __("Kept on Record") : waits_of_kind(kind)[state] || waits[state];
			// Where there is a workflow the framework words the state by itself: here it says for what the report waits.
			const pill = subject.closest(".list-row").find(".indicator-pill");
			if (is_kept) pill.removeClass("orange blue green").addClass("gray");
			if (label) pill.find(".ellipsis").addBack(":not(:has(.ellipsis))").text(label);
		}
		core_helpdesk.reading.fit(list, { Subject: 4 });
	},

	formatters: {
		sent_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
		signed_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
	},
};
