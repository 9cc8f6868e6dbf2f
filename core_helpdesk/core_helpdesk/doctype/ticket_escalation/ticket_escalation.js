// The form on which TSM, the head and the General Manager work an escalation: who has it, how much of the 24 hours is
// left, what they may do now, the ticket's conversation, and why it escalated when it did.
const ESCALATION_API = "core_helpdesk.api.";

frappe.ui.form.on("Ticket Escalation", {
	onload(frm) {
		core_helpdesk.reading.dress(frm);
		style_fields(frm);
		frm.disable_save();
	},

	async refresh(frm) {
		core_helpdesk.timeline.translate_moments(frm);
		const name = frm.doc.name;
		const is_confirming = takes_confirmation();
		frm.escalation_view = await frappe.xcall(ESCALATION_API + "ticket_timeline", {
			doctype: frm.doctype,
			name,
		});
		if (frm.doc.name !== name) return;
		show_what_applies(frm);
		make_room_for_title(frm);
		show_headline(frm);
		show_actions(frm);
		show_contacts(frm);
		show_why(frm);
		show_conversation(frm);
		if (is_confirming) confirm_from_mail(frm);
	},
});

// Of a text from either side its beginning is seen; a phone's head has room for the number and the button.
function make_room_for_title(frm) {
	const title = frm.page.$title_area.find(".title-text").attr("dir", "auto");
	if (!frappe.is_mobile()) return;
	const head = title.closest(".page-title");
	head.css({ flex: "1 1 0", minWidth: 0, maxWidth: "none" }).siblings(".page-actions").css({ flex: "0 0 auto", width: "auto" });
	frm.page.clear_indicator();
}

const is_open = (frm) => core_helpdesk.timeline.is_open(frm.doc);

// --- Headline

function show_headline(frm) {
	show_unconfirmed(frm);
	const draw = () => frm.dashboard.set_headline(headline(frm), headline_colour(frm));
	draw();
	clearInterval(frm.escalation_ticking);
	if (!is_open(frm)) return;
	frm.escalation_ticking = setInterval(() => {
		const shown = $(frm.wrapper).find("[data-ch-left]");
		if (!shown.length || !document.contains(shown[0])) return clearInterval(frm.escalation_ticking);
		return shown.text(time_left(frm));
	}, 1000);
}

// Managers who have not said that their copy reached them (TSM-01), where their copies stand.
function show_unconfirmed(frm) {
	const field = frm.fields_dict.recipients;
	const waiting = (frm.escalation_view.escalation || {}).unconfirmed || [];
	if (!field) return;
	field.$wrapper.find(".ch-unconfirmed").remove();
	if (!waiting.length || !is_open(frm)) return;
	const names = waiting.map((person) => `<bdi>${frappe.utils.escape_html(person.full_name)}</bdi>`);
	const text = __("Receipt not confirmed yet: {0}", [core_helpdesk.reading.list(names)]);
	$(`<p class="ch-unconfirmed text-muted small" style="margin-block: 6px"></p>`).html(text).appendTo(field.$wrapper);
}

function headline(frm) {
	const timeline = core_helpdesk.timeline;
	const parts = [
		...(frm.doc.clock === "Tracing" ? [`<b>${__("Tracing")}</b>`] : []),
		`<b>${__("Level {0}: {1}", [frm.doc.level, __(frm.doc.target)])}</b>`,
		__("since {0}", [timeline.moment(frm.doc.escalated_at)]),
	];
	const { owner_name } = shown_escalation(frm);
	if (owner_name) parts.push(__("Owner in TSM: {0}", [`<bdi>${frappe.utils.escape_html(owner_name)}</bdi>`]));
	if (is_open(frm)) {
		parts.push(`<span data-ch-left style="font-variant-numeric: tabular-nums">${time_left(frm)}</span>`);
	} else {
		const status = __(frm.doc.status, null, "Ticket Escalation");
		parts.push(frm.doc.outcome_on ? `${status} (${timeline.moment(frm.doc.outcome_on)})` : status);
	}
	// Room for the cross that puts the headline away.
	return `<div style="padding-inline-end: 24px">${parts.join(" · ")}</div>`;
}

function shown_escalation(frm) {
	return (frm.escalation_view.escalations || []).find((escalation) => escalation.name === frm.doc.name) || {};
}

