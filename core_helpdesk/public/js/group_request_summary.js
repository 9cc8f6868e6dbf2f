// What stands for and against a request, above its long form while somebody decides: conflicts, the Standard, impact.
// Each line leads to the section that says more.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.request_summary = (() => {
	const DECIDING = ["QA Review", "Customer Service Manager Approval", "Approved"];
	const FIRST = 2;
	const TIMED = ["New Group", "Change Group", "Change Escalation", "Parity Deviation"];
	const SORTS = () => [
		{ checks: ["Conflict", "Open Tickets"], label: __("Conflicts"), none: __("None", null, "Group Request"), field: "s_checks" },
		{ checks: ["Parity", "Standard"], label: __("The Standard"), none: __("Kept"), field: "s_checks", kinds: TIMED },
	];
	// A correction changes nothing by itself, so nothing is checked.
	const sorts_of = ({ kind }) => SORTS().filter(({ kinds }) => kind !== "Data Correction" && (!kinds || kinds.includes(kind)));

	function show(frm) {
		const place = place_of(frm);
		const found = frm.ch_found;
		if (!found || frm.is_new() || !DECIDING.includes(frm.doc.workflow_state)) return place.empty();
		const lines = [...sorts_of(frm.doc).map((sort) => of_checks(sort, found.checks)), ...of_deviation(frm), ...of_impact(frm.ch_impact)];
		if (!lines.length) return place.empty();
		place.html(`${STYLE}<div class="ch-summary-lines">${lines.join("")}</div>`);
		place.find("[data-ch-section]").on("click", (event) => {
			event.preventDefault();
			frm.scroll_to_field(event.currentTarget.dataset.chSection);
		});
	}

	function place_of(frm) {
		const layout = $(frm.layout.wrapper);
		let place = layout.children(".ch-summary");
		if (!place.length) place = $(`<div class="ch-summary"></div>`).prependTo(layout);
		return place;
	}

	// The first ones in full, so that nobody has to look further for what is decided on.
	function of_checks(sort, checks) {
		const mine = checks.filter(({ check }) => sort.checks.includes(check));
		const tone = ["red", "orange", "blue"].find((tone) => mine.some((check) => check.tone === tone)) || "green";
		const texts = [...new Set(mine.map(({ text }) => text))];
		const shown = texts.slice(0, FIRST);
		if (texts.length > FIRST) shown.push(__("and {0} more", [texts.length - FIRST]));
		return line(sort.label, shown.length ? shown : [sort.none], tone, "checks_html");
	}

	function of_deviation({ doc }) {
		if (!doc.deviation_reason || !doc.valid_until) return [];
		const until = __("until {0}", [core_helpdesk.reading.day(doc.valid_until)]);
		const reason = frappe.utils.unescape_html(doc.deviation_reason);
		return [line(__("Reason for the Deviation"), [reason, until], "blue", "s_deviation")];
	}

	function of_impact(seen) {
		if (!seen || !seen.has_study) return [];
		const [texts, tone] = said_of(seen);
		return [line(__("Impact", null, "Group Request"), texts, tone, "impact_html")];
	}

	function said_of(seen) {
		if (seen.state === "Running") return [[__("Being studied: {0} %", [seen.progress || 0])], "blue"];
		if (seen.why_not) return [[seen.why_not], "gray"];
		if (seen.reason) return [[seen.reason], "red"];
		if (!seen.result) return [[__("Not studied")], "gray"];
		const outdated = seen.is_outdated ? [__("Outdated")] : [];
		if (seen.result.is_empty) return [[...outdated, seen.result.headline], seen.is_outdated ? "orange" : "gray"];
		const rows = seen.result.rows.map((row) => `${row.label}: ${core_helpdesk.impact.from_to(row.today, row.proposed)}`);
		return [[...outdated, ...rows], seen.is_outdated ? "orange" : "blue"];
	}

	function line(label, texts, tone, section) {
		const said = texts.map((text) => `<span dir="auto">${core_helpdesk.impact.escape(text)}</span>`);
		return `<a href="#" class="ch-summary-line" data-ch-section="${section}">
			<span class="indicator-pill ${tone} no-indicator-dot">${label}</span>
			<span class="ch-summary-said">${said.join("")}</span></a>`;
	}

	const STYLE = `<style>
		.ch-summary-lines { display: grid; gap: 6px; padding: 12px var(--padding-lg, 20px); border-block-end: 1px solid var(--border-color) }
		.ch-summary-line { display: grid; grid-template-columns: minmax(110px, 14%) 1fr; gap: 10px; align-items: start; color: var(--text-color); overflow-wrap: anywhere }
		.ch-summary-said > span { display: block }
		.ch-summary-line .indicator-pill { block-size: auto; justify-self: start; white-space: normal }
	</style>`;

	return { show };
})();
