// One screen from the first word to the decision: what is asked for, what is missing, what the checks find, where it was.
const REQUEST_API = "core_helpdesk.request_api.";
const OPEN_STATES = ["Draft", "Needs Information"];
// Changing one of these changes what is missing, or what the checks find.
const ASKED = [
	"kind",
	"team",
	"wrong",
	"reference_name",
	"department",
	"country",
	"team_name",
	"group_category",
	"ticket_type",
	"head",
	"escalation_hours",
	"clock_kind",
	"calendar",
	"tracing",
	"category_name",
	"category_name_ar",
	"standard_hours",
	"standard_clock_kind",
	"purpose",
	"escalation_process",
	"work_reason",
	"correction",
	"members",
	"takes_from",
	"starts_on",
	"retire_on",
	"tell_front_line",
	"deviation_reason",
	"valid_until",
];
const CLOCK = "Elapsed Time";

frappe.ui.form.on("Group Request", {
	onload(frm) {
		core_helpdesk.reading.edit_as_written(frm);
		if (!frm.is_new()) return;
		for (const field of ["clock_kind", "standard_clock_kind"]) frm.doc[field] = frm.doc[field] || CLOCK;
	},

	refresh(frm) {
		forget_another(frm);
		set_queries(frm);
		name_fields(frm);
		frm.set_df_property("kind", "read_only", frm.doc.workflow_state !== "Draft" && !frm.is_new() ? 1 : 0);
		show_present(frm);
		look(frm);
	},

	team(frm) {
		if (frm.doc.kind === "Change Group") {
			frm.doc.department = "";
			frm.doc.country = "";
		}
		show_present(frm);
	},

	kind(frm) {
		name_fields(frm);
		show_present(frm);
	},

	// The framework takes the step once this is done; without its reason, it does not.
	before_workflow_action(frm) {
		const ask = REASONS()[frm.selected_workflow_action];
		return ask ? ask_reason(frm, ask) : confirm_step(frm);
	},

	after_workflow_action: (frm) => frm.reload_doc(),
});

for (const field of ASKED) frappe.ui.form.on("Group Request", field, (frm) => look_soon(frm));
frappe.ui.form.on("Group Request Member", { user: look_soon, members_remove: look_soon });
frappe.ui.form.on("Group Request Source", { team: look_soon, takes_from_remove: look_soon });

// One form shows one request after another.
function forget_another(frm) {
	if (frm.ch_shown === frm.doc.name) return;
	frm.ch_shown = frm.doc.name;
	frm.ch_found = frm.ch_impact = null;
	for (const field of ["checks_html", "impact_html"]) frm.fields_dict[field].$wrapper.empty();
	core_helpdesk.request_summary.show(frm);
}

function set_queries(frm) {
	const people = () => ({ filters: { enabled: 1, user_type: "System User" } });
	frm.set_query("group_category", () => ({ filters: { workflow_state: "Active" } }));
	frm.set_query("department", () => ({ filters: { disabled: 0 } }));
	frm.set_query("head", people);
	frm.set_query("user", "members", people);
	frm.set_query("calendar", () =>
		frm.doc.country ? { filters: { country: ["in", [frm.doc.country, ""]] } } : {}
	);
	frm.set_df_property("reference_doctype", "read_only", 1);
	frm.set_df_property("reference_name", "read_only", 1);
	const { form_link, kind_of_document } = core_helpdesk.reading;
	frm.set_df_property("reference_doctype", "formatter", (value) => escape(kind_of_document(value)));
	frm.set_df_property("reference_name", "formatter", form_link(frm.doc.reference_doctype));
	frm.set_df_property("starts_on", "formatter", (value) => (value ? core_helpdesk.reading.moment(value) : ""));
	// The framework leaves the words below a moment as they are stored.
	frm.set_df_property("starts_on", "description", __("Empty: as soon as it is implemented."));
}

// The same field holds different things in different kinds.
function name_fields(frm) {
	frm.set_df_property("team_name", "label", frm.doc.kind === "Change Group" ? __("New Name", null, "Group Request") : __("Group Name"));
	const is_new_group = frm.doc.kind === "New Group";
	frm.set_df_property("work_reason", "label", is_new_group ? __("The Case") : __("Work Reason"));
	const reason = is_new_group ? __("What happens today, and why it needs a group of its own (CORE-03).") : __("Why the work requires it (CORE-12).");
	frm.set_df_property("work_reason", "description", reason);
}

// --- Looking at it: what is missing, what the checks find

function look_soon(frm) {
	clearTimeout(frm.ch_looking);
	frm.ch_looking = setTimeout(() => look(frm), 600);
}

