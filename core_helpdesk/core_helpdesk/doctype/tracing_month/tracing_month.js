// A month of tracing as it was counted when it was over: its figures beside the month before, what the Support
// Supervisor says of it and to whom it was sent, and who has reviewed it.
const MONTH_API = "core_helpdesk.month_api.";
const MONTHLY_REPORT = "Tracing Monthly Report";

frappe.ui.form.on("Tracing Month", {
	onload(frm) {
		core_helpdesk.reading.know_people(frm);
		core_helpdesk.reading.dress(frm);
		// Stored in English, like every state; the words are those of an escalation's recipients.
		for (const field of ["role", "outcome"]) {
			const df = frappe.meta.get_docfield("Tracing Month Recipient", field, frm.doc.name);
			df.formatter = (value) => said(__(value || "", null, "Escalation Recipient"));
		}
	},

	async refresh(frm) {
		const name = frm.doc.name;
		const view = await frappe.xcall(`${MONTH_API}shown`, { month: name });
		if (frm.doc.name !== name) return;
		frm.page.set_title(view.title);
		core_helpdesk.reading.know_people(frm);
		frm.toggle_display("recipients", frm.doc.recipients.length);
		frm.set_df_property("remarks", "read_only", view.may_remark ? 0 : 1);
		if (!view.may_remark) frm.disable_save();
		show_figures(frm, view);
		show_who_is_to_review(frm, view);
		show_acts(frm, view);
		core_helpdesk.corrective_actions.show(frm, view);
	},
});

const said = (text) => frappe.utils.escape_html(String(text ?? ""));

function show_figures(frm, view) {
	const place = frm.get_field("figures_html").$wrapper.empty();
	core_helpdesk.month_figures.show(place, view, __("All Cases"));
}

// A month that was not sent yet waits for nobody's review.
function show_who_is_to_review(frm, { not_reviewed }) {
	const place = frm.get_field("not_reviewed_html").$wrapper.empty();
	if (frm.doc.status !== "Sent" || !not_reviewed.length) return;
	const names = not_reviewed.map((name) => `<bdi>${said(name)}</bdi>`).join(", ");
	place.append(`<p class="text-muted">${__("Tracing Officers who have not reviewed it yet: {0}", [names])}</p>`);
}

// --- Acts

function show_acts(frm, view) {
	frm.add_custom_button(__("Cases behind the Figures"), () => {
		frappe.set_route("query-report", MONTHLY_REPORT, { month: frm.doc.name });
	});
	frm.add_custom_button(view.reviewed ? __("Review Again") : __("Record My Review"), () => review(frm));
	if (view.may_sign) frm.add_custom_button(__("Sign"), () => sign(frm)).addClass("btn-primary");
	if (!view.may_send) return;
	const label = frm.doc.status === "Sent" ? __("Send to Those It Did Not Reach") : __("Send", null, "Tracing Month");
	frm.add_custom_button(label, () => send(frm)).addClass("btn-primary");
}

function send(frm) {
	const question = __("Send this report to the QA Specialists and the Customer Service Manager? Its remarks stand from then on.");
	frappe.confirm(question, async () => {
		if (frm.is_dirty()) await frm.save();
		const problems = await frappe.xcall(`${MONTH_API}send`, { month: frm.doc.name });
		await frm.reload_doc();
		if (!problems.length) return frappe.show_alert({ message: __("The report is on its way."), indicator: "green" });
		const list = problems.map((problem) => `<li><bdi>${said(problem)}</bdi></li>`).join("");
		return frappe.msgprint({ title: __("Not Sent to Everybody"), indicator: "orange", message: `<ul>${list}</ul>` });
	});
}

function review(frm) {
	const field = { fieldname: "note", fieldtype: "Small Text", label: __("Note", null, "Tracing Month") };
	frappe.prompt(
		field,
		async ({ note }) => {
			await frappe.xcall(`${MONTH_API}review`, { month: frm.doc.name, note: note || "" });
			frm.reload_doc();
		},
		__("My Review of This Month"),
		__("Record", null, "Tracing Month")
	);
}

function sign(frm) {
	frappe.confirm(__("Sign this report for management?"), async () => {
		await frappe.xcall(`${MONTH_API}sign`, { month: frm.doc.name });
		frm.reload_doc();
	});
}