function time_left(frm) {
	const view = frm.escalation_view || {};
	const seconds = Math.floor(frm.doc.answer_due_epoch - core_helpdesk.timeline.now(view));
	if (seconds < 0) return __("Solution overdue by {0}", [core_helpdesk.timeline.duration(seconds)]);
	const clock = [seconds / 3600, (seconds % 3600) / 60, seconds % 60]
		.map((part) => String(Math.floor(part)).padStart(2, "0"))
		.join(":");
	return __("{0} left for a solution", [`\u2066${clock}\u2069`]);
}

function headline_colour(frm) {
	if (!is_open(frm)) return frm.doc.status === "Failed" ? "red" : "green";
	const left = frm.doc.answer_due_epoch - core_helpdesk.timeline.now(frm.escalation_view || {});
	if (left < 0) return "red";
	return left < 4 * 3600 ? "orange" : "blue";
}

// --- Actions: the server says which this user may take now

const follow_up = () => __("Follow-up");
const outcome = () => __("Outcome");
const ACTIONS = {
	acknowledge: { label: () => __("Acknowledge"), primary: true, run: (frm) => act(frm, "acknowledge") },
	confirm_receipt: { label: () => __("Confirm Receipt"), primary: true, run: (frm) => act(frm, "confirm_receipt") },
	contacted: { label: () => __("Head Contacted"), group: follow_up, run: (frm) => ask_contact(frm) },
	add_note: { label: () => __("Note"), group: follow_up, run: (frm) => ask_note(frm) },
	send_again: { label: () => __("Send Again"), group: follow_up, run: (frm) => act(frm, "send_again") },
	take_over: { label: () => __("Take Over"), group: follow_up, run: (frm) => act(frm, "take_over") },
	solve: { label: () => __("Solved"), group: outcome, run: (frm) => ask_outcome(frm, "solve") },
	fail: { label: () => __("Failed", null, "Ticket Escalation"), group: outcome, run: (frm) => ask_outcome(frm, "fail") },
	hand_back: { label: () => __("Hand Back"), group: outcome, run: (frm) => ask_outcome(frm, "hand_back") },
};

function show_actions(frm) {
	const allowed = (frm.escalation_view.escalation || {}).actions || [];
	// Acknowledging confirms one's own copy as well, so that one of the two is enough.
	const primary = Object.keys(ACTIONS).find((name) => ACTIONS[name].primary && allowed.includes(name));
	frm.page.clear_primary_action();
	for (const [name, action] of Object.entries(ACTIONS)) {
		if (!allowed.includes(name) || (action.primary && name !== primary)) continue;
		const run = () => action.run(frm);
		// The page's own place for it is seen on a phone as well.
		if (name === primary) frm.page.set_primary_action(action.label(), run);
		else frm.add_custom_button(action.label(), run, action.group && action.group());
	}
	frm.page.add_menu_item(__("Open Ticket"), () => open_ticket(frm));
	say_why_not_solved(frm, allowed);
}

function say_why_not_solved(frm, allowed) {
	if (!is_open(frm) || !allowed.includes("fail") || allowed.includes("solve")) return;
	const text =
		frm.doc.clock === "Tracing"
			? __("The tracing case is still open: Solved can be recorded once it is closed.")
			: __("The ticket is still open: Solved can be recorded once its group has resolved it.");
	frm.set_intro(`<div style="padding-inline-end: 24px">${text}</div>`, "blue");
}

function open_ticket(frm) {
	if (frappe.user.has_role("Agent")) {
		window.open(`/helpdesk/tickets/${encodeURIComponent(frm.doc.reference_name)}`);
	} else {
		frm.scroll_to_field("conversation");
	}
}

async function act(frm, action, values = {}) {
	await frappe.xcall(ESCALATION_API + action, { name: frm.doc.name, ...values });
	await frm.reload_doc();
}

function ask_contact(frm, given = {}) {
	const contacts = (frm.escalation_view.escalation || {}).contacts || [];
	const fields = [
		{
			fieldname: "person",
			fieldtype: "Select",
			label: __("Person"),
			reqd: 1,
			options: contacts.map((contact) => ({
				value: contact.user,
				label: `${contact.full_name} (${contact.capacity})`,
			})),
			default: given.person || frm.doc.head || (contacts[0] || {}).user,
		},
		{
			fieldname: "channel",
			fieldtype: "Select",
			label: __("Channel"),
			reqd: 1,
			options: ["Phone", "E-mail", "In Person", "System"].map((value) => ({
				value,
				label: __(value, null, "Escalation Follow Up"),
			})),
			default: given.channel || "Phone",
		},
		{ fieldname: "note", fieldtype: "Small Text", label: __("What was said"), reqd: 1 },
		{ fieldname: "next_action_at", fieldtype: "Datetime", label: __("Next Action") },
	];
	ask(frm, "contacted", __("Head Contacted"), fields);
}

