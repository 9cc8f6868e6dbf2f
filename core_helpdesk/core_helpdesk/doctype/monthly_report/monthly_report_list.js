// The reports of months that are over, the latest first: for whom each of them waits.
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
		for (const report of list.data) {
			const { name, kind, month } = report;
			const subject = list.$result.find(`.list-subject a[data-name="${name}"]`);
			subject.text(`${__(kind)}: ${name_of.format(new Date(`${month}-01`))}`);
			const [label, colour] = core_helpdesk.monthly_state.indicator(report);
			// Where there is a workflow the framework words the state by itself: here it says for what the report waits.
			const pill = subject.closest(".list-row").find(".indicator-pill");
			const [, given = ""] = frappe.get_indicator(report, list.doctype) || [];
			pill.removeClass(given).addClass(colour);
			if (label) pill.find(".ellipsis").addBack(":not(:has(.ellipsis))").text(label);
		}
		core_helpdesk.reading.fit(list, { Subject: 4 });
	},

	formatters: {
		sent_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
		signed_on: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.brief_moment)(...cell),
	},
};
