// The impact study on the form of a Group Request: what the last tickets would have met under what is asked for,
// beside today's rules. It is polled while it runs, so it needs no socket.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.impact = (() => {
	const API = "core_helpdesk.impact_api.";
	const POLL = 2000;
	// Arabic counts in six forms, each a translation under the form's own name.
	const plural_form = (number) => new Intl.PluralRules(frappe.boot.lang).select(number);
	const PERIODS = [7, 30, 90, 180, 365, 730];
	const STUDIED = ["New Group", "Change Group", "Change Escalation", "Parity Deviation", "Retire Group"];
	const COLOURS = ["#98a2b3", "#2490ef"];

	const escape = (text) => frappe.utils.escape_html(String(text === null || text === undefined ? "" : text));
	// Tenths only where they say something.
	const plain = (value) => (Math.abs(value) < 100 ? Number(value) : Math.round(value)).toLocaleString("en-US", { maximumFractionDigits: 1 });
	const number = (value) => `<bdi dir="ltr">${plain(value)}</bdi>`;
	// The arrow points the way that the language runs; the two figures stay on one line.
	const from_to = (today, proposed) =>
		frappe.utils.is_rtl()
			? `\u2067${plain(today)}\u00a0←\u00a0${plain(proposed)}\u2069`
			: `\u2066${plain(today)}\u00a0→\u00a0${plain(proposed)}\u2069`;
	const has_study = (frm) => !frm.is_new() && STUDIED.includes(frm.doc.kind);

	function signed(value) {
		const rounded = Math.round(value * 10) / 10;
		const sign = rounded > 0 ? "+" : rounded < 0 ? "−" : "";
		return `<bdi dir="ltr">${sign}${plain(Math.abs(rounded))}</bdi>`;
	}

	async function load(frm) {
		if (!has_study(frm)) return;
		const name = frm.doc.name;
		const seen = await frappe.xcall(API + "read", { name });
		if (frm.doc.name === name) show(frm, seen);
	}

	async function start(frm, days) {
		if (frm.is_dirty()) await frm.save();
		const seen = await frappe.xcall(API + "start", { name: frm.doc.name, days });
		show(frm, seen);
	}

	function show(frm, seen) {
		frm.ch_impact = seen;
		clearTimeout(frm.ch_impact_poll);
		// Whoever may not see the study needs no heading of it.
		frm.toggle_display("s_impact", seen.has_study);
		if (!seen.has_study || !frm.fields_dict.impact_html) return;
		const root = frm.fields_dict.impact_html.$wrapper;
		root.html(`<div class="ch-impact">${STYLE}${bar(seen)}${condition(seen)}<div class="figures"></div></div>`);
		root.find(".study").on("click", () => start(frm, Number(root.find("select").val())));
		if (seen.result) show_figures(root.find(".figures"), seen.result);
		if (seen.state === "Running") frm.ch_impact_poll = setTimeout(() => poll(frm), POLL);
		core_helpdesk.request_summary.show(frm);
	}

	// Another form may be open by now, or none; the study goes on without anybody looking.
	function poll(frm) {
		const is_looked_at = frm.wrapper && $(frm.wrapper).is(":visible");
		if (is_looked_at) return load(frm);
		frm.ch_impact_poll = setTimeout(() => poll(frm), POLL);
	}

	// --- Which period, and what became of the last study

	function bar(seen) {
		if (!seen.may_start && seen.state !== "Running") {
			return seen.why_not ? `<p class="text-muted">${escape(seen.why_not)}</p>` : "";
		}
		const is_running = seen.state === "Running";
		const periods = [...new Set([...PERIODS, seen.days])].filter((days) => days <= seen.longest || days === seen.days);
		const options = periods
			.sort((one, other) => one - other)
			.map((days) => `<option value="${days}" ${days === seen.days ? "selected" : ""}>${escape(__("The last {0} days", [days], plural_form(days)))}</option>`);
		const label = is_running ? __("Studying…") : seen.state === "Failed" || seen.state === "Interrupted" ? __("Try Again") : seen.result ? __("Study Again") : __("Study");
		return `<div class="bar">
			<select class="form-control input-sm" aria-label="${escape(__("Period", null, "Group Request"))}" ${is_running ? "disabled" : ""}>${options.join("")}</select>
			<button class="btn btn-sm btn-default study" ${is_running ? "disabled" : ""}>${escape(label)}</button></div>`;
	}

	function condition(seen) {
		if (seen.state === "Running") {
			const done = seen.progress || 0;
			const text = done ? __("{0} % done", [done]) : __("Waiting for its turn");
			return `<div class="running" role="status"><div class="progress"><div class="progress-bar" style="width: ${Math.max(done, 3)}%"></div></div>
				<span class="text-muted">${escape(text)}</span></div>`;
		}
		if (seen.reason) return pill("red", __("The study failed"), seen.reason);
		if (seen.is_outdated) return pill("orange", __("Outdated"), __("What is asked for, or a rule, has changed since."));
		return "";
	}

	const pill = (tone, title, text) =>
		`<p><span class="indicator-pill ${tone}">${escape(title)}</span> <span dir="auto">${escape(text)}</span></p>`;

	// --- The figures

	function show_figures(root, result) {
		const computed = __("From the tickets until {0}.", [escape(core_helpdesk.timeline.moment(result.computed_on))]);
		root.html(`<p class="headline" dir="auto"><b>${escape(result.headline)}</b> <span class="text-muted">${computed}</span></p>
			${result.is_empty ? "" : table(result) + charts(result) + groups(result)}${notes(result.notes)}`);
		if (result.is_empty) return;
		draw(root, result, "hours");
		root.find("[data-ch-chart]").on("click", (event) => draw(root, result, event.currentTarget.dataset.chChart));
	}

	function table(result) {
		const rows = result.rows.map(
			(row) => `<tr><th scope="row" dir="auto">${escape(row.label)}</th><td>${number(row.today)}</td><td>${number(row.proposed)}</td><td><b>${signed(row.change)}</b></td></tr>`
		);
		return `<table class="rows"><thead><tr><th></th><th>${__("Today")}</th><th>${__("As Proposed")}</th><th>${__("Change", null, "Group Request")}</th></tr></thead>
			<tbody>${rows.join("")}</tbody></table>`;
	}

	const count = (pair) => pair.flat().reduce((sum, value) => sum + value, 0);

	function charts(result) {
		if (!count(result.hours)) return `<p class="text-muted">${__("None of these tickets escalates, on neither side.")}</p>`;
		const tab = (name, label) => `<button class="btn btn-xs btn-default" data-ch-chart="${name}">${label}</button>`;
		return `<div class="chart-head"><b>${__("When they would escalate")}</b>
			<span class="btn-group">${tab("hours", __("By Hour of the Day"))}${tab("weekdays", __("By Day of the Week"))}</span></div>
			${legend()}<div class="chart" dir="ltr"></div>
			<p class="text-muted small">${__("Times are those of {0}.", [`<bdi>${escape(result.zone)}</bdi>`])}</p>`;
	}

	const legend = () =>
		`<div class="legend">${[__("Today"), __("As Proposed")].map((label, side) => `<span><i style="background: ${COLOURS[side]}"></i>${label}</span>`).join("")}</div>`;

	const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
	const weekdays = () => WEEKDAYS.map((day) => __(day, null, "Working Calendar Weekend"));

	function draw(root, result, kind) {
		const place = root.find(".chart")[0];
		if (!place) return;
		root.find("[data-ch-chart]").each((_index, tab) => $(tab).toggleClass("active", tab.dataset.chChart === kind));
		const labels = kind === "hours" ? result.hours[0].map((_count, hour) => String(hour).padStart(2, "0")) : weekdays();
		const [today, proposed] = result[kind];
		const data = { labels, datasets: [{ name: __("Today"), values: today }, { name: __("As Proposed"), values: proposed }] };
		const chart = new frappe.Chart(place, {
			type: "bar",
			height: 200,
			animate: 0,
			colors: COLOURS,
			// Hours are left out where there is no room for all; days of the week are none too many.
			axisOptions: { xAxisMode: "tick", xIsSeries: kind === "hours" ? 1 : 0, shortenYAxisNumbers: 1 },
			barOptions: { spaceRatio: 0.4 },
			data,
		});
		// By itself it would show the bars only after a while.
		chart.update(data);
		// Two of its own ways to redraw itself trip over each other: it is drawn anew instead, once the width stands.
		chart.destroy();
		redraw_by_width(place, () => draw(root, result, kind));
	}

	function redraw_by_width(place, redraw) {
		if (place.ch_observer) place.ch_observer.disconnect();
		const width = place.clientWidth;
		place.ch_observer = new ResizeObserver(
			frappe.utils.debounce(() => {
				if (place.clientWidth && place.clientWidth !== width) redraw();
			}, 200)
		);
		place.ch_observer.observe(place);
	}

	// Bars of our own: names of groups are long, and run from right to left in Arabic.
	function groups(result) {
		const most = Math.max(...result.groups.flatMap((group) => group.load), 0.1);
		const line = (value, side) =>
			`<span class="line"><i style="inline-size: ${(100 * value) / most}%; background: ${COLOURS[side]}"></i><span>${number(value)}</span></span>`;
		const rows = result.groups.map(
			(group) => `<tr><th scope="row" dir="auto">${escape(group.group)}</th>
				<td class="load">${group.load.map(line).join("")}</td><td><b>${signed(group.load[1] - group.load[0])}</b></td></tr>`
		);
		const more = result.more_groups ? `<p class="text-muted">${__("{0} more groups change less.", [result.more_groups])}</p>` : "";
		return `<div class="chart-head"><b>${__("Load of the groups")}</b></div>
			<p class="text-muted small">${__("Hours that tickets were open in the group, added up.")}</p>${legend()}
			<table class="rows groups"><thead><tr><th>${__("Group", null, "Core Helpdesk")}</th><th>${__("Hours")}</th><th>${__("Change", null, "Group Request")}</th></tr></thead>
			<tbody>${rows.join("")}</tbody></table>${more}`;
	}

	const notes = (texts) =>
		`<ul class="notes text-muted small">${texts.map((text) => `<li dir="auto">${escape(text)}</li>`).join("")}</ul>`;

	const STYLE = `<style>
		.ch-impact .bar { display: flex; flex-wrap: wrap; gap: 8px; margin-block-end: 10px }
		.ch-impact .bar select { inline-size: auto; min-inline-size: 150px; appearance: auto }
		.ch-impact .running { display: flex; align-items: center; gap: 10px; margin-block-end: 10px }
		.ch-impact .running .progress { flex: 1; max-inline-size: 360px; margin: 0 }
		.ch-impact table.rows { inline-size: 100%; max-inline-size: 720px; margin-block-end: 16px; font-variant-numeric: tabular-nums }
		.ch-impact table.rows th, .ch-impact table.rows td { padding: 6px 8px; border-block-end: 1px solid var(--border-color); text-align: end; vertical-align: top }
		.ch-impact table.rows th:first-child { text-align: start; overflow-wrap: break-word }
		.ch-impact table.rows tbody th { font-weight: normal }
		.ch-impact table.rows thead th { color: var(--text-muted); font-weight: normal; white-space: nowrap }
		.ch-impact table.groups { table-layout: fixed }
		.ch-impact table.groups th:nth-child(1) { inline-size: 36% }
		.ch-impact table.groups th:nth-child(3) { inline-size: 84px }
		.ch-impact .line { display: flex; align-items: center; gap: 6px; min-block-size: 18px }
		.ch-impact .line i { display: block; block-size: 8px; border-radius: 4px; min-inline-size: 2px; max-inline-size: calc(100% - 64px) }
		.ch-impact .chart-head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px; max-inline-size: 720px }
		/* It keeps room for a legend of its own. */
		.ch-impact .chart { max-inline-size: 720px; margin-block-end: -20px }
		.ch-impact .chart .legend-dataset-text, .ch-impact .chart .graph-svg-tip { font-family: inherit }
		.ch-impact .chart svg text { fill: var(--text-muted) }
		.ch-impact .chart .chart-legend { display: none }
		.ch-impact .legend { display: flex; gap: 16px; margin-block: 6px }
		.ch-impact .legend i { display: inline-block; inline-size: 10px; block-size: 10px; border-radius: 3px; margin-inline-end: 6px }
		.ch-impact .notes { padding-inline-start: 18px; margin: 0 }
	</style>`;

	return { load, show, escape, number, from_to };
})();

frappe.ui.form.on("Group Request", { refresh: (frm) => core_helpdesk.impact.load(frm) });

frappe.realtime.on("ch_impact", (told) => {
	const frm = window.cur_frm;
	if (!frm || frm.doctype !== "Group Request" || frm.doc.name !== told.name) return;
	if (told.progress === 100 || !(frm.ch_impact || {}).has_study) return core_helpdesk.impact.load(frm);
	if (frm.ch_impact.state === "Running") core_helpdesk.impact.show(frm, { ...frm.ch_impact, progress: told.progress });
});
