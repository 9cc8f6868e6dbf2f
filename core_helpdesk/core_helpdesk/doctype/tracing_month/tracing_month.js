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
	},
});

const said = (text) => frappe.utils.escape_html(String(text ?? ""));
const number = (text) => `<span dir="ltr">${said(text)}</span>`;
const coloured = (tone) => (tone ? `color: var(--${tone}-600); font-weight: 600` : "");

// --- Figures

function show_figures(frm, view) {
	const place = frm.get_field("figures_html").$wrapper.empty();
	place.append('<div class="ch-month-chart"></div>', head_of(view.lines), view.tables.map(table_of).join(""));
	if (!frappe.is_mobile()) frappe.utils.make_chart(place.find(".ch-month-chart")[0], view.chart);
}

function head_of(lines) {
	const rows = lines.map(
		(line) => `<tr>
			<td>${said(line.label)}</td>
			<td style="${coloured(line.tone)}">${number(line.this)}</td>
			<td>${number(line.last)}</td>
			<td>${number(line.change)}</td>
			<td>${number(line.goal)}</td>
		</tr>`
	);
	return framed([__("Figure"), __("This Month"), __("Month Before"), __("Change"), __("Goal")], rows, __("All Cases"));
}

function table_of({ title, columns, rows }) {
	const lines = rows.map(({ part, cells, tones }) => {
		const values = cells.map((cell, at) => `<td style="${coloured(tones[at])}">${number(cell)}</td>`);
		return `<tr><td><bdi>${said(part)}</bdi></td>${values.join("")}</tr>`;
	});
	return framed([title, ...columns], lines, title);
}

function framed(heads, rows, title) {
	return `<h5 style="margin: 18px 0 6px">${said(title)}</h5>
		<div style="overflow-x: auto"><table class="table table-bordered" style="margin: 0; font-size: var(--text-sm)">
			<thead><tr>${heads.map((head) => `<th>${said(head)}</th>`).join("")}</tr></thead>
			<tbody>${rows.join("")}</tbody>
		</table></div>`;
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
