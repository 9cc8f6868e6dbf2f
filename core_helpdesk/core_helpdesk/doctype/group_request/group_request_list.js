// The framework offers the site's own country, which need not be the department's. This runs before it first does.
frappe.meta.get_docfield("Group Request", "country").no_default = 1;

frappe.listview_settings["Group Request"] = {
	add_fields: ["workflow_state", "title", "kind", "department", "country", "requested_by", "undone_on"],
	has_indicator_for_draft: true,
	hide_name_column: true,

	refresh(list) {
		core_helpdesk.reading.fit(list);
		list.$result.find(".list-subject a").each((_index, link) => core_helpdesk.reading.part(link, link.title));
	},

	// Where there is a workflow the framework words a state by itself, "Draft" in Arabic as a plan.
	before_render() {
		// Asked for a first time it would set this anew.
		frappe.workflow.get_state_fieldname("Group Request");
		frappe.workflow.avoid_status_override["Group Request"] = core_helpdesk.requests.states;
	},

	get_indicator(doc) {
		if (doc.undone_on) return [__("Undone", null, "Group Request"), "orange", "undone_on,is,set"];
		const colour = core_helpdesk.requests.colour(doc.workflow_state);
		return [core_helpdesk.reading.state(doc.workflow_state), colour, `workflow_state,=,${doc.workflow_state}`];
	},

	formatters: {
		// The framework shows it as text.
		title: (value) => core_helpdesk.requests.title(frappe.utils.unescape_html(value || "")),
		kind: (...cell) => core_helpdesk.reading.column((kind) => __(kind))(...cell),
		department: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.department)(...cell),
		country: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.country)(...cell),
		requested_by: (...cell) => core_helpdesk.reading.column(core_helpdesk.reading.person)(...cell),
	},

	onload(listview) {
		core_helpdesk.reading.arrange(listview, ["department", "country", "requested_by"]);
		core_helpdesk.reading.say_when_empty(listview, __("Nobody has asked for a change to a group yet."));
		listview.page.add_inner_button(__("Waiting for Me"), async () => {
			const names = await frappe.xcall("core_helpdesk.request_api.waiting_for_me");
			if (!names.length) return frappe.show_alert({ message: __("Nothing waits for you."), indicator: "green" });
			await listview.filter_area.clear();
			return listview.filter_area.add([["Group Request", "name", "in", names]]);
		});
	},
};