function ask_note(frm) {
	ask(frm, "add_note", __("Note"), [
		{ fieldname: "note", fieldtype: "Small Text", label: __("Note"), reqd: 1 },
		{ fieldname: "next_action_at", fieldtype: "Datetime", label: __("Next Action") },
	]);
}

function ask_outcome(frm, action) {
	const wording = {
		solve: [__("Solved"), "note", __("What solved it")],
		fail: [__("Failed", null, "Ticket Escalation"), "reason", __("Why there is no solution")],
		hand_back: [__("Hand Back"), "reason", __("Why the group gets it back")],
	};
	const [title, fieldname, label] = wording[action];
	const fields = [{ fieldname, fieldtype: "Small Text", label, reqd: 1 }];
	if (action === "hand_back") {
		const text = __("The ticket goes on with its group; a new cycle of escalation starts now.");
		fields.unshift({ fieldtype: "HTML", options: `<p class="text-muted">${text}</p>` });
	}
	ask(frm, action, title, fields);
}

function ask(frm, action, title, fields) {
	const dialog = new frappe.ui.Dialog({
		title,
		fields,
		primary_action_label: __("Save"),
		primary_action: async (values) => {
			dialog.disable_primary_action();
			// What is refused stays to be mended.
			const given = { ...values, next_action_at: values.next_action_at || null };
			const is_done = await act(frm, action, given).then(() => true, () => false);
			dialog.enable_primary_action();
			if (is_done) dialog.hide();
		},
	});
	dialog.show();
}

// The copy's mail links here to say that it was received (TSM-01): asked for once, and gone from the address then, so
// that neither a reload nor the next list takes it up.
function takes_confirmation() {
	const asked = new URLSearchParams(window.location.search).has("confirm_receipt");
	if (!asked) return false;
	window.history.replaceState(window.history.state, "", window.location.pathname + window.location.hash);
	if (frappe.route_options) delete frappe.route_options.confirm_receipt;
	return true;
}

async function confirm_from_mail(frm) {
	if (!((frm.escalation_view.escalation || {}).actions || []).includes("confirm_receipt")) return;
	await act(frm, "confirm_receipt");
	frappe.show_alert({ message: __("Thank you: the receipt is confirmed."), indicator: "green" });
}

// --- Contacts (TSM-10): a click calls or writes, and offers to log it

function show_contacts(frm) {
	const contacts = (frm.escalation_view.escalation || {}).contacts || [];
	const may_log = ((frm.escalation_view.escalation || {}).actions || []).includes("contacted");
	const field = frm.fields_dict.head;
	if (!field || !contacts.length) return;
	field.$wrapper.find(".ch-contacts").remove();
	const list = $(`<div class="ch-contacts small" style="margin-block: -6px 12px"></div>`).appendTo(field.$wrapper);
	for (const contact of contacts) contact_line(frm, contact, may_log).appendTo(list);
}

function contact_line(frm, contact, may_log) {
	const escape = frappe.utils.escape_html;
	const links = [
		contact.phone && { href: `tel:${contact.phone}`, text: contact.phone, channel: "Phone" },
		contact.email && { href: `mailto:${contact.email}`, text: contact.email, channel: "E-mail" },
	].filter(Boolean);
	const line = $(`<div><b>${escape(contact.full_name)}</b> <span class="text-muted">${escape(contact.capacity)}</span> </div>`);
	for (const link of links) {
		const anchor = $(`<a href="${escape(link.href)}" style="margin-inline-start: 8px"><bdi dir="ltr">${escape(link.text)}</bdi></a>`);
		if (may_log) anchor.on("click", () => ask_contact(frm, { person: contact.user, channel: link.channel }));
		line.append(anchor);
	}
	return line;
}

// --- Why this deadline

function show_why(frm) {
	const timeline = core_helpdesk.timeline;
	const field = frm.fields_dict.why;
	if (!field) return;
	const late =
		frm.doc.late_seconds > 60
			? `<p class="text-muted">${__("Recorded {0} after it was due.", [timeline.duration(frm.doc.late_seconds)])}</p>`
			: "";
	const days = timeline.explanation(frm.escalation_view.explanation || []);
	const none = `<p class="text-muted">${__("No reckoning was kept for this escalation.")}</p>`;
	field.$wrapper.html(
		`${timeline.STYLE}<div class="ch-timeline"><details ${days ? "" : "open"}>
			<summary>${__("Why this deadline?")}</summary>${late}${days || none}</details></div>`
	);
}

// --- Conversation, read live from the ticket for the people named on the escalation