async function look(frm) {
	if (!frm.doc.kind) return show_missing(frm, [{ field: "kind", text: __("Choose the kind of the request.") }]);
	const asked = (frm.ch_asked = (frm.ch_asked || 0) + 1);
	const name = frm.doc.name;
	const found = await frappe.xcall(REQUEST_API + "look_at", { doc: frm.doc });
	// A later answer is already there, or another request is open.
	if (asked !== frm.ch_asked || frm.doc.name !== name) return;
	frm.ch_found = found;
	fix_fields(frm, found);
	show_place(frm, found.place);
	show_intro(frm, found);
	show_deviation(frm, found);
	show_checks(frm, found);
	core_helpdesk.request_summary.show(frm);
}

function fix_fields(frm, found) {
	for (const field of ASKED) {
		if (["kind", "reference_name"].includes(field)) continue;
		frm.set_df_property(field, "read_only", found.may_edit ? 0 : 1);
	}
}

// Department and country follow from the group; they are shown as soon as they are known.
function show_place(frm, place) {
	if (!place || !frm.is_new()) return;
	for (const field of ["department", "country"]) {
		if (!frm.doc[field] && place[field]) {
			frm.doc[field] = place[field];
			frm.refresh_field(field);
		}
	}
}

function show_intro(frm, found) {
	frm.set_intro("");
	if (frm.doc.failure) frm.set_intro(__("Nothing was changed: {0}", [escape(frappe.utils.unescape_html(frm.doc.failure))]), "red");
	if (frm.doc.undone_on) {
		frm.set_intro(__("Undone on {0}: everything is as it was before.", [core_helpdesk.reading.moment(frm.doc.undone_on)]), "orange");
	}
	if (frm.doc.kind === "Parity Deviation" && frm.doc.implemented_on && !frm.doc.undone_on) {
		frm.set_intro(__("This time is allowed now. A group that has another one is given it by a Change Escalation."), "blue");
	}
	if (found.missing.length) return show_missing(frm, found.missing);
	if (found.at_once) {
		frm.set_intro(__("Members for a group of your own department are added as soon as you submit this; the QA Specialist is told."), "blue");
	} else if (frm.doc.workflow_state === "Needs Information" && found.may_edit) {
		const needs = `<bdi>${escape(frappe.utils.unescape_html(frm.doc.needs))}</bdi>`;
		frm.set_intro(__("The QA Specialist asks: {0} Answer it in the fields below, save, then choose Resubmit.", [needs]), "orange");
	} else if (OPEN_STATES.includes(frm.doc.workflow_state) && found.may_edit) {
		frm.set_intro(what_next(frm, found), "green");
	}
	if (found.turn.length) {
		const names = found.turn.map((person) => `<bdi>${escape(person.full_name)}</bdi>`);
		frm.set_intro(__("Waiting for: {0}", [new Intl.ListFormat(frappe.boot.lang).format(names)]), "blue");
	}
}

function what_next(frm, { actions }) {
	if (!frm.is_new() && !actions.includes("Submit for Review")) return __("Nothing is missing. A manager of the department submits it for review.");
	if (frm.is_new() || frm.is_dirty()) return __("Nothing is missing. Save it, then submit it for review.");
	return __("Nothing is missing. Submit it for review with the button above.");
}

function show_missing(frm, missing) {
	const items = missing.map(
		(lack) => `<li><a href="#" data-ch-field="${escape(lack.field)}">${escape(lack.text)}</a></li>`
	);
	frm.set_intro("");
	frm.set_intro(`<b>${__("What Is Missing")}</b><ul class="ch-missing" style="margin-block: 4px 0">${items.join("")}</ul>`, "orange");
	$(frm.wrapper)
		.find(".ch-missing [data-ch-field]")
		.on("click", (event) => {
			event.preventDefault();
			frm.scroll_to_field(event.currentTarget.dataset.chField);
		});
}

// The reason and the end of a deviation are asked for only where the time is one.
function show_deviation(frm, found) {
	const asked = frm.doc.kind === "Parity Deviation" || frm.doc.deviation_reason || frm.doc.valid_until;
	const lacks = found.missing.some((lack) => ["deviation_reason", "valid_until"].includes(lack.field));
	frm.toggle_display("s_deviation", Boolean(asked || lacks));
}

// --- The checks

