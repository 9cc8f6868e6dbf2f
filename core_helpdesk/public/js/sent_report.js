// How the ledger of sent reports reads wherever it is shown: reports and their periods in words, and what was sent.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.sent_report = (() => {
	// What is sent and not read yet is told from what is read.
	const OF_DELIVERIES = { Made: "yellow", Queued: "yellow", Sent: "blue", Failed: "red", Acknowledged: "green" };
	const OF_RUNS = { Made: "green", Paused: "orange", Failed: "red" };
	const COLOURS = { "Report Delivery": OF_DELIVERIES, "Report Run": OF_RUNS };
	const REVIEWED = ["Weekly Performance"];
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));

	// --- Periods: a day, a week or a month: 2026-11-22, 2026-11-15..2026-11-21, 2026-10

	// English dates as the mails write them, the day first.
	const locale = () => {
		const spoken = frappe.boot.lang || "en";
		return `${spoken === "en" ? "en-GB" : spoken}-u-nu-latn-ca-gregory`;
	};
	const written = (words) => new Intl.DateTimeFormat(locale(), { ...words, year: "numeric", timeZone: "UTC" });

	function period(key) {
		const [first, last = first] = String(key || "").split("..");
		if (/^\d{4}-\d{2}$/.test(first)) return isolated(written({ month: "long" }).format(new Date(`${first}-01`)));
		const days = [first, last].map((day) => new Date(day));
		if (days.some((day) => Number.isNaN(day.getTime()))) return first;
		const text = written({ day: "numeric", month: "short" }).formatRange(...days);
		const in_one_month = first.slice(0, 7) === last.slice(0, 7);
		return isolated(in_one_month ? text.replace(/\s*–\s*/, "–") : text);
	}

	const isolated = (text) => core_helpdesk.reading.isolated(text);

	// The period first: it is what tells two rows apart, and an end may be cut.
	const title = (doc) => corrected(doc, __("{0}: {1}", [period(doc.period_key), __(doc.report)]));

	const corrected = ({ edition }, text) => (edition > 1 ? __("{0} (corrected)", [text]) : text);

	// Beside the state a phone has room for the period alone: which report it is stands over what was sent.
	const OF_TITLE = `.ch-sent-title .ch-brief { display: none; }
	@media (max-width: 767px) {
		.page-head .page-title .ch-sent-title { flex: none; font-size: var(--text-sm); overflow: visible; white-space: nowrap; }
		.ch-sent-title .ch-whole { display: none; }
		.ch-sent-title .ch-brief { display: inline; }
	}`;

	function set_title(frm) {
		frappe.dom.set_style(OF_TITLE, "ch-sent-title");
		const whole = title(frm.doc);
		frm.page.set_title(whole);
		const both = [["whole", whole], ["brief", period(frm.doc.period_key)]].map(([name, text]) => `<span class="ch-${name}">${escape(text)}</span>`);
		frm.page.$title_area.find(".title-text").addClass("ch-sent-title").html(both.join(""));
	}

	// --- States

	const is_reviewed = ({ report }) => REVIEWED.includes(report);

	function state({ report, state: name }, doctype) {
		if (name !== "Acknowledged") return __(name, null, doctype);
		return is_reviewed({ report }) ? __("Reviewed", null, "Report Delivery") : __("Read", null, "Report Delivery");
	}

	const indicator = (doctype) => (doc) => [state(doc, doctype), COLOURS[doctype][doc.state] || "gray", `state,=,${doc.state}`];

	// --- Lists

	// The period and the recipient have columns of their own, and on a phone lines of the row.
	function name_rows(list) {
		for (const doc of list.data) {
			const subject = list.$result.find(`.list-subject a[data-name="${doc.name}"]`);
			subject.attr("title", title(doc));
			if (frappe.is_mobile()) subject.empty().append(lines_of(doc));
			else subject.text(corrected(doc, __(doc.report)));
		}
		core_helpdesk.reading.fit(list, { Subject: 2.6, period_key: 1.6, recipient: 1.6 });
		if (frappe.is_mobile()) make_room(list);
	}

	function lines_of(doc) {
		const style = { whiteSpace: "normal", overflowWrap: "anywhere" };
		const first = $("<div>").css(style).text(title(doc));
		if (!doc.recipient) return [first];
		const second = $('<div class="text-muted">').css({ ...style, fontSize: "12px", fontWeight: "normal" });
		return [first, second.append($("<bdi>").text(core_helpdesk.reading.person(doc.recipient)))];
	}

	// Rows are as high as their lines; the second line that some releases of the framework draw would say the same again.
	function make_room(list) {
		list.$result.find(".list-row-container .list-row").css({ height: "auto", paddingBlock: "6px" });
		list.$result.find(".mobile-layout").hide();
	}

	// What is due at one moment stands in the order of its days.
	function sort_by_period(list) {
		const usual = list.get_args.bind(list);
		list.get_args = () => {
			const args = usual();
			if (list.view_name !== "List" || !args.order_by || args.order_by.includes("period_key")) return args;
			// Later releases of the framework name a second column themselves.
			const [first, ...others] = args.order_by.split(",").map((part) => part.trim());
			const own = ["period_key` desc", "report` asc"].map((part) => `\`tab${list.doctype}\`.\`${part}`);
			return { ...args, order_by: [first, ...own, ...others].join(", ") };
		};
	}

	// The framework would offer the stored words.
	function word_filters(list) {
		const { period_key, state: states } = list.page.fields_dict;
		// What is typed here is looked for in keys like this one.
		if (period_key) period_key.$input?.attr("placeholder", `${period_key.df.label} (\u20662026-11\u2069)`);
		if (!states) return;
		const read = { Acknowledged: `${__("Read", null, "Report Delivery")} / ${__("Reviewed", null, "Report Delivery")}` };
		const names = frappe.meta.get_docfield(list.doctype, "state").options.split("\n").filter(Boolean);
		const options = names.map((value) => ({ value, label: read[value] || __(value, null, list.doctype) }));
		states.df.options = [{ value: "", label: "" }, ...options];
		states.set_options();
	}

	// Most see of the ledger what was to go to themselves: that there was no other is not said.
	function nothing(doctype) {
		const sees_all = doctype !== "Report Delivery" || frappe.user.has_role("QA Specialist");
		return sees_all ? __("No report was due yet.") : __("No report was sent to you yet.");
	}

	function arrange(list, fields) {
		core_helpdesk.reading.arrange(list, fields);
		core_helpdesk.reading.say_when_empty(list, nothing(list.doctype));
		sort_by_period(list);
		word_filters(list);
	}

	const cells = {
		report: (...cell) => core_helpdesk.reading.column((report) => __(report))(...cell),
		period_key: (...cell) => core_helpdesk.reading.column(period)(...cell),
	};

	// --- What was sent: text that is shown as it is, in the direction in which it was read

	// A Desk that runs the other way would begin its cells at their end.
	const FROM_START = "text-align: start";

	const line = (text) => `<p dir="auto" style="${FROM_START}; margin-bottom: var(--margin-xs)">${escape(text)}</p>`;

	function table({ columns, rows, bold = [] }) {
		if (!rows.length) return "";
		const heads = columns.map(({ label }) => `<th style="${FROM_START}">${escape(label)}</th>`).join("");
		const cell_html = (text, at) => `<td style="${FROM_START}">${cell(text, columns[at])}</td>`;
		const weight = (at) => (bold.includes(at) ? ' style="font-weight: bold"' : "");
		const lines = rows.map((row, at) => `<tr${weight(at)}>${row.map(cell_html).join("")}</tr>`);
		return `<div class="ch-wide" style="overflow-x: auto"><table class="table table-bordered" style="margin: 0; font-size: var(--text-sm)">
			<thead><tr>${heads}</tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
	}

	// Long names have room; numbers and dates read from the left in every language and stay in one line.
	function cell(text, { keeps }) {
		if (keeps) return `<span dir="ltr" style="white-space: nowrap">${escape(text)}</span>`;
		const least = String(text).length > 40 ? "display: inline-block; min-width: 180px" : "";
		return `<bdi style="${least}">${escape(text)}</bdi>`;
	}

	const left_out = ({ left_out: count }) => (count ? line(__("{0} more rows are not kept here.", [count])) : "");

	function tiles(figures) {
		const parts = figures.map(({ label, value }) => `<span style="white-space: nowrap"><bdi>${escape(label)}</bdi>: <b dir="ltr">${escape(value)}</b></span>`);
		return parts.length ? `<p>${parts.join(" &nbsp;·&nbsp; ")}</p>` : "";
	}

	// What people wrote: the part, where and who, and their lines.
	function section({ title: name, notes = [] }) {
		const notes_html = ({ head, lines }) => `${head ? `<b>${line(head)}</b>` : ""}${lines.map(line).join("")}`;
		return `<h6 dir="auto" style="${FROM_START}">${escape(name)}</h6>${notes.map(notes_html).join("")}`;
	}

	function content_html({ content, is_hidden, title: about }, { state: standing }) {
		const head = `<h5><bdi>${escape(about)}</bdi></h5>`;
		if (is_hidden) return `${head}<p class="text-muted">${__("What was sent is shown to its recipient alone.")}</p>`;
		const none = standing === "Withdrawn" ? __("It was withdrawn before it was sent.") : __("It is not made yet.");
		if (!content) return `${head}<p class="text-muted">${none}</p>`;
		const { direction, title: name, lead, message, points, sections, footer } = content;
		const lines = (texts) => (texts || []).filter(Boolean).map(line).join("");
		const after = `<div class="text-muted" style="margin-top: var(--margin-sm)">${lines(footer)}</div>`;
		return `<div dir="${direction === "rtl" ? "rtl" : "ltr"}" class="ch-sent-report" style="${FROM_START}">
			<h5 dir="auto" style="${FROM_START}">${escape(name)}</h5>${lines([lead, message])}${tiles(content.tiles || [])}${lines(points)}
			${(sections || []).map(section).join("")}${table(content)}${left_out(content)}${after}</div>`;
	}

	return { arrange, cells, content_html, indicator, is_reviewed, name_rows, period, set_title };
})();
