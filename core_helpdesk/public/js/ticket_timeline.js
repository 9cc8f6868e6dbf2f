// Renders a ticket's clock, its stays in groups, its escalations and the reckoning of its deadline. Shared by the
// Desk and the agent pages, so it relies on neither: strings and plain markup only.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.timeline = (() => {
	const messages = () => (window.frappe && frappe._messages) || window.translatedMessages || {};
	const __ = (message, values, context) =>
		(messages()[`${message}:${context}`] || messages()[message] || message).replace(/\{(\d+)\}/g, (whole, index) =>
			values && values[index] !== undefined ? values[index] : whole
		);

	// The agent pages say nowhere which language they speak, so their translations have to.
	const language = () =>
		(window.frappe && frappe.boot && frappe.boot.lang) ||
		(/[\u0600-\u06ff]/.test(__("Escalation")) ? "ar" : document.documentElement.lang || "en");
	const is_rtl = () => ["ar", "fa", "he", "ps"].includes(language());
	// English dates as the mails write them, the day first.
	const locale = () => `${language() === "en" ? "en-GB" : language()}-u-nu-latn-ca-gregory`;

	const escape = (text) =>
		String(text === null || text === undefined ? "" : text).replace(
			/[&<>"']/g,
			(sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[sign]
		);

	// Kept together: inside text from right to left the parts of a date would change places.
	const isolated = (text) => `\u2068${text}\u2069`;

	// Moments come as the site's local time: they are shown as they are, never moved to the reader's zone.
	// In brief, the year is told of other years only.
	function moment(text, is_brief) {
		if (!text) return "";
		const [year, month, day, hour, minute] = String(text).split(/[-T: .]/).map(Number);
		const format = new Intl.DateTimeFormat(locale(), {
			day: "numeric",
			month: "short",
			year: is_brief && year === new Date().getFullYear() ? undefined : "numeric",
			hour: "2-digit",
			minute: "2-digit",
			hourCycle: "h23",
		});
		return isolated(format.format(new Date(year, month - 1, day, hour, minute)));
	}

	function date(text) {
		const [year, month, day] = String(text).slice(0, 10).split("-").map(Number);
		const format = new Intl.DateTimeFormat(locale(), {
			weekday: "short",
			day: "numeric",
			month: "short",
			year: "numeric",
		});
		return isolated(format.format(new Date(year, month - 1, day)));
	}

	// In brief, ten hours and more are told without their minutes.
	function duration(seconds, is_brief) {
		let minutes = Math.floor(Math.abs(seconds || 0) / 60);
		if (is_brief && minutes >= 600) minutes -= minutes % 60;
		const days = Math.floor(minutes / 1440);
		const hours = Math.floor((minutes % 1440) / 60);
		if (days) return hours ? __("{0} d {1} h", [days, hours]) : __("{0} d", [days], "Duration");
		if (hours) return minutes % 60 ? __("{0} h {1} min", [hours, minutes % 60]) : __("{0} h", [hours], "Duration");
		return __("{0} min", [minutes]);
	}

	// How far the server's clock is ahead of this machine's.
	const skew = (data) => (data.now_epoch ? data.now_epoch - Date.now() / 1000 : 0);
	const now = (data) => Date.now() / 1000 + (data.skew || 0);

	const is_open = (escalation) => ["Received", "Head Contacted"].includes(escalation.status);
	// The escalations of the ticket's tracing case stand apart from those of its groups.
	const is_tracing = (escalation) => escalation.clock === "Tracing";
	const of_groups = (data) => (data.escalations || []).filter((escalation) => !is_tracing(escalation));

	// One line that says what comes next, short enough for a button.
	function label(data) {
		const clock = data.clock;
		const open = of_groups(data).filter(is_open);
		if (!clock && !open.length) return __("No Clock");
		if (clock && clock.due_epoch && clock.state !== "Paused") {
			const left = clock.due_epoch - now(data);
			if (left < 0) return __("Escalation due since {0}", [duration(left)]);
			return clock.level
				? __("Next level in {0}", [duration(left)])
				: __("Escalates in {0}", [duration(left)]);
		}
		if (open.length) return __("Escalated to {0}", [open[open.length - 1].target]);
		const times = of_groups(data).length;
		if (times) return times === 1 ? __("Was escalated once") : __("Was escalated {0} times", [times]);
		return __("Escalation clock: {0}", [clock.state_label]);
	}

	function tone(data) {
		const clock = data.clock || {};
		if ((data.escalations || []).some(is_open)) return "red";
		if (clock.state === "Running") return share(clock, data) >= 0.8 ? "orange" : "blue";
		return { Paused: "gray", Stopped: "green", Finished: "green" }[clock.state] || "gray";
	}

	function share(clock, data) {
		if (!clock.allowed_seconds) return 0;
		return Math.min(1, counted(clock) / clock.allowed_seconds);
	}

	const counted = (clock) => clock.counted_seconds || 0;

	function fact(name, value) {
		return value ? `<span class="ch-fact"><i>${name}:</i> <bdi>${escape(value)}</bdi></span>` : "";
	}

	function clock_part(data) {
		const clock = data.clock;
		if (!clock) {
			const reason = data.no_clock_reason || __("This ticket has no running clock.");
			return `<div class="ch-empty">${escape(reason)}</div>`;
		}
		const percent = Math.round(share(clock, data) * 100);
		const used = clock.allowed_seconds
			? `<div class="ch-bar"><span class="ch-${tone(data)}" style="inline-size:${percent}%"></span></div>
				<div class="ch-note">${__("{0} of {1} used", [duration(counted(clock)), duration(clock.allowed_seconds)])}</div>`
			: "";
		return `<div class="ch-head">
				<span class="ch-pill ch-${tone(data)}">${escape(clock.state_label)}</span>
				<b data-ch-label>${escape(label(data))}</b>
			</div>
			${used}
			<div class="ch-facts">
				${fact(__("Due"), moment(clock.due_at))}
				${fact(__("To"), clock.due_at && clock.next_target)}
				${fact(__("Group", null, "Core Helpdesk"), clock.team)}
				${fact(__("Policy"), clock.policy)}
				${fact(__("Working Calendar"), clock.calendar)}
				${fact(__("Cycle"), clock.cycle > 1 ? clock.cycle : "")}
			</div>
			${clock.stuck_reason ? `<div class="ch-warning">${escape(clock.stuck_reason)}</div>` : ""}`;
	}

	function leg_row(leg) {
		const until = leg.left_at ? moment(leg.left_at) : __("now");
		const paused = leg.paused_seconds ? `, ${__("paused {0}", [duration(leg.paused_seconds)])}` : "";
		const counted_part = leg.left_at ? `, ${__("counted {0}", [duration(leg.counted_seconds)])}` : "";
		const blame = leg.levels_reached
			? `<span class="ch-pill ch-red">${__("Escalated Here")}</span>`
			: "";
		return `<li><b><bdi>${escape(leg.team)}</bdi></b> ${blame}
			<div class="ch-note"><bdi>${moment(leg.entered_at)}</bdi> – <bdi>${until}</bdi> ·
			${__("held {0}", [duration(leg.held_seconds)])}${counted_part}${paused}</div></li>`;
	}

	const TONES = { Received: "orange", "Head Contacted": "blue", Solved: "green", Failed: "red" };

	function escalation_row(escalation) {
		const late =
			escalation.late_seconds > 3600
				? ` · ${__("recorded {0} late", [duration(escalation.late_seconds)])}`
				: "";
		const title = escape(__("Level {0}: {1}", [escalation.level, escalation.target]));
		return `<li class="ch-mark"><b>${
			escalation.url ? `<a href="${escape(escalation.url)}" target="_blank">${title}</a>` : title
		}</b> <span class="ch-pill ch-${TONES[escalation.status] || "gray"}">${escape(escalation.status_label)}</span>
			<div class="ch-note"><bdi>${moment(escalation.escalated_at)}</bdi>${late}</div>
			<div class="ch-facts">
				${fact(__("Solution Due"), is_open(escalation) ? moment(escalation.answer_due_at) : "")}
				${fact(__("Department Head"), escalation.head_name)}
				${fact(__("Owner in TSM"), escalation.owner_name)}
			</div></li>`;
	}

	function day_row(line) {
		const spans = line.spans_text || "–";
		const until = line.until ? ` <bdi>${moment(line.until)}</bdi>` : "";
		const reason = line.reason || "";
		return `<tr class="${line.seconds ? "" : "ch-skipped"}"><td><bdi>${date(line.day)}</bdi></td>
			<td><bdi dir="ltr">${escape(spans)}</bdi>${until}</td><td>${line.seconds ? duration(line.seconds) : "–"}</td>
			<td>${escape(reason)}</td></tr>`;
	}

	// The case's own time, which no hand-over resets.
	function tracing_part(data) {
		const escalations = (data.escalations || []).filter(is_tracing).map(escalation_row);
		if (!data.tracing && !escalations.length) return "";
		const { state_label, due_at, policy } = data.tracing || {};
		const facts = `<div class="ch-facts">
				${fact(__("State", null, "Ticket Clock"), state_label)}
				${fact(__("Due"), moment(due_at))}
				${fact(__("Policy"), policy)}
			</div>`;
		const why = explanation(data.tracing && data.tracing.explanation);
		return `<section><h6>${__("Tracing")}</h6>${facts}
			${escalations.length ? `<ul class="ch-list">${escalations.join("")}</ul>` : ""}
			${why ? `<details><summary>${__("Why this deadline?")}</summary>${why}</details>` : ""}</section>`;
	}

	function explanation(lines) {
		if (!lines || !lines.length) return "";
		const zones = [...new Set(lines.map((line) => line.zone).filter(Boolean))];
		const note = zones.length ? `<div class="ch-note">${__("Times are in {0}.", [`\u2066${zones.join(", ")}\u2069`])}</div>` : "";
		return `${note}<table class="ch-days"><thead><tr><th>${__("Day")}</th><th>${__("Counted Hours")}</th>
			<th>${__("Time", null, "Core Helpdesk")}</th><th>${__("Why")}</th></tr></thead>
			<tbody>${lines.map(day_row).join("")}</tbody></table>`;
	}

	function part(title, rows, empty) {
		const list = rows.length ? `<ul class="ch-list">${rows.join("")}</ul>` : `<div class="ch-empty">${empty}</div>`;
		return `<section><h6>${title}</h6>${list}</section>`;
	}

	function render(data) {
		data.skew = skew(data);
		const why = explanation(data.explanation);
		const legs = (data.legs || []).map(leg_row);
		const escalations = of_groups(data).map(escalation_row);
		return `${STYLE}<div class="ch-timeline" dir="${is_rtl() ? "rtl" : "ltr"}">
			<section class="ch-clock">${clock_part(data)}</section>
			<div class="ch-columns">
				${part(__("Time with Each Group"), legs, __("No group has held this ticket yet."))}
				${part(__("Escalations"), escalations, __("Not escalated."))}
				${tracing_part(data)}
			</div>
			${why ? `<details><summary>${__("Why this deadline?")}</summary>${why}</details>` : ""}
		</div>`;
	}

	// The framework adds its time zone to the description of a moment before it looks for the translation.
	function translate_moments(frm) {
		for (const { df } of Object.values(frm.fields_dict)) {
			if (df.fieldtype !== "Datetime" || !df.description) continue;
			const [text, ...zone] = df.description.split("<br>");
			frm.set_df_property(df.fieldname, "description", [__(text), ...zone].join("<br>"));
		}
	}

	const STYLE = `<style>
		.ch-timeline { font-size: 13px; line-height: 1.55; text-align: start; color: var(--text-color, #1f2933); }
		.ch-timeline section { margin-block-end: 14px; }
		.ch-timeline h6 { font-size: 12px; font-weight: 600; margin: 0 0 6px; color: var(--text-muted, #52606d); }
		.ch-timeline a { text-decoration: underline; }
		.ch-head { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; font-size: 15px; }
		.ch-columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 8px 28px; }
		.ch-list { list-style: none; margin: 0; padding: 0; border-inline-start: 2px solid var(--border-color, #d9e2ec); }
		.ch-list li { position: relative; padding-inline-start: 14px; margin-block-end: 10px; overflow-wrap: anywhere; }
		.ch-list li::before { content: ""; position: absolute; inset-inline-start: -5px; inset-block-start: 7px;
			inline-size: 8px; block-size: 8px; border-radius: 50%; background: #829ab1; }
		.ch-list li.ch-mark::before { background: #cf1124; border-radius: 1px; }
		.ch-note, .ch-empty { color: var(--text-muted, #52606d); }
		.ch-facts { display: flex; flex-wrap: wrap; gap: 2px 18px; margin-block-start: 4px; }
		.ch-fact i { font-style: normal; color: var(--text-muted, #52606d); }
		.ch-fact { overflow-wrap: anywhere; }
		.ch-pill { display: inline-block; padding: 1px 9px; border-radius: 10px; font-size: 12px; font-weight: 500; }
		.ch-pill.ch-red { background: #ffe3e3; color: #a61b1b; } .ch-pill.ch-orange { background: #fff0d9; color: #8d4b00; }
		.ch-pill.ch-blue { background: #dceefb; color: #0b4f8a; } .ch-pill.ch-green { background: #dcf5e4; color: #0c6b39; }
		.ch-pill.ch-gray { background: #e9edf1; color: #3e4c59; }
		.ch-bar { block-size: 8px; border-radius: 4px; background: #e4e7eb; overflow: hidden; margin-block: 8px 2px; }
		.ch-bar span { display: block; block-size: 100%; }
		.ch-bar .ch-red { background: #cf1124; } .ch-bar .ch-orange { background: #de911d; }
		.ch-bar .ch-blue { background: #2680c2; } .ch-bar .ch-green { background: #3f9142; } .ch-bar .ch-gray { background: #9aa5b1; }
		.ch-warning { margin-block-start: 6px; padding: 6px 10px; border-radius: 6px; background: #fff3c4; color: #6b4a00; }
		.ch-timeline summary { cursor: pointer; font-weight: 600; padding-block: 4px; }
		.ch-days { inline-size: 100%; border-collapse: collapse; margin-block-start: 6px; }
		.ch-days th { text-align: start; font-weight: 600; color: var(--text-muted, #52606d); }
		.ch-days th, .ch-days td { padding: 3px 8px 3px 0; border-block-end: 1px solid var(--border-color, #e4e7eb); vertical-align: top; }
		[dir="rtl"] .ch-days th, [dir="rtl"] .ch-days td { padding: 3px 0 3px 8px; }
		.ch-days .ch-skipped { color: var(--text-muted, #7b8794); }
	</style>`;

	return { __, date, duration, escape, explanation, is_open, isolated, label, moment, now, render, skew, STYLE, tone, translate_moments };
})();
