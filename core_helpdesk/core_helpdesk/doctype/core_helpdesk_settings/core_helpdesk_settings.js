// The modes are changed here and nowhere else: Live only after the preview of what it would send, and to whom.
const SETTINGS_API = "core_helpdesk.api.";

frappe.ui.form.on("Core Helpdesk Settings", {
	refresh(frm) {
		core_helpdesk.timeline.translate_moments(frm);
		core_helpdesk.reading.dress(frm);
		core_helpdesk.reading.from_left(frm, ["confirmed_host", "procedure_url", "reply_to", "support_email", "support_phone"]);
		set_person_queries(frm);
		show_mode(frm);
		if (!may_change_mode()) return;
		add_mode_buttons(frm);
		frm.add_custom_button(__("Start Clocks From"), () => ask_start(frm));
		frm.add_custom_button(__("Groups at Once"), () => frappe.set_route("core-groups"));
		if (owns_groups()) frm.add_custom_button(__("Members of TSM"), () => choose_members());
	},
});

const may_change_mode = () => ["QA Specialist", "System Manager"].some((role) => frappe.user.has_role(role));

// The hidden group exists for them alone; the host's own form lets only its managers change a group.
const owns_groups = () => frappe.session.user === "Administrator" || frappe.user.has_role("QA Specialist");

async function choose_members() {
	const { members, agents } = await frappe.xcall(SETTINGS_API + "tsm_members");
	const present = new Set(members.map((person) => person.user));
	const dialog = new frappe.ui.Dialog({
		title: __("Members of TSM"),
		fields: [
			{
				fieldtype: "HTML",
				options: `<p class="text-muted">${__("They follow up escalated tickets. Only agents of Helpdesk can be chosen.")}</p>`,
			},
			{
				fieldname: "users",
				fieldtype: "MultiCheck",
				label: __("Agents", null, "Core Helpdesk"),
				columns: 1,
				sort_options: false,
				options: agents.map(({ user, full_name }) => ({
					label: full_name === user ? user : `${full_name} (${user})`,
					value: user,
					checked: present.has(user),
				})),
			},
		],
		primary_action_label: __("Save"),
		primary_action: async ({ users }) => {
			await frappe.xcall(SETTINGS_API + "set_tsm_members", { users: users || [] });
			dialog.hide();
			frappe.show_alert({ message: __("Saved"), indicator: "green" });
		},
	});
	dialog.show();
}

function set_person_queries(frm) {
	const people = { filters: { enabled: 1, user_type: "System User" } };
	for (const office of ["general_manager", "customer_service_manager"]) {
		frm.set_query(office, () => people);
		frm.set_query(`${office}_deputy`, () => people);
	}
}

const MODES = () => ({
	Off: [__("Off: nothing is recorded and nothing is sent."), "red"],
	Observe: [__("Observe: clocks run and escalations are recorded, but nobody gets a mail or a notice."), "orange"],
	Live: [__("Live: escalations are recorded and sent."), "green"],
});

function show_mode(frm) {
	const [text, colour] = MODES()[frm.doc.mode || "Off"];
	frm.dashboard.clear_headline();
	frm.dashboard.set_headline(text, colour);
	warn_of_other_site(frm);
	if (frm.doc.mode !== "Off" && !frm.doc.governed_from) {
		frm.set_intro(__("No ticket has a clock yet: say from when with Start Clocks From."), "orange");
	}
}

async function warn_of_other_site(frm) {
	if (frm.doc.mode !== "Live") return;
	const { is_confirmed } = await frappe.xcall("core_helpdesk.desk.at_hand");
	if (is_confirmed) return;
	const text = __("Live was confirmed for another site or address. Here it only observes, until you confirm Live again.");
	frm.dashboard.clear_headline();
	frm.dashboard.set_headline(text, "red");
	if (may_change_mode()) frm.add_custom_button(__("Go Live"), () => preview_live(frm), __("Mode"));
}

function add_mode_buttons(frm) {
	const labels = { Off: __("Switch Off"), Observe: __("Observe"), Live: __("Go Live") };
	const actions = { Off: confirm_off, Observe: observe, Live: preview_live };
	for (const [mode, label] of Object.entries(labels)) {
		if (mode === (frm.doc.mode || "Off")) continue;
		frm.add_custom_button(label, () => actions[mode](frm), __("Mode"));
	}
}

async function set_mode(frm, mode) {
	const result = await frappe.xcall(SETTINGS_API + "set_mode", { mode, confirm: 1 });
	await frm.reload_doc();
	if (result && result.preparing) return say_preparing();
	return frappe.show_alert({ message: MODES()[mode][0], indicator: MODES()[mode][1] });
}

