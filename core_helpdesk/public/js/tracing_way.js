// The way of a tracing case, its updates and its answers as lists to read: a table would cut what matters on them.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.tracing_way = (() => {
	const { answer_mark, escape, pill, plain, word } = core_helpdesk.tracing;
	const moment = (value) => core_helpdesk.reading.moment(value);
	const person = (user) => (user ? `<bdi>${escape(core_helpdesk.reading.person(user) || user)}</bdi>` : "");
	const bdi = (text) => `<bdi>${escape(plain(text))}</bdi>`;
	const words = (text) => escape(core_helpdesk.reading.numbers_in_order(plain(text)));
	const lines = (text) => (text ? `<div class="text" dir="auto">${words(text).replace(/\n/g, "<br>")}</div>` : "");
	const line = (...parts) => `<div class="ch-note">${parts.filter(Boolean).join(" · ")}</div>`;

	// What the app adds by itself is about an act, and kept in English.
	const acts = () => ({
		Solution: __("Solution"),
		"Not solved": __("Not solved"),
		"Taken over from": __("Taken over from"),
		"Returned to Who Entered It": __("Returned to Who Entered It"),
	});

	// What is a table of the document is read as a list; the table itself is put aside.
	function show(frm) {
		const { doc } = frm;
		const last_first = (rows) => [...(rows || [])].reverse();
		draw(frm, "updates", last_first(doc.updates).map(update), __("Nothing was added yet."));
		draw(frm, "legs", (doc.legs || []).map(leg), __("No group has had it yet."));
		draw(frm, "cycles", (doc.cycles || []).length > 1 ? doc.cycles.map(cycle) : [], "", __("Cycles"));
		draw(frm, "answers", last_first(doc.answers).map(answer), __("The customer has not answered yet."));
	}

	function draw(frm, table, rows, none, title = "") {
		frm.toggle_display(table, false);
		const list = rows.length ? `<ul class="ch-list">${rows.join("")}</ul>` : `<p class="text-muted">${none}</p>`;
		const head = title && rows.length ? `<h6>${title}</h6>` : "";
		frm.fields_dict[`${table}_html`].$wrapper.html(`<div class="ch-way ch-timeline">${core_helpdesk.timeline.STYLE}${STYLE}${head}${list}</div>`);
	}

	function leg(row) {
		const { country } = core_helpdesk.reading;
		const is_late = !row.left_on && row.due_epoch && row.due_epoch < Date.now() / 1000;
		const came = row.from_team ? __("from {0}", [bdi(row.from_team)]) : "";
		const by = row.passed_by ? __("passed on by {0}", [person(row.passed_by)]) : "";
		const taken = row.accepted_on
			? __("taken by {0} on {1}", [person(row.accepted_by), moment(row.accepted_on)])
			: pill("yellow", __("Not Taken", null, "Tracing Case"));
		const replied = row.passed_by ? (row.replied_on ? __("answered on {0}", [moment(row.replied_on)]) : pill("orange", __("No Answer Yet"))) : "";
		return `<li class="${row.left_on ? "" : "now"}"><b>${bdi(row.team)}</b> <span class="ch-note">${escape(country(row.country))}</span>
			${row.is_tracing ? "" : pill("gray", __("Section Concerned"))} ${row.left_on ? "" : pill("blue", __("Has It Now"))} ${is_late ? pill("red", word("Late")) : ""}
			${line(`${moment(row.assigned_on)} – ${row.left_on ? moment(row.left_on) : __("now")}`, came, by)}
			${line(taken, row.due_on && __("due {0}", [moment(row.due_on)]), replied)}${lines(row.reason)}</li>`;
	}

	function update(row) {
		const contact = __(row.contact || "", null, "Tracing Update");
		const channel = __(row.channel || "", null, "Tracing Update");
		const whom = [contact, row.person && bdi(row.person)].filter(Boolean).join(": ");
		const written = (row.contact === "Internal" && acts()[row.purpose]) || plain(row.purpose);
		// A notice that went out by itself is nobody's update, and names its event.
		const purpose = row.by ? written : __("Notice sent: {0}", [__(row.purpose || "", null, "Tracing Notice")]);
		const told = row.customer_told ? pill("green", __("Customer Told")) : "";
		return `<li><b>${whom}</b> <span class="ch-note">· ${channel}</span> ${told}
			${purpose ? `<div>${bdi(purpose)}</div>` : ""}${lines(row.what)}
			${line(moment(row.at), person(row.by), row.team && bdi(row.team))}</li>`;
	}

	function answer(row) {
		const source = __(row.source || "", null, "Tracing Answer");
		return `<li>${pill(...answer_mark(row.answer))} <span class="ch-note">${__("Source")}: ${source}</span>
			${lines(row.comment)}${line(moment(row.at), person(row.recorded_by), row.cycle > 1 && __("Cycle {0}", [row.cycle]))}</li>`;
	}

	function cycle(row) {
		const closed = row.closed_on ? `${word(row.closing)} · ${moment(row.closed_on)}` : __("goes on");
		const solved = row.solved_on && __("solved {0}", [moment(row.solved_on)]);
		return `<li><b>${__("Cycle {0}", [row.number])}</b>${line(__("opened {0}", [moment(row.opened_on)]), solved, closed, row.answer && answer_mark(row.answer)[1])}</li>`;
	}

	const STYLE = `<style>
		.ch-way { max-inline-size: 90ch }
		.ch-way .text { margin-block: 3px; overflow-wrap: anywhere; inline-size: fit-content; max-inline-size: 100% }
		.ch-way .indicator-pill { block-size: auto; padding-block: 2px; white-space: normal }
		.ch-way .ch-list li.now::before { background: #2680c2 }
	</style>`;

	return { show };
})();