async function show_conversation(frm) {
	const field = frm.fields_dict.conversation;
	const name = frm.doc.name;
	if (!field) return;
	field.$wrapper.html(`<p class="text-muted">${__("Loading...")}</p>`);
	const found = await frappe.xcall(ESCALATION_API + "escalation_conversation", { name });
	if (frm.doc.name !== name) return;
	const empty = `<p class="text-muted">${__("No messages yet.")}</p>`;
	field.$wrapper.html(found.length ? `<div class="ch-conversation">${found.map(message).join("")}</div>` : empty);
}

const DIRECTIONS = () => ({
	Received: [__("From the Customer"), "orange"],
	Sent: [__("To the Customer"), "blue"],
	Internal: [__("Internal"), "gray"],
});

// The server has made the messages harmless.
function message(said) {
	const [label, colour] = DIRECTIONS()[said.direction] || [__(said.direction), "gray"];
	const sender = frappe.utils.escape_html(said.sender_name || said.sender || "");
	return `<div style="border: 1px solid var(--border-color); border-radius: 8px; padding: 10px 14px; margin-block-end: 10px">
		<div class="text-muted small" style="display: flex; flex-wrap: wrap; gap: 4px 12px; margin-block-end: 6px">
			<span class="indicator-pill ${colour}">${label}</span><bdi>${sender}</bdi>
			<bdi>${core_helpdesk.timeline.moment(said.at)}</bdi>
		</div>
		<div dir="auto" class="ql-snow" style="overflow-wrap: anywhere; overflow-x: auto">${said.html || ""}</div>
	</div>`;
}

// --- Fields and rows

const SAID_ELSEWHERE = ["title", "reference_doctype", "clock"];

function style_fields(frm) {
	frm.toggle_display(SAID_ELSEWHERE, false);
	// Written by the engine in English, like every option of a list.
	for (const field of ["target", "head_capacity"]) frm.set_df_property(field, "formatter", (value) => __(value || ""));
	frm.set_df_property("gap", "formatter", (value) => core_helpdesk.reading.list((value || "").split("\n").map((gap) => __(gap))));
	frm.set_df_property("outcome_reason", "formatter", as_text);
	frm.set_df_property("reference_name", "formatter", (value) => ticket_link(value));
	frm.set_df_property("reference_name", "reqd", 0);
	frm.set_df_property("late_seconds", "label", __("Recorded Late by"));
	frm.set_df_property("late_seconds", "formatter", (value) => core_helpdesk.timeline.duration(value));
	style_rows(frm);
}

function show_what_applies(frm) {
	frm.toggle_display("cycle", frm.doc.cycle > 1);
	frm.toggle_display("late_seconds", frm.doc.late_seconds > 60);
}

function ticket_link(name) {
	const text = frappe.utils.escape_html(name || "");
	if (!frappe.user.has_role("Agent")) return text;
	return `<a href="/helpdesk/tickets/${encodeURIComponent(name)}" target="_blank">${text}</a>`;
}

function style_rows(frm) {
	const { dress_cells } = core_helpdesk.reading;
	const kind_pill = (value) => pill(__(value || "", null, "Escalation Follow Up"), KINDS[value]);
	dress_cells(frm, "Escalation Recipient", "delivery", (value, _field, _options, row) => delivery_pill(value, row || {}));
	dress_cells(frm, "Escalation Follow Up", "kind", kind_pill);
	for (const [table, fieldname] of Object.entries(TEXTS)) {
		const text = frappe.meta.get_docfield(table, fieldname);
		if (text) text.formatter = as_text;
	}
}

// What people and mail servers wrote: lines of text, and no markup (the server says by the same rule what is a tag).
const TEXTS = { "Escalation Follow Up": "note", "Escalation Recipient": "why_not" };

function as_text(value) {
	return (value || "").replace(/<(?![\s\d=])/g, "&lt;").replace(/\n/g, "<br>");
}

const DELIVERIES = { Waiting: "orange", Queued: "blue", Sent: "green", Failed: "red", "Not Sent": "gray" };
const KINDS = { Solved: "green", Failed: "red", "Head Contacted": "blue" };

// Members of TSM get a notice and no mail.
function delivery_pill(value, row) {
	if (value === "Waiting" && row.capacity === "Ticketing System Management") return pill(__("Notice Only"), "gray");
	return pill(__(value || "", null, "Escalation Recipient"), DELIVERIES[value]);
}

const pill = (text, colour) => (text ? `<span class="indicator-pill no-indicator-dot no-margin ${colour || "gray"}">${text}</span>` : "");
