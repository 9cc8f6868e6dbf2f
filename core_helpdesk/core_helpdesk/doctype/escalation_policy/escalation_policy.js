// The policy says in words what its rows mean, and offers the QA Specialist the steps its state allows.
frappe.ui.form.on("Escalation Policy", {
	onload(frm) {
		core_helpdesk.reading.dress(frm);
		core_helpdesk.reading.leave_out_on_phones(frm, "levels", ["pauses"]);
		core_helpdesk.reading.leave_out_on_phones(frm, "discussion", ["department", "country", "discussed_on"]);
		dress_hours(frm);
		// The framework offers the site's own country, which would narrow every new policy to it.
		if (frm.is_new() && !frm.doc.previous_version && !frappe.route_options) frm.set_value("country", "");
	},

	refresh(frm) {
		core_helpdesk.timeline.translate_moments(frm);
		set_queries(frm);
		fix_rules(frm);
		frm.dashboard.clear_headline();
		if (!frm.is_new()) frm.dashboard.set_headline(ladder(frm), state_colour(frm));
		guide(frm);
		if (!frm.is_new() && frappe.user.has_role("QA Specialist")) add_steps(frm);
	},

	is_tracing: fit_levels,
	is_default: (frm) => keep_one_way(frm, "is_default"),
	team: (frm) => keep_one_way(frm, "team"),
});

// As the server fills them in where nobody says.
const FIRST_LEVEL_PAUSES = { pauses: 1, pause_cap_hours: 72 };
const FIRST_LEVEL_OF_TRACING = { clock_kind: "Working Days", after_days: 10, pauses: 0 };

// A tracing case's time neither pauses nor is given over all groups.
function fit_levels(frm) {
	if (!frm.doc.is_tracing) return;
	frm.set_value("total_cap_hours", 0);
	for (const level of frm.doc.levels || []) {
		frappe.model.set_value(level.doctype, level.name, { pauses: 0, pause_cap_hours: 0, move_ticket: 0 });
	}
}

frappe.ui.form.on("Escalation Level", {
	levels_add(frm, doctype, name) {
		const row = locals[doctype][name];
		if (frm.doc.levels.length === 1) {
			const first = frm.doc.is_tracing ? FIRST_LEVEL_OF_TRACING : FIRST_LEVEL_PAUSES;
			frappe.model.set_value(doctype, name, first);
		}
		const taken = (frm.doc.levels || []).filter((level) => level.name !== name).map((level) => level.target);
		if (!row.target && taken.includes("Ticketing System Management")) {
			frappe.model.set_value(doctype, name, { target: "General Manager", after_hours: 24 });
		}
	},
});

// "24", not "24.000"; and the days where a level has no hours.
function dress_hours(frm) {
	const short = (value) => (value || value === 0 ? String(Number(value)) : "");
	const dress = (field, formatter) => core_helpdesk.reading.dress_cells(frm, "Escalation Level", field, formatter);
	for (const field of ["pause_cap_hours", "acknowledge_within_hours"]) dress(field, short);
	const counts_days = (level) => level && level.clock_kind === "Working Days";
	dress("after_hours", (value, _df, _options, level) => (counts_days(level) ? working_days(level.after_days) : short(value)));
}

function set_queries(frm) {
	frm.set_query("group_category", () => ({ filters: { workflow_state: "Active" } }));
	for (const field of ["department", "head"]) {
		frm.set_query(field, "discussion", () => ({
			filters: field === "head" ? { enabled: 1, user_type: "System User" } : { disabled: 0 },
		}));
	}
}

// The server refuses changes after the draft; fields that cannot change are not offered for it.
function fix_rules(frm) {
	const state = frm.doc.workflow_state || "Draft";
	const discussion = ["discussion", "decision_reason", "starts_on"];
	for (const { fieldname, fieldtype, read_only } of frm.meta.fields) {
		if (frappe.model.no_value_type.includes(fieldtype) && fieldtype !== "Table") continue;
		const is_open = state === "Draft" || (state === "Discussed" && discussion.includes(fieldname));
		if (!read_only) frm.set_df_property(fieldname, "read_only", is_open ? 0 : 1);
	}
	frm.set_df_property("workflow_state", "formatter", (value) => __(value || "", null, "Workflow State"));
	frm.set_df_property("starts_on", "formatter", (value) => (value ? core_helpdesk.reading.moment(value) : ""));
	if (["Active", "Superseded"].includes(state)) frm.disable_save();
	else frm.enable_save();
}

// A policy is the default, or one group's, or for a kind of tickets: choosing one way empties the others.
function keep_one_way(frm, chosen) {
	if (!frm.doc[chosen]) return;
	const others = ["is_default", "team", "group_category", "ticket_type", "country"].filter((field) => field !== chosen);
	for (const field of others) if (frm.doc[field]) frm.set_value(field, field === "is_default" ? 0 : "");
}

// --- In words

function ladder(frm) {
	const steps = (frm.doc.levels || []).map(step);
	return [scope(frm), steps.join(` ${arrow()} `)].filter(Boolean).join(": ");
}