function say_preparing() {
	const message = __("There are many open tickets: a background job is preparing their clocks. Come back in a few minutes.");
	frappe.msgprint({ title: __("Preparing"), message, indicator: "blue" });
}

const observe = (frm) => set_mode(frm, "Observe");

async function confirm_off(frm) {
	const counting = await frappe.db.count("Ticket Clock", { filters: { clock: "Group", state: ["in", ["Running", "Paused", "Escalated"]] } });
	const question = [
		__("Switch off? Nothing escalates any more, and the counts of {0} tickets end.", [counting]),
		__("When it goes on again, they begin anew only from a move or a reopening, or with Start Clocks From."),
	];
	frappe.confirm(question.join(" "), () => set_mode(frm, "Off"));
}

// --- Going live

async function preview_live(frm) {
	const preview = await frappe.xcall(SETTINGS_API + "go_live_preview");
	const refused = (preview.refusals || []).length > 0;
	const dialog = new frappe.ui.Dialog({
		title: __("Going Live"),
		size: "large",
		fields: [{ fieldtype: "HTML", fieldname: "preview", options: preview_html(preview) }],
		primary_action_label: refused ? __("Close") : __("Go Live"),
		primary_action: async () => {
			dialog.hide();
			if (!refused) await set_mode(frm, "Live");
		},
	});
	dialog.show();
}

function preview_html(preview) {
	const escape = frappe.utils.escape_html;
	const parts = [];
	if ((preview.refusals || []).length) {
		const items = preview.refusals.map((text) => `<li>${escape(text)}</li>`).join("");
		parts.push(`<div class="alert alert-warning"><b>${__("Not possible yet:")}</b><ul class="mb-0">${items}</ul></div>`);
	}
	const counts = [preview.running, `<b>${preview.at_once}</b>`];
	parts.push(`<p>${__("Open tickets with a clock: {0}. Tickets that would escalate at once: {1}.", counts)}</p>`);
	if (preview.not_started) {
		parts.push(`<p>${__("{0} open tickets have no clock and stay without one until you start clocks from an earlier moment.", [preview.not_started])}</p>`);
	}
	parts.push(...escalating_html(preview));
	return parts.join("");
}

function escalating_html(preview) {
	if (!preview.at_once) return [`<p class="text-muted">${__("Nobody would get a mail at once.")}</p>`];
	const { department, person } = core_helpdesk.reading;
	const groups = preview.escalating.map((row) => [row.group, department(row.department), __(row.target), row.count]);
	const people = preview.recipients.map((row) => [person(row.user), __(row.capacity), row.count]);
	return [
		table([__("Group", null, "Core Helpdesk"), __("Department", null, "Core Helpdesk"), __("To"), __("Tickets")], groups),
		table([__("Person"), __("As"), __("Escalations")], people),
	];
}

function table(titles, rows) {
	const escape = (cell) => frappe.utils.escape_html(String(cell === null || cell === undefined ? "" : cell));
	const lines = rows.map((cells) => `<tr>${cells.map((cell) => `<td><bdi>${escape(cell)}</bdi></td>`).join("")}</tr>`);
	return `<div style="max-height: 260px; overflow-y: auto"><table class="table table-sm">
		<thead><tr>${titles.map((title) => `<th>${title}</th>`).join("")}</tr></thead>
		<tbody>${lines.join("")}</tbody></table></div>`;
}

// --- Which tickets have a clock

function ask_start(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Start Clocks From"),
		fields: [
			{
				fieldtype: "HTML",
				options: `<p class="text-muted">${__("Tickets that entered their group before this moment stay without a clock. An earlier moment gives clocks to tickets that wait since then: many may escalate at once.")}</p>`,
			},
			{
				fieldname: "moment",
				fieldtype: "Datetime",
				label: __("From"),
				reqd: 1,
				default: frappe.datetime.now_datetime(),
			},
		],
		primary_action_label: __("Start Clocks"),
		// What is refused, such as a moment in the future, stays to be mended.
		primary_action: async ({ moment }) => {
			const result = await frappe.xcall(SETTINGS_API + "start_clocks_from", { moment }).catch(() => null);
			if (!result) return null;
			dialog.hide();
			await frm.reload_doc();
			if (result.preparing) return say_preparing();
			const message = __("{0} tickets were given a clock.", [result.started]);
			return frappe.show_alert({ message, indicator: "green" });
		},
	});
	dialog.show();
}