function show_checks(frm, found) {
	// While somebody fills it in, the checks take room only once they have found something.
	const is_begun = frm.is_new() || frm.doc.workflow_state === "Draft";
	const checks = is_begun ? worth_saying(found) : found.checks;
	const is_checked = frm.doc.kind !== "Data Correction";
	frm.toggle_display("s_checks", (!is_begun && is_checked) || checks.length + found.manager.length > 0);
	const head = found.checked_on
		? __("As they were when it was decided, {0}.", [core_helpdesk.reading.moment(found.checked_on)])
		: __("As they are now.");
	const manager = found.manager.map((why) => card(__("Customer Service Manager"), escape(why), "", "blue"));
	const deviation = deviation_of(frm);
	const remedy = ({ check, remedy }) => {
		if (deviation && check === "Standard") return "";
		return (check === "Parity" && deviation) || escape(remedy);
	};
	const cards = checks.map((check) => card(escape(check.title), escape(check.text), remedy(check), check.tone));
	const none = `<p class="indicator-pill green" style="white-space: normal">${__("No conflicts, and nothing off the Standard.")}</p>`;
	frm.fields_dict.checks_html.$wrapper.html(
		`<p class="text-muted small">${head}</p>${[...manager, ...cards].join("") || none}`
	);
}

// Who decides on a deviation reads why it is wanted beside it; what would have spared it is of no use then.
function deviation_of(frm) {
	const { deviation_reason: reason, valid_until: end } = frm.doc;
	if (!reason || !end) return "";
	const label = (field) => __(frappe.meta.get_docfield(frm.doctype, field).label, null, frm.doctype);
	return `${label("deviation_reason")}: <bdi>${escape(frappe.utils.unescape_html(reason))}</bdi><br>${label("valid_until")}: ${core_helpdesk.reading.day(end)}`;
}

// A field that is still empty stands among what is missing; its gap need not be said a second time.
function worth_saying({ checks, missing }) {
	const lacks = new Set(missing.map(({ field }) => field));
	if (lacks.has("department") || lacks.has("country")) return [];
	const repeated = { [__("No Members")]: "members", [__("No Department Head")]: "head" };
	return checks.filter(({ title }) => !lacks.has(repeated[title]));
}

function card(title, text, remedy, tone) {
	const way = remedy ? `<div class="text-muted" style="margin-block-start: 4px">${remedy}</div>` : "";
	return `<div dir="auto" style="border: 1px solid var(--border-color); border-radius: 8px; padding: 10px 14px; margin-block-end: 8px; overflow-wrap: anywhere">
		<span class="indicator-pill ${tone}" style="white-space: normal">${title}</span>
		<div style="margin-block-start: 6px">${text}</div>${way}</div>`;
}

// --- What the group is now, beside what it is to become

async function show_present(frm) {
	const fields = ["team_name", "purpose", "escalation_process", "group_category", "ticket_type", "head", "calendar", "tracing"];
	const is_change = frm.doc.kind === "Change Group" && frm.doc.team;
	const now = is_change ? await frappe.xcall(REQUEST_API + "group_now", { team: frm.doc.team }) : {};
	for (const field of fields) {
		const standard = frappe.meta.get_docfield(frm.doctype, field).description || "";
		const text = now[field] ? __("Now: {0}. Empty: it stays.", [escape(now[field])]) : __(standard);
		frm.set_df_property(field, "description", text);
	}
	const is_allowance = frm.doc.kind === "Parity Deviation";
	const usual = __(frappe.meta.get_docfield(frm.doctype, "escalation_hours").description || "");
	frm.set_df_property("escalation_hours", "description", is_allowance ? __("The time that is to be allowed; the group is given it by a Change Escalation.") : usual);
}

// --- Steps

const REASONS = () => ({
	"Ask for Information": { label: __("What is missing?"), title: __("Ask for Information") },
	Reject: { label: __("Why is it rejected?"), title: __("Reject") },
	"Return to Review": { label: __("What should be looked at again?"), title: __("Return to Review") },
	Withdraw: { label: __("Why is it withdrawn?"), title: __("Withdraw") },
});

// The framework has frozen the page for the step; the question needs it open. Who thinks better of it closes the
// question, and the step is never taken.
function ask_reason(frm, ask) {
	const action = frm.selected_workflow_action;
	frappe.dom.unfreeze();
	return new Promise((go_on) => {
		const dialog = new frappe.ui.Dialog({
			title: ask.title,
			fields: [{ fieldname: "reason", fieldtype: "Small Text", label: ask.label, reqd: 1 }],
			primary_action_label: ask.title,
			primary_action: async ({ reason }) => {
				dialog.hide();
				await frappe.xcall(REQUEST_API + "write_reason", { name: frm.doc.name, action, reason });
				frappe.dom.freeze();
				go_on();
			},
		});
		dialog.show();
	});
}

function confirm_step(frm) {
	if (frm.selected_workflow_action !== "Implement") return Promise.resolve();
	frappe.dom.unfreeze();
	return new Promise((go_on) => {
		const question = __("Carry it out now? Everything it asks for is done in one act, and those concerned are told.");
		frappe.confirm(question, () => {
			frappe.dom.freeze();
			go_on();
		});
	});
}

function escape(text) {
	return frappe.utils.escape_html(text || "");
}
