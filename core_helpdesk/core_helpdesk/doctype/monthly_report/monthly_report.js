// A report of a month as it was made: its figures beside the month before, what is said of it, and its steps.
const API = "core_helpdesk.monthly_api.";
const RETURN = "Return to Maker";

frappe.ui.form.on("Monthly Report", {
	onload(frm) {
		core_helpdesk.reading.know_people(frm);
		core_helpdesk.reading.dress(frm);
		core_helpdesk.reading.edit_as_written(frm, ["comment"]);
	},

	async refresh(frm) {
		const name = frm.doc.name;
		core_helpdesk.reading.know_people(frm);
		for (const field of ["comment", "outcomes"]) frm.set_df_property(field, "read_only", 1);
		const view = await frappe.xcall(`${API}shown`, { report: name });
		if (frm.doc.name !== name) return;
		frm.page.set_title(view.title);
		frm.ch_title = view.title;
		// The title says the kind, and beside it stands for whom it waits; the month may have no room there.
		frm.toggle_display(["kind", "workflow_state"], false);
		frm.set_df_property("month", "formatter", () => `<bdi>${said(view.month)}</bdi>`);
		core_helpdesk.reading.hide_mails(frm);
		show_labels(frm);
		frm.add_custom_button(__("Report as PDF"), () => window.open(`/api/method/${API}paper?report=${encodeURIComponent(name)}`));
		show_state(frm);
		show_figures(frm, view);
		show_intro(frm, view);
		frm.set_df_property("comment", "read_only", view.may_comment ? 0 : 1);
		frm.set_df_property("outcomes", "read_only", view.may_enter ? 0 : 1);
		if (!view.may_comment && !view.may_enter) frm.disable_save();
		core_helpdesk.corrective_actions.show(frm, view);
	},

	// The framework takes the step once this is done; without an answer, it does not.
	async before_workflow_action(frm) {
		const { selected_workflow_action: step } = frm;
		frappe.dom.unfreeze();
		await (step === RETURN ? ask_reason(frm) : confirmed(frm, step));
		frappe.dom.freeze();
	},

	after_workflow_action: (frm) => frm.reload_doc(),
});

// A report of quality assurance is submitted, the others are sent.
function show_labels(frm) {
	if (frm.doc.kind !== "QA Monthly Report") return;
	frm.set_df_property("sent_by", "label", __("Submitted By"));
	frm.set_df_property("sent_on", "label", __("Submitted On"));
}

const said = (text) => frappe.utils.escape_html(String(text ?? ""));

// Where there is a workflow the framework words and colours a state by itself.
function show_state(frm) {
	if (!frm.is_dirty()) frm.page.set_indicator(...core_helpdesk.monthly_state.indicator(frm.doc));
}

function show_figures(frm, view) {
	const place = frm.get_field("figures_html").$wrapper.empty();
	const lines = view.summary.map((line) => `<li dir="auto">${said(line)}</li>`).join("");
	place.append(`<p class="text-muted">${said(view.lead)}</p><ul>${lines}</ul>`);
	core_helpdesk.month_figures.show(place, view, view.total_title);
}

function show_intro(frm, { steps, is_live, is_on_record, may_comment, may_enter }) {
	frm.set_intro("");
	const { return_reason: reason, workflow_state: state } = frm.doc;
	if (state === "Made" && reason) {
		const who = `<bdi>${said(core_helpdesk.reading.person(frm.doc.returned_by))}</bdi>`;
		const text = `<bdi>${said(frappe.utils.unescape_html(reason))}</bdi>`;
		frm.set_intro(__("{0} writes: {1}", [who, text]), "orange");
	}
	let text = __("This report waits for you:");
	if (may_comment) text = __("Write your comment below the figures, then:");
	if (is_on_record) text = __("Made for the record when its month was long over: nobody waits for it. You may still take this step:");
	if (may_enter) text = __("Enter for each department what was discussed and when, then forward the report.");
	const acts = steps.map((step) => ({ label: __(step), run: () => take(frm, step) }));
	if (acts.length || may_enter) core_helpdesk.reading.ask(frm, text, acts);
	if (!is_live && state === "Made") frm.set_intro(__("Nothing is mailed unless Core Helpdesk is in the mode Live."), "orange");
}

const QUESTIONS = (report) => ({
	"Submit Report": __("Submit {0} to the Customer Service Manager for review? Its comment cannot be changed afterwards.", [report]),
	"Send Report": __("Send {0} to its readers? Its comment cannot be changed afterwards.", [report]),
	"Record Review": __("Record that you have reviewed {0}? The General Manager signs it next.", [report]),
	"Forward to General Manager": __("Forward {0} to the General Manager? What was discussed cannot be changed afterwards.", [report]),
	Sign: __("Sign {0} for management?", [report]),
});

// Goes on with a yes, and never without.
function confirmed(frm, step) {
	const question = QUESTIONS(`<bdi>${said(frm.ch_title)}</bdi>`)[step];
	return question ? new Promise((go_on) => frappe.confirm(question, go_on)) : Promise.resolve();
}

// What was written and not saved yet goes along.
async function take(frm, step) {
	if (step === RETURN) return ask_reason(frm);
	await confirmed(frm, step);
	if (frm.is_dirty()) await frm.save();
	await frappe.xcall(`${API}take`, { report: frm.doc.name, action: step });
	frm.reload_doc();
}

// Taken together with its reason: the framework is not to take the step once more.
function ask_reason(frm) {
	return new Promise(() => {
		const field = { fieldname: "reason", fieldtype: "Small Text", label: __("What Is to Be Changed"), reqd: 1 };
		const take = async ({ reason }) => {
			await frappe.xcall(`${API}take`, { report: frm.doc.name, action: RETURN, reason });
			frm.reload_doc();
		};
		frappe.prompt(field, take, __("Return to Maker"));
	});
}
