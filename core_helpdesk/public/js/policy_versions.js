// The versions of an escalation policy below its rules: when each was in force, what it changed, what the heads said.
frappe.ui.form.on("Escalation Policy", {
	async refresh(frm) {
		const field = frm.fields_dict.versions_html;
		if (!field) return;
		field.$wrapper.empty();
		frm.toggle_display("s_versions", !frm.is_new());
		if (frm.is_new()) return;
		const name = frm.doc.name;
		const versions = await frappe.xcall("core_helpdesk.governance_api.policy_versions", { name });
		// Another policy may be open by now.
		if (frm.doc.name === name) field.$wrapper.html(versions.map((version) => version_html(version, name)).join(""));
	},
});

function version_html(version, open_name) {
	const escape = frappe.utils.escape_html;
	const { moment, person, list, day } = core_helpdesk.reading;
	const colour = { Active: "green", Discussed: "blue", Superseded: "gray" }[version.state] || "yellow";
	const state = `<span class="indicator-pill ${colour}">${__(version.state, null, "Workflow State")}</span>`;
	const title = version.name === open_name ? `<b>${escape(version.name)}</b>` : version_link(version.name);
	const period = [
		version.starts_on && __("from {0}", [moment(version.starts_on)]),
		version.ended_on && __("until {0}", [moment(version.ended_on)]),
	];
	const answers = version.answers.map(
		(row) =>
			`<bdi>${escape(person(row.head))}</bdi>: ${__(row.answer, null, "Policy Discussion")} <span style="white-space: nowrap">(${escape(day(row.on))})</span>`
	);
	const said = [
		answers.length ? __("Discussed: {0}", [list(answers)]) : "",
		version.decision ? __("Decision: {0}", [`<bdi>${escape(version.decision)}</bdi>`]) : "",
	];
	const lines = said.filter(Boolean).map((line) => `<div class="text-muted">${line}</div>`);
	return `<div style="border: 1px solid var(--border-color); border-radius: 8px; padding: 10px 14px; margin-block-end: 8px; overflow-wrap: anywhere">
		<div><bdi>${title}</bdi> ${state} <span class="text-muted">${period.filter(Boolean).join(" ")}</span></div>
		${changes_html(version)}${lines.join("")}</div>`;
}

const version_link = (name) => `<a href="${frappe.utils.get_form_link("Escalation Policy", name)}">${frappe.utils.escape_html(name)}</a>`;

function changes_html(version) {
	if (version.version === 1) return `<div class="text-muted">${__("The first version.")}</div>`;
	if (!version.changes.length) return `<div class="text-muted">${__("The same rules as the version before.")}</div>`;
	const escape = frappe.utils.escape_html;
	const arrow = frappe.utils.is_rtl() ? "←" : "→";
	const line = ({ label, before, after }) =>
		`<li><bdi>${escape(label)}</bdi>: <del><bdi>${escape(before)}</bdi></del> ${arrow} <b><bdi>${escape(after)}</bdi></b></li>`;
	return `<ul style="margin-block: 4px">${version.changes.map(line).join("")}</ul>`;
}