const arrow = () => (frappe.utils.is_rtl() ? "←" : "→");

function step(level) {
	const time = time_of(level);
	const target = `<b>${__(level.target)}</b>`;
	if (level.acknowledge_within_hours) {
		const within = hours(level.acknowledge_within_hours);
		return __("after {0} to {1}, to be acknowledged within {2}", [time, target, within]);
	}
	return __("after {0} to {1}", [time, target]);
}

function time_of(level) {
	if (level.clock_kind === "Working Days") return working_days(level.after_days);
	return level.clock_kind === "Working Time" ? working_hours(level.after_hours) : hours(level.after_hours);
}

// Arabic counts in six forms, each a translation under the form's own name; English in two.
const form_of = (number) => new Intl.PluralRules(frappe.boot.lang).select(number);

function hours(given) {
	const number = Number(given) || 0;
	const form = form_of(number);
	return form === "one" ? __("{0} hour", [number]) : __("{0} hours", [number], form);
}

function working_hours(given) {
	const number = Number(given) || 0;
	const form = form_of(number);
	return form === "one" ? __("{0} working hour", [number]) : __("{0} working hours", [number], form);
}

function working_days(given) {
	const number = Number(given) || 0;
	const form = form_of(number);
	return form === "one" ? __("{0} working day", [number]) : __("{0} working days", [number], form);
}

function scope(frm) {
	const words = tickets(frm);
	return frm.doc.is_tracing ? [__("Tracing cases"), words].filter(Boolean).join(" · ") : words;
}

function tickets(frm) {
	const doc = frm.doc;
	const escape = frappe.utils.escape_html;
	if (doc.is_default) return __("All groups without a policy of their own");
	if (doc.team) return __("Group {0}", [escape(doc.team)]);
	const { category, country, list } = core_helpdesk.reading;
	return list([category(doc.group_category), doc.ticket_type, country(doc.country)].filter(Boolean).map(escape));
}

function state_colour(frm) {
	return { Active: "green", Discussed: "blue", Superseded: "gray" }[frm.doc.workflow_state] || "yellow";
}

function guide(frm) {
	if (frm.doc.workflow_state === "Draft" && !frm.is_new()) frm.set_intro(guide_of_draft(), "blue");
	const is_objected = (frm.doc.discussion || []).some(({ answer }) => answer === "Objected");
	if (["Draft", "Discussed"].includes(frm.doc.workflow_state) && is_objected && !frm.doc.decision_reason) {
		frm.set_intro(__("A department head objected: write the decision and its reason."), "orange");
	}
	if (frm.doc.workflow_state === "Active") {
		frm.set_intro(__("In force. A change is made in a new version; running counts keep this one."), "green");
	}
	if (frm.doc.workflow_state === "Superseded") {
		frm.set_intro(__("Out of force. Counts that began under it run on with its rules."), "gray");
	}
}

function guide_of_draft() {
	if (!frappe.user.has_role("QA Specialist")) return __("Not in force: the QA Specialist discusses it with the department heads first.");
	return __("Record the discussion with every department head concerned, then activate the policy. Its rules are fixed from then on.");
}

// --- Steps

function add_steps(frm) {
	const state = frm.doc.workflow_state;
	const run = (method) => frm.call(method).then(() => frm.reload_doc());
	if (["Draft", "Discussed"].includes(state)) {
		frm.add_custom_button(__("Add Department Heads"), () => add_heads(frm));
		if (state === "Draft") frm.add_custom_button(__("Mark as Discussed"), () => when_saved(frm, () => run("discuss")));
		frm.add_custom_button(__("Activate"), () => when_saved(frm, () => confirm_activation(frm, run)));
	}
	if (["Active", "Superseded"].includes(state)) frm.add_custom_button(__("New Version"), () => make_version(frm));
	if (state === "Active" && !frm.doc.ended_on) {
		const question = __("End {0} now? Tickets that enter a group from now on get another policy, or none.", [frm.doc.name]);
		frm.add_custom_button(__("End Now"), () => frappe.confirm(question, () => run("end_now")));
	}
}

function when_saved(frm, next) {
	return frm.is_dirty() ? frm.save().then(next) : next();
}

function confirm_activation(frm, run) {
	const start = frm.doc.starts_on ? core_helpdesk.reading.moment(frm.doc.starts_on) : __("now");
	const question = __("Activate {0} from {1}? Tickets that enter a group from then on are counted by it.", [
		frm.doc.name.bold(),
		start,
	]);
	frappe.confirm(question, () => run("activate"));
}

async function add_heads(frm) {
	await when_saved(frm, () => {});
	const { message: rows } = await frm.call("add_heads");
	await frm.reload_doc();
	const message = rows ? __("{0} department heads added.", [rows]) : __("Every department head concerned is listed.");
	frappe.show_alert({ message, indicator: "blue" });
}

async function make_version(frm) {
	const { message: name } = await frm.call("new_version");
	frappe.set_route("Form", frm.doctype, name);
}
