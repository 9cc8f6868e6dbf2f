// The form of a claim: what is missing, whose turn it is, and a question before the steps that need an answer.

// The framework offers the site's own country and currency, which need not be the case's.
for (const field of ["country", "currency"]) frappe.meta.get_docfield("Tracing Claim", field).no_default = 1;

frappe.ui.form.on("Tracing Claim", {
	onload(frm) {
		core_helpdesk.reading.edit_as_written(frm);
		core_helpdesk.reading.leave_out_on_phones(frm, "documents", ["is_required", "note"]);
	},

	setup(frm) {
		frm.set_query("tracing_case", () => ({ filters: { status: ["!=", "Closed"] } }));
		frm.set_query("currency", () => ({ filters: { enabled: 1 } }));
	},

	refresh(frm) {
		core_helpdesk.reading.know_people(frm);
		core_helpdesk.reading.hide_mails(frm);
		core_helpdesk.reading.dress(frm);
		// Who writes the claim may not write what others do; which is which is known once it was looked at.
		if (frm.is_new()) return begin(frm);
		show_state(frm);
		for (const field of ["tracing_case", "amount", "currency", "grounds", "documents", "decision_reason", ...PAYMENT])
			frm.set_df_property(field, "read_only", 1);
		look(frm);
	},

	async tracing_case(frm) {
		if (!frm.is_new() || !frm.doc.tracing_case) return;
		await core_helpdesk.claims.fill(frm.doc);
		frm.refresh_fields();
	},

	// The framework takes the step once this is done; without an answer, it does not.
	before_workflow_action(frm) {
		const action = frm.selected_workflow_action;
		if (action === "Mark as Paid") return ask_payment(frm);
		const ask = REASONS()[action];
		return ask ? ask_reason(frm, action, ask) : confirm_step(frm, action);
	},

	after_workflow_action: (frm) => frm.reload_doc(),
});

const PAYMENT = ["paid_on", "payment_reference"];
const CLAIMED = ["amount", "currency", "grounds", "documents"];
const escape = (text) => frappe.utils.escape_html(String(text === null || text === undefined ? "" : text));

// Where there is a workflow the framework words and colours a state by itself.
function show_state(frm) {
	const { workflow_state: state } = frm.doc;
	// A phone's head has no room for it; it stands among the fields.
	if (frappe.is_mobile()) frm.page.clear_indicator();
	else if (!frm.is_dirty()) frm.page.set_indicator(core_helpdesk.reading.state(state), core_helpdesk.claims.colour(state));
}

function begin(frm) {
	frm.set_intro("");
	frm.set_intro(__("Choose the case, enter what is claimed, and save. Then submit it for approval."), "blue");
	for (const field of CLAIMED) frm.set_df_property(field, "read_only", 0);
	frm.set_df_property("tracing_case", "read_only", 0);
}

async function look(frm) {
	const name = frm.doc.name;
	const found = await frappe.xcall(core_helpdesk.claims.API + "look_at", { claim: name });
	// Another claim is open by now.
	if (frm.doc.name !== name) return;
	frm.ch_found = found;
	for (const field of CLAIMED) frm.set_df_property(field, "read_only", found.may_write ? 0 : 1);
	for (const field of PAYMENT) frm.set_df_property(field, "read_only", found.may_pay ? 0 : 1);
	frm.toggle_display("decision_reason", Boolean(frm.doc.decision_reason));
	name_papers(frm, found.papers);
	show_intro(frm, found);
}

// Stored under the names that the settings give them, read under those of the reader's language.
function name_papers(frm, papers) {
	const { cell, dress_cells } = core_helpdesk.reading;
	dress_cells(frm, "Tracing Document", "document", (name) => (name ? cell(escape(papers[name] || name)) : ""));
	frm.refresh_field("documents");
}

function show_intro(frm, found) {
	const state = frm.doc.workflow_state;
	frm.set_intro("");
	if (found.missing.length) {
		const items = found.missing.map((paper) => `<li><bdi>${escape(paper)}</bdi></li>`).join("");
		frm.set_intro(`<b>${__("Required Documents Not Received")}</b><ul style="margin-block: 4px 0">${items}</ul>`, "orange");
	} else if (found.may_write) {
		frm.set_intro(__("Nothing is missing. Submit it for approval with the button above."), "green");
	}
	if (frm.doc.decision_reason && ["Draft", "Refused", "Withdrawn"].includes(state)) {
		const reason = `<bdi>${escape(frappe.utils.unescape_html(frm.doc.decision_reason))}</bdi>`;
		const who = `<bdi>${escape(core_helpdesk.reading.person(frm.doc.reason_by))}</bdi>`;
		frm.set_intro(__("{0} writes: {1}", [who, reason]), "orange");
	}
	if (state === "Approved") {
		frm.set_intro(__("Approved, but not handed over to Customer Care yet. It is tried again by itself."), "orange");
	}
	if (found.needs_manager) {
		frm.set_intro(__("After the Support Supervisor the Customer Service Manager decides on this claim."), "blue");
	}
	show_others(frm, found.others);
	show_turn(frm, found.turn);
}

