// What would be sent to whom on a day, asked in the settings: nothing is made and nothing is sent by asking.
frappe.ui.form.on("Core Helpdesk Settings", {
	refresh(frm) {
		const may_ask = ["QA Specialist", "System Manager"].some((role) => frappe.user.has_role(role));
		frm.toggle_display("what_is_sent", may_ask);
	},

	what_is_sent: () => core_helpdesk.ask_what_is_sent(),
});

window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.ask_what_is_sent = () => {
	const dialog = new frappe.ui.Dialog({
		title: __("What Is Sent on a Day?"),
		size: "extra-large",
		fields: [
			{ fieldname: "day", fieldtype: "Date", label: __("Day"), reqd: 1, default: frappe.datetime.get_today(), change: () => show() },
			{ fieldname: "found", fieldtype: "HTML" },
		],
	});

	async function show() {
		const day = dialog.get_value("day");
		if (!day) return;
		const found = await frappe.xcall("core_helpdesk.report_sending_api.preview", { day });
		if (dialog.get_value("day") === day) dialog.get_field("found").$wrapper.html(html_of(found));
	}

	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));
	const time_of = (moment) => `<span dir="ltr">${escape(String(moment).slice(11, 16))}</span>`;

	function html_of({ deliveries, made, mode, signs }) {
		const parts = [];
		const mode_text = __("In this mode nothing is sent: this is what would be.");
		if (mode !== "Live") parts.push(`<div class="alert alert-warning">${mode_text}</div>`);
		const dead = signs.filter(({ is_dead }) => is_dead).map(({ part }) => escape(part));
		const dead_text = __("Not running: {0}", [core_helpdesk.reading.list(dead)]);
		if (dead.length) parts.push(`<div class="alert alert-danger">${dead_text}</div>`);
		const [time, report] = [__("Time", null, "Report Delivery"), __("Report", null, "Report Delivery")];
		const hidden = `<span class="text-muted">${__("Not shown to you")}</span>`;
		const rows = deliveries.map((row) => [
			time_of(row.due_at),
			about(row),
			row.full_name ? `<bdi>${escape(row.full_name)}</bdi>` : hidden,
			escape(row.capacity),
			escape(row.language_name),
			`<span class="text-danger">${escape(row.problem)}</span>`,
		]);
		const heads = [time, report, __("Person"), __("As"), __("Language", null, "Report Delivery"), __("Problem")];
		parts.push(rows.length ? table(heads, rows) : `<p class="text-muted">${__("Nothing is sent on this day.")}</p>`);
		const people = (found) => found.map(({ capacity, names }) => `<div>${escape(capacity)}: ${names.length ? in_a_row(names) : hidden}</div>`).join("");
		const drafts = made.map((row) => [time_of(row.due_at), about(row), people(row.makers), people(row.readers)]);
		const draft_heads = [time, report, __("Told to Send It"), __("Goes to, Step by Step")];
		if (drafts.length) parts.push(`<h5 style="margin-top: var(--margin-lg)">${__("Made for Those Who Send Them")}</h5>`, table(draft_heads, drafts));
		return parts.join("");
	}

	const about = ({ label, period }) => `${escape(label)}<br><span class="text-muted">${escape(period)}</span>`;

	const in_a_row = (names) => core_helpdesk.reading.list(names.map((name) => `<bdi>${escape(name)}</bdi>`));

	// A phone has one block for each row, and in it each cell that says something under its head.
	function table(heads, rows) {
		if (frappe.is_mobile()) return rows.map((cells) => block(heads, cells)).join("");
		const lines = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`);
		return `<div style="overflow-x: auto"><table class="table table-sm">
			<thead><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr></thead>
			<tbody>${lines.join("")}</tbody></table></div>`;
	}

	function block(heads, cells) {
		const said = cells.map((cell, at) => [heads[at], cell]).filter(([, cell]) => $(`<div>${cell}</div>`).text().trim());
		const lines = said.map(([head, cell]) => `<div style="display: flex; gap: 8px; padding-block: 1px">
			<div class="text-muted" style="flex: 0 0 28%">${head}</div><div style="flex: 1; min-width: 0; overflow-wrap: anywhere">${cell}</div></div>`);
		return `<div class="ch-on-a-day" style="padding-block: 8px; border-bottom: 1px solid var(--border-color)">${lines.join("")}</div>`;
	}

	dialog.show();
	show();
};
