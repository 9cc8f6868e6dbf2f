// The framework offers the site's own country, which need not be the claim's. This runs before it first does.
frappe.meta.get_docfield("Tracing Claim", "country").no_default = 1;

frappe.listview_settings["Tracing Claim"] = {
	add_fields: ["workflow_state", "tracing_case", "ticket", "amount", "currency", "requested_by"],
	has_indicator_for_draft: true,
	hide_name_column: true,

	refresh(list) {
		core_helpdesk.reading.fit(list, { Subject: 3.2, Status: 1.8, tracing_case: 1.4, amount: 1.3, requested_by: 1.2 });
		// The head of a column of amounts stands above them, also from right to left.
		list.$result.find(".list-row-col.text-right").each((_index, head) => head.style.setProperty("text-align", "right", "important"));
	},

	// Where there is a workflow the framework words a state by itself, "Draft" in Arabic as a plan.
	before_render() {
		// Asked for a first time it would set this anew.
		frappe.workflow.get_state_fieldname("Tracing Claim");
		frappe.workflow.avoid_status_override["Tracing Claim"] = core_helpdesk.claims.states;
	},

	get_indicator(doc) {
		const state = doc.workflow_state || "Draft";
		return [core_helpdesk.reading.state(state), core_helpdesk.claims.colour(state), `workflow_state,=,${state}`];
	},

	formatters: {
		tracing_case: (...cell) => core_helpdesk.reading.column((name) => name)(...cell),
		requested_by: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.person)(...cell),
	},

	onload(listview) {
		core_helpdesk.reading.arrange(listview, ["tracing_case", "amount", "requested_by"]);
		core_helpdesk.reading.say_when_empty(listview, __("There are no claims yet."));
		listview.page.add_inner_button(__("Waiting for Me"), async () => {
			const names = await frappe.xcall("core_helpdesk.claim_api.waiting_for_me");
			if (!names.length) return frappe.show_alert({ message: __("Nothing waits for you."), indicator: "green" });
			await listview.filter_area.clear();
			return listview.filter_area.add([["Tracing Claim", "name", "in", names]]);
		});
	},
};