function show_others(frm, others) {
	if (!others.length) return;
	const { state } = core_helpdesk.reading;
	const links = others.map(({ name, workflow_state, amount, currency }) => {
		const text = `${name}: ${format_currency(amount, currency)}, ${state(workflow_state)}`;
		return `<a href="${escape(frappe.utils.get_form_link("Tracing Claim", name))}"><bdi>${escape(text)}</bdi></a>`;
	});
	frm.set_intro(__("Other claims of this case: {0}", [core_helpdesk.reading.list(links)]), "yellow");
}

const YOUR_TURN = () => ({
	"Supervisor Approval": __("This claim waits for your decision: choose it with the button Actions above."),
	"Manager Approval": __("This claim waits for your decision: choose it with the button Actions above."),
	"Handed Over": __("This claim is approved. Once it is paid, say so with the button Actions above."),
});

function show_turn(frm, turn) {
	const others = turn.filter(({ user }) => user !== frappe.session.user);
	const next = YOUR_TURN()[frm.doc.workflow_state];
	if (others.length !== turn.length && next) frm.set_intro(next, "blue");
	if (!others.length || others.length !== turn.length) return;
	const names = others.map((person) => `<bdi>${escape(person.full_name)}</bdi>`);
	frm.set_intro(__("Waiting for: {0}", [new Intl.ListFormat(frappe.boot.lang).format(names)]), "blue");
}

// --- Steps

const REASONS = () => ({
	"Return to Officer": { label: __("What is missing?"), title: __("Return to Officer") },
	Refuse: { label: __("Why is it refused?"), title: __("Refuse") },
	Withdraw: { label: __("Why is it withdrawn?"), title: __("Withdraw") },
});

// The framework has frozen the page for the step; the question needs it open. Who thinks better of it closes the
// question, and the step is never taken.
function ask(title, fields, send) {
	frappe.dom.unfreeze();
	return new Promise((go_on) => {
		const dialog = new frappe.ui.Dialog({
			title,
			fields,
			primary_action_label: title,
			primary_action: async (values) => {
				dialog.hide();
				await send(values);
				frappe.dom.freeze();
				go_on();
			},
		});
		dialog.show();
	});
}

function ask_reason(frm, action, { label, title }) {
	const fields = [{ fieldname: "reason", fieldtype: "Small Text", label, reqd: 1 }];
	const { API } = core_helpdesk.claims;
	return ask(title, fields, ({ reason }) => frappe.xcall(API + "write_reason", { name: frm.doc.name, action, reason }));
}

function ask_payment(frm) {
	const label = (field) => __(frappe.meta.get_docfield(frm.doctype, field).label, null, frm.doctype);
	const fields = [
		{ fieldname: "paid_on", fieldtype: "Date", label: label("paid_on"), reqd: 1, default: frm.doc.paid_on || frappe.datetime.get_today() },
		{ fieldname: "payment_reference", fieldtype: "Data", label: label("payment_reference"), reqd: 1, default: frm.doc.payment_reference },
	];
	const { API } = core_helpdesk.claims;
	return ask(__("Mark as Paid"), fields, (values) => frappe.xcall(API + "write_payment", { name: frm.doc.name, ...values }));
}

function confirm_step(frm, action) {
	if (action !== "Approve") return Promise.resolve();
	const passes_on = frm.doc.workflow_state === "Supervisor Approval" && frm.ch_found && frm.ch_found.needs_manager;
	const amount = `<bdi>${escape(format_currency(frm.doc.amount, frm.doc.currency))}</bdi>`;
	const question = passes_on
		? __("Approve {0}? The Customer Service Manager then decides.", [amount])
		: __("Approve {0}? The ticket goes to Customer Care with everything attached.", [amount]);
	frappe.dom.unfreeze();
	return new Promise((go_on) => {
		frappe.confirm(question, () => {
			frappe.dom.freeze();
			go_on();
		});
	});
}
