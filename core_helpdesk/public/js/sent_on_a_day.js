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
		size: "large",
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
		const dead_text = __("Gives no sign of life: {0}", [core_helpdesk.reading.list(dead)]);
		if (dead.length) parts.push(`<div class="alert alert-danger">${dead_text}</div>`);
		const rows = deliveries.map((row) => [
			time_of(row.due_at),
			`${escape(row.label)}<br><span class="text-muted">${escape(row.period)}</span>`,
			`<bdi>${escape(row.full_name)}</bdi>`,
			escape(row.capacity),
			`<span class="text-danger">${escape(row.problem)}</span>`,
		]);
		const heads = [__("Time", null, "Report Delivery"), __("Report", null, "Report Delivery"), __("Person"), __("As"), __("Problem")];
		parts.push(rows.length ? table(heads, rows) : `<p class="text-muted">${__("Nothing is sent on this day.")}</p>`);
		const drafts = made.map((row) => [time_of(row.due_at), escape(row.label), escape(row.period)]);
		if (drafts.length) parts.push(`<h5>${__("Made for Those Who Send Them")}</h5>`, table([__("Time", null, "Report Delivery"), __("Report", null, "Report Delivery"), __("Period", null, "Report Delivery")], drafts));
		return parts.join("");
	}

	function table(heads, rows) {
		const lines = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`);
		return `<div style="max-height: 360px; overflow: auto"><table class="table table-sm">
			<thead><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr></thead>
			<tbody>${lines.join("")}</tbody></table></div>`;
	}

	dialog.show();
	show();
};
