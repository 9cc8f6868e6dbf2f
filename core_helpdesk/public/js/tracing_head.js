// The head of a tracing case, above its fields: where it stands, what is due, what is wrong or stands against closing it,
// and what the reader may do now. The server says all of it; this draws it.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.tracing = (() => {
	const API = "core_helpdesk.tracing_api.";
	const escape = (text) => frappe.utils.escape_html(String(text === null || text === undefined ? "" : text));
	const plain = (text) => frappe.utils.unescape_html(String(text || ""));
	const pill = (colour, text) => `<span class="indicator-pill no-indicator-dot ${colour}">${text}</span>`;
	const word = (text) => __(text || "", null, "Tracing Case");
	const call = (name, values) => frappe.xcall(API + name, values);

	function place_of(frm) {
		const layout = $(frm.layout.wrapper);
		let place = layout.children(".ch-tracing-head");
		if (!place.length) place = $(`<div class="ch-tracing-head"></div>`).prependTo(layout);
		return place;
	}

	function show(frm) {
		const place = place_of(frm);
		const seen = frm.ch_screen;
		if (!seen) return place.empty();
		place.html(`${STYLE}<div class="state">${state(frm).join("")}</div>
			<div class="dues">${seen.dues.length ? `<span>${__("Due")}:</span>` : ""}${seen.dues.map(due).join("")}${why(seen)}</div>
			${wrong(frm, seen)}${against(frm, seen)}${silent(frm, seen)}${elsewhere(frm, seen)}
			<div class="acts"></div>`);
		place.find("[data-ch-field]").on("click", (event) => {
			event.preventDefault();
			frm.scroll_to_field(event.currentTarget.dataset.chField);
		});
		place.find("[data-ch-why]").on("click", (event) => {
			event.preventDefault();
			explain(frm);
		});
		core_helpdesk.tracing_acts.show(frm, place.find(".acts"));
		return place;
	}

	// --- Where it stands

	function state(frm) {
		const { doc } = frm;
		const seen = frm.ch_screen;
		const { person } = core_helpdesk.reading;
		const fact = (name, text) => (text ? `<span><i>${name}:</i> <bdi>${escape(text)}</bdi></span>` : "");
		const ticket = seen.ticket_url
			? `<a href="${escape(seen.ticket_url)}" target="_blank" rel="noopener">${__("Ticket {0}", [escape(doc.ticket)])}</a>`
			: __("Ticket {0}", [escape(doc.ticket)]);
		return [
			...marks(frm),
			fact(__("Group", null, "Core Helpdesk"), seen.team),
			fact(__("Officer"), doc.officer && person(doc.officer)),
			fact(__("Customer"), plain(doc.customer_name)),
			`<span>${ticket}</span>`,
			doc.cycle > 1 ? `<span>${__("Cycle {0}", [doc.cycle])}</span>` : "",
		];
	}

	// What stands beside the title is not said twice.
	function marks({ doc }) {
		const [titled] = frappe.get_indicator(doc, doc.doctype) || [];
		const found = [
			doc.status === "Solved" && ["blue", word("Solved")],
			doc.status === "Closed" && ["gray", word("Closed")],
			doc.urgent && ["red", word("Urgent")],
			doc.answer && answer_mark(doc.answer),
			doc.status !== "Closed" && !has_been_taken(doc) && ["yellow", __("Not Taken", null, "Tracing Case")],
		];
		return found.filter((mark) => mark && mark[1] !== titled).map((mark) => pill(...mark));
	}

	function answer_mark(answer) {
		const marks = {
			Satisfied: ["green", __("Customer Satisfied")],
			"Not Satisfied": ["red", __("Customer Not Satisfied")],
			Doubtful: ["orange", __("Answer in Doubt")],
		};
		return marks[answer] || ["gray", word(answer)];
	}

	const running = (doc) => (doc.legs || []).find((leg) => !leg.left_on);
	const has_been_taken = (doc) => !running(doc) || Boolean(running(doc).accepted_on);

	// --- What is due

	function due({ label, due_on, is_late }) {
		return `<span class="due ${is_late ? "late" : ""}"><i><bdi>${escape(label)}</bdi></i>
			<b>${core_helpdesk.reading.moment(due_on)}</b> ${is_late ? pill("red", __("Late", null, "Tracing Case")) : ""}</span>`;
	}

	// Moments are those of the site, days those of the calendar.
	function zone_beside(lines) {
		const { system } = frappe.boot.time_zone || {};
		return system && lines.some(({ zone }) => zone && zone !== system) ? `<span class="text-muted" dir="ltr">${escape(system)}</span>` : "";
	}

	const why = ({ dues }) => (dues.length ? `<a href="#" data-ch-why>${__("Why these dates?")}</a>` : "");

	async function explain(frm) {
		const { dues } = await call("explanation", { case: frm.doc.name });
		const same = (each, other) => each.due_on === other.due_on && each.calendar === other.calendar && each.lines.length === other.lines.length;
		// The case and its first stay are reckoned alike: said once.
		const alike = dues.filter((each, index) => dues.findIndex((other) => same(each, other)) === index);
		const label = (each) => core_helpdesk.reading.list(dues.filter((other) => same(each, other)).map((other) => `<bdi>${escape(other.label)}</bdi>`));
		const part = (each) => {
			const days = core_helpdesk.timeline.explanation(each.lines || []);
			const calendar = each.calendar ? `<p class="text-muted">${__("Working Calendar")}: <bdi>${escape(each.calendar)}</bdi></p>` : "";
			return `<h6 style="margin-block-start: 14px">${label(each)}: ${core_helpdesk.reading.moment(each.due_on)} ${zone_beside(each.lines || [])}</h6>
				${calendar}${days || `<p class="text-muted">${__("No reckoning can be shown: the calendar is missing.")}</p>`}`;
		};
		const dialog = new frappe.ui.Dialog({ title: __("Why these dates?"), size: "large" });
		$(dialog.body).html(`${core_helpdesk.timeline.STYLE}<div class="ch-timeline">${alike.map(part).join("")}</div>`);
		dialog.show();
	}

	// --- What is wrong, and what stands against closing

	function wrong({ doc }, { faults, missing_documents: papers, papers: names = {} }) {
		if (!faults.length && !papers.length) return "";
		const items = faults.map(({ field, text }) => `<li><a href="#" data-ch-field="${escape(field)}">${escape(text)}</a></li>`);
		if (papers.length) {
			const text = __("Documents not received: {0}", [core_helpdesk.reading.list(papers.map((paper) => core_helpdesk.reading.isolated(plain(names[paper] || paper))))]);
			items.push(`<li><a href="#" data-ch-field="documents">${escape(text)}</a></li>`);
		}
		const asked = doc.asked_on ? `<p class="text-muted">${__("The customer was asked for it on {0}.", [core_helpdesk.reading.moment(doc.asked_on)])}</p>` : "";
		return folded(__("Missing or wrong: {0}", [items.length]), items, items.length <= 4, "orange") + asked;
	}

	function against(frm, { reasons, outstanding }) {
		if (frm.doc.status === "Closed") return "";
		const items = reasons.map((text) => `<li dir="auto">${escape(text)}</li>`);
		for (const { team, since, passed_by } of outstanding) {
			const who = core_helpdesk.reading.person(passed_by) || passed_by;
			const text = __("{0} has given no update to {1} since {2}", [`<bdi>${escape(team)}</bdi>`, `<bdi>${escape(who)}</bdi>`, core_helpdesk.reading.moment(since)]);
			items.push(`<li class="text-muted">${text}</li>`);
		}
		if (!items.length) return "";
		return folded(__("Before it can be closed: {0}", [reasons.length]), items, frm.doc.status === "Solved", "blue");
	}

	function folded(title, items, is_open, colour) {
		return `<details class="part" ${is_open ? "open" : ""}><summary>${pill(colour, title)}</summary><ul>${items.join("")}</ul></details>`;
	}

	function silent(frm, { unconfirmed_from: from, not_asked: why_not }) {
		if (frm.doc.status !== "Solved" || frm.doc.answer) return "";
		const { moment } = core_helpdesk.reading;
		const asked = frm.doc.confirmation_asked_epoch;
		const lines = [
			asked ? __("The customer was asked to confirm the solution on {0}.", [moment(on_site(asked))]) : "",
			why_not ? __("The customer has not been asked to confirm the solution. {0}", [escape(why_not)]) : "",
			from ? __("Without an answer it may be closed unconfirmed from {0} on.", [moment(from)]) : "",
		].filter(Boolean);
		return lines.length ? `<p class="text-muted">${lines.join(" ")}</p>` : "";
	}

	// Seconds since the epoch as the site's local time, as all moments come.
	function on_site(epoch) {
		const { system } = frappe.boot.time_zone || {};
		return new Date(epoch * 1000).toLocaleString("sv", { timeZone: system || undefined });
	}

	// Who passed it on, or works in another section, sees why there is so little to press.
	function elsewhere({ doc }, { team, rights }) {
		if (doc.status === "Closed" || rights.hand_over || !rights.add_update) return "";
		return `<p class="text-muted">${__("The group {0} works this case now. You can read it and add updates.", [`<bdi>${escape(team)}</bdi>`])}</p>`;
	}

	// --- Faults at their fields

	function mark_fields(frm) {
		const marked = Object.fromEntries(frm.ch_screen.faults.map(({ field, text }) => [field, text]));
		for (const control of Object.values(frm.fields_dict)) {
			if (!control.$wrapper || !control.df.fieldname) continue;
			control.$wrapper.children(".ch-fault").remove();
			const text = marked[control.df.fieldname];
			if (text) $(`<div class="ch-fault" dir="auto"></div>`).text(text).appendTo(control.$wrapper);
		}
	}

	// --- Guidelines, beside the fields that they are for

	function show_guidelines(frm) {
		const { guidelines, standards } = frm.ch_screen;
		const links = standards.map(({ title, link }) => {
			const name = `<bdi>${escape(plain(title))}</bdi>`;
			return /^(https?:\/\/|\/)/.test(link || "") ? `<a href="${escape(link)}" target="_blank" rel="noopener">${name}</a>` : name;
		});
		const text = plain(guidelines).trim();
		const parts = [
			text ? `<div dir="auto" class="guidelines">${escape(text)}</div>` : "",
			links.length ? `<div>${__("Tracing Standards")}: ${links.join(" · ")}</div>` : "",
		].join("");
		const html = parts ? `<details class="ch-guidelines" ${frm.ch_screen.faults.length ? "open" : ""}><summary>${__("Guidelines for the Data")}</summary>${parts}</details>` : "";
		frm.fields_dict.status_html.$wrapper.html(html).toggle(Boolean(html));
	}

	const STYLE = `<style>
		.ch-tracing-head { padding: 12px var(--padding-lg, 20px); border-block-end: 1px solid var(--border-color); display: grid; gap: 8px }
		.ch-tracing-head .indicator-pill { block-size: auto; padding-block: 2px; white-space: normal }
		.ch-tracing-head .state, .ch-tracing-head .dues, .ch-tracing-head .acts { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; overflow-wrap: anywhere }
		.ch-tracing-head .acts:empty { display: none }
		.ch-tracing-head .acts { gap: 6px }
		.ch-tracing-head a { text-decoration: underline; text-underline-offset: 3px }
		.ch-tracing-head i { font-style: normal; color: var(--text-muted) }
		.ch-tracing-head .due b, .ch-tracing-head .state bdi { font-weight: 500; color: var(--text-color) }
		.ch-tracing-head p { margin: 0 }
		.ch-tracing-head .part ul { margin: 4px 0 0; padding-inline-start: 20px }
		.ch-tracing-head summary, .ch-guidelines summary { cursor: pointer; inline-size: fit-content }
		.ch-guidelines { margin-block-end: 10px; padding: 8px 12px; border-radius: 8px; background: var(--control-bg, #f4f5f6) }
		.ch-guidelines .guidelines { white-space: pre-line; max-inline-size: 90ch; overflow-wrap: anywhere; margin-block: 4px }
		.ch-fault { color: #a61b1b; font-size: 12px; margin-block: -8px 10px }
		[data-theme="dark"] .ch-fault { color: #ff9b9b }
		@media (max-width: 575px) { .ch-tracing-head { padding-inline: 15px } .ch-tracing-head .due { flex-basis: 100% } }
	</style>`;

	return { answer_mark, call, escape, mark_fields, pill, place_of, plain, running, show, show_guidelines, word };
})();
