// A request beside its workflow: how it reads, recording the discussion, and undoing within a day.
frappe.ui.form.on("Group Request", {
	// The timeline is drawn before `onload` is through.
	before_load(frm) {
		core_helpdesk.reading.know_people(frm);
		core_helpdesk.reading.hide_mails(frm);
		hide_states(frm);
	},

	onload(frm) {
		core_helpdesk.reading.dress(frm);
		dress_states(frm);
	},

	refresh(frm) {
		show_state(frm);
		// Drawn before anybody said how they read.
		for (const table of ["states", "members", "discussion"]) frm.fields_dict[table].grid.reset_grid();
		if (frm.is_new() || !frappe.user.has_role("QA Specialist")) return;
		const is_timed = ["New Group", "Change Escalation"].includes(frm.doc.kind);
		const is_open = ["QA Review", "Customer Service Manager Approval", "Approved"].includes(frm.doc.workflow_state);
		if (is_timed && is_open) frm.add_custom_button(__("Add Department Heads"), () => add_heads(frm));
		if (frm.doc.implemented_on && !frm.doc.undone_on) frm.add_custom_button(__("Undo"), () => undo(frm));
	},
});

function show_state(frm) {
	// Said beside the title, where a phone has no room for it.
	const { workflow_state: state } = frm.doc;
	frm.toggle_display("workflow_state", frappe.is_mobile() && !frm.is_new());
	if (frm.is_new()) return;
	if (frm.doc.undone_on) frm.page.set_indicator(__("Undone", null, "Group Request"), "orange");
	else if (frappe.is_mobile()) frm.page.clear_indicator();
	else frm.page.set_indicator(core_helpdesk.reading.state(state), core_helpdesk.requests.colour(state));
	const title = core_helpdesk.requests.title(frm.doc.title);
	frm.page.set_title(title);
	core_helpdesk.reading.part(frm.page.$title_area.find(".title-text"), frappe.utils.unescape_html(title));
}

function dress_states(frm) {
	const { cell, dress_cells, leave_out_on_phones, state } = core_helpdesk.reading;
	const waited = (seconds) => (seconds ? cell(core_helpdesk.timeline.duration(seconds)) : "");
	dress_cells(frm, "Group Request State", "state", (value) => cell(frappe.utils.escape_html(state(value))));
	dress_cells(frm, "Group Request State", "seconds", waited);
	leave_out_on_phones(frm, "states", ["seconds", "by", "note"]);
	leave_out_on_phones(frm, "discussion", ["department", "country", "discussed_on"]);
}

// Where it was and what came of it stand in the form: as changes they would bury what people write to each other, and
// the framework keeps each step in the words of whoever took it.
function hide_states({ timeline }) {
	if (!timeline || Object.hasOwn(timeline, "get_version_timeline_contents")) return;
	timeline.get_workflow_timeline_contents = () => [];
	const drawn = timeline.get_version_timeline_contents.bind(timeline);
	timeline.get_version_timeline_contents = () => {
		const { versions } = timeline.doc_info;
		timeline.doc_info.versions = (versions || []).map(without_states);
		const contents = drawn();
		timeline.doc_info.versions = versions;
		return contents;
	};
}

const OF_THE_APP = /^(workflow_state|implemented_|result_|checked_on|impact_)/;

function without_states(version) {
	const data = JSON.parse(version.data || "{}");
	data.changed = (data.changed || []).filter(([field]) => !OF_THE_APP.test(field));
	for (const change of ["added", "removed", "row_changed"]) {
		data[change] = (data[change] || []).filter(([field]) => field !== "states");
	}
	return { ...version, data: JSON.stringify(data) };
}

async function add_heads(frm) {
	if (frm.is_dirty()) await frm.save();
	const method = "core_helpdesk.governance_api.add_discussion_heads";
	const rows = await frappe.xcall(method, { name: frm.doc.name });
	if (!rows) frappe.show_alert({ message: __("Every head concerned is listed already."), indicator: "blue" });
	frm.reload_doc();
}

async function undo(frm) {
	const asked = { name: frm.doc.name };
	const reasons = await frappe.xcall("core_helpdesk.governance_api.reasons_against_undoing", asked);
	if (reasons.length) {
		const rows = reasons.map((reason) => `<li>${frappe.utils.escape_html(reason)}</li>`).join("");
		const message = __("{0} cannot be undone: {1}", [frm.doc.name, `<ul>${rows}</ul>`]);
		frappe.msgprint({ message, title: __("Not Undone"), indicator: "orange" });
		return;
	}
	frappe.confirm(__("Put everything back as it was before this request was implemented?"), async () => {
		await frappe.xcall("core_helpdesk.governance_api.undo_request", asked);
		frm.reload_doc();
	});
}
