// A group's governance on the host's own form: whether it is governed, what it lacks for that, and the ways to ask for
// a change or to suggest one.
frappe.ui.form.on("HD Team", {
	async refresh(frm) {
		if (frm.is_new() || frm.doc.ch_hidden) return;
		add_directory(frm);
		if (!frappe.model.can_read("Group Request")) return;
		const name = frm.doc.name;
		const found = await frappe.xcall("core_helpdesk.governance_api.governance_of", { team: name });
		if (frm.doc.name !== name) return;
		show_governance(frm, found);
		add_requests(frm, found.kinds);
		if (found.may_switch) add_switch(frm, found);
	},
});

// The group as everybody reads it, and a word on it: for who may not ask for changes, too.
function add_directory(frm) {
	const address = `/group-directory?group=${encodeURIComponent(frm.doc.name)}`;
	frm.add_custom_button(__("Show in the Directory"), () => window.open(address), __("Core Helpdesk"));
	if (!frappe.model.can_create("Group Suggestion")) return;
	const suggest = () => frappe.new_doc("Group Suggestion", { team: frm.doc.name });
	frm.add_custom_button(__("Suggest"), suggest, __("Core Helpdesk"));
}

function show_governance(frm, found) {
	const stages = { "Not Open Yet": __("Not Open Yet"), Retired: __("Retired", null, "HD Team") };
	if (frm.doc.ch_stage) frm.dashboard.add_indicator(stages[frm.doc.ch_stage], "orange");
	else if (frm.doc.ch_retired_on) frm.dashboard.add_indicator(__("Retires on {0}", [core_helpdesk.reading.day(frm.doc.ch_retired_on)]), "orange");
	if (!found.governed) return;
	frm.dashboard.add_indicator(__("Governed"), "green");
	if (!found.may_switch) frm.set_intro(__("This group is governed: ask for a change with the button Group Request."), "blue");
}

function add_requests(frm, kinds) {
	for (const kind of kinds) {
		const open = () => frappe.new_doc("Group Request", { kind, team: frm.doc.name });
		frm.add_custom_button(__(kind), open, __("Group Request"));
	}
}

function add_switch(frm, found) {
	const label = found.governed ? __("Switch Governance Off") : __("Switch Governance On");
	frm.add_custom_button(label, () => ask_for_switch(frm, found), __("Core Helpdesk"));
}

function ask_for_switch(frm, found) {
	if (!found.governed && found.gaps.length) {
		const gaps = found.gaps.map((gap) => `<li>${frappe.utils.escape_html(gap)}</li>`).join("");
		const text = __("The group {0} is not complete yet: {1}", [frm.doc.name, `<ul>${gaps}</ul>`]);
		frappe.msgprint({ message: text, title: __("Governed Group"), indicator: "orange" });
		return;
	}
	const question = found.governed
		? __("Anybody who may change groups on the host can then change this one. Switch governance off?")
		: __("From then on the group changes by a request alone. Switch governance on?");
	frappe.confirm(question, async () => {
		const asked = { team: frm.doc.name, on: found.governed ? 0 : 1 };
		await frappe.xcall("core_helpdesk.governance_api.switch_governance", asked);
		frm.reload_doc();
	});
}
