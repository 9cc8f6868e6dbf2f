// A corrective action: what was decided, its effect since, and marking it as done or dropping it.
const API = "core_helpdesk.monthly_api.";

// The framework offers the site's own country: an action without one is for all.
frappe.meta.get_docfield("Corrective Action", "country").no_default = 1;

frappe.ui.form.on("Corrective Action", {
	onload(frm) {
		core_helpdesk.reading.know_people(frm);
		core_helpdesk.reading.dress(frm);
	},

	setup(frm) {
		frm.set_query("responsible", () => ({ filters: { user_type: "System User", enabled: 1 } }));
		frm.set_query("from_doctype", () => ({ filters: { name: ["in", ["Monthly Report", "Tracing Month"]] } }));
	},

	async refresh(frm) {
		core_helpdesk.reading.know_people(frm);
		if (frm.is_new()) return;
		const name = frm.doc.name;
		const view = await frappe.xcall(`${API}action_shown`, { action: name });
		if (frm.doc.name !== name) return;
		for (const field of ["what", "department", "country", "from_doctype", "from_report"]) frm.set_df_property(field, "read_only", 1);
		show_report(frm, view);
		core_helpdesk.reading.hide_mails(frm);
		for (const field of ["responsible", "due_on"]) frm.set_df_property(field, "read_only", view.may_change ? 0 : 1);
		frm.set_df_property("responsible", "description", view.may_change ? person_named(frm.doc.responsible) : "");
		if (!view.may_change) frm.disable_save();
		show_effect(frm, view);
		frm.set_intro("");
		show_acts(frm, view);
	},
});

function show_acts(frm, { is_overdue, may_settle, may_drop }) {
	const acts = [];
	if (may_settle) acts.push({ label: __("Mark as Done"), run: () => settle(frm, "Done", __("Mark as Done"), __("What was done")) });
	if (may_drop) acts.push({ label: __("Drop the Action"), run: () => settle(frm, "Dropped", __("Drop the Action"), __("Why it is dropped")) });
	const is_asked = frappe.is_mobile() && acts.length;
	if (is_asked) core_helpdesk.reading.ask(frm, is_overdue ? __("This action is overdue.") : "", acts);
	else acts.forEach(({ label, run }, number) => frm.add_custom_button(label, run).toggleClass("btn-primary", !number));
	if (is_overdue && !is_asked) frm.set_intro(__("This action is overdue."), "red");
}

const said = (text) => frappe.utils.escape_html(String(text ?? ""));

const person_named = (user) => `<bdi>${said(core_helpdesk.reading.person(user))}</bdi>`;

// The report says its kind and month, too.
function show_report(frm, { report }) {
	frm.toggle_display(["from_doctype", "month"], false);
	const { from_doctype, from_report } = frm.doc;
	const link = said(frappe.utils.get_form_link(from_doctype, from_report));
	const words = `<bdi>${said(report)}</bdi>`;
	const shown = frappe.model.can_read(from_doctype) ? `<a href="${link}">${words}</a>` : words;
	frm.set_df_property("from_report", "formatter", () => shown);
}

function show_effect(frm, { measure, value_then, effect }) {
	const place = frm.get_field("effect_html").$wrapper.empty();
	const is_told = !measure || value_then;
	const head = is_told ? __("Effect", null, "Corrective Action") : __("Measured By");
	$(frm.get_field("s_effect").wrapper).find(".section-head").text(head);
	if (!measure) return place.append(`<p class="text-muted">${__("No figure was chosen to measure it by.")}</p>`);
	if (!is_told) {
		const why = __("You do not see these figures: they are for those who see the whole department or country.");
		return place.append(`<p>${said(measure)}</p><p class="text-muted">${why}</p>`);
	}
	const then = `<p>${said(measure)}: <b dir="ltr">${said(value_then)}</b></p>`;
	const since = effect
		? `<p>${__("On the report of {0}", [said(effect.month)])}: <b dir="ltr">${said(effect.now)}</b> <span dir="ltr">${said(effect.change)}</span></p>`
		: `<p class="text-muted">${__("Its effect shows on the next report.")}</p>`;
	return place.append(then, since);
}

function settle(frm, state, title, label) {
	const field = { fieldname: "note", fieldtype: "Small Text", label, reqd: 1 };
	frappe.prompt(
		field,
		async ({ note }) => {
			await frappe.xcall(`${API}settle`, { action: frm.doc.name, state, note });
			frm.reload_doc();
		},
		title
	);
}
