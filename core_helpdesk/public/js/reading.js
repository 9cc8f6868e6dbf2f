// How the app's records read in the Desk: words under their own context, people and departments by their names in
// the reader's language, moments without seconds, and cells that lose the end of a text and never its beginning.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.reading = (() => {
	const escape = (text) => frappe.utils.escape_html(String(text === null || text === undefined ? "" : text));
	const known = () => frappe.boot.core_helpdesk || {};
	const isolated = (text) => `\u2068${text}\u2069`;

	const person = (user) => (known().people || {})[user] || frappe.user.full_name(user || "") || "";
	const department = (name) => (known().departments || {})[name] || name || "";
	const category = (name) => (known().categories || {})[name] || name || "";
	const country = (name) => (known().countries || {})[name] || name || "";
	const moment = (value) => core_helpdesk.timeline.moment(value);
	const brief_moment = (value) => core_helpdesk.timeline.moment(value, true);
	const list = (texts) => texts.join(frappe.boot.lang.startsWith("ar") ? "، " : ", ");

	// The framework asks for these where it offers countries itself.
	Object.assign(frappe._messages, known().countries);

	// After Arabic letters the parts of a number with hyphens would change places.
	const numbers_in_order = (text) => String(text || "").replace(/\d+(?:[-/]\d+)+/g, isolated);

	// What somebody types as a date keeps its order inside text from right to left.
	const day = (value) => isolated(frappe.datetime.str_to_user(value));

	const STATE = "Workflow State";
	const state = (name) => __(name || "", null, STATE);
	const LINKS = { Country: country, "Core Department": department, "Group Category": category, User: person, [STATE]: state };

	const HOSTS = { "HD Team": () => __("Group", null, "Core Helpdesk"), "HD Ticket": () => __("Ticket") };
	const kind_of_document = (doctype) => (HOSTS[doctype] ? HOSTS[doctype]() : __(doctype || ""));

	// A stored value of any field, in words.
	function in_words(df, value) {
		if (df.fieldtype === "Check") return Number(value) ? __("Yes") : __("No");
		if (df.fieldtype === "Datetime") return moment(value);
		const read = reader_of(df);
		return read ? read(value) : value;
	}

	// What a field's value reads as, or nothing if the framework already says it well.
	function reader_of(df) {
		if (df.fieldtype === "Select") return (value) => __(value || "", null, df.parent);
		// What can be written is read back from what is shown, so it keeps its seconds.
		if (df.fieldtype === "Datetime") return df.read_only && core_helpdesk.timeline && moment;
		if (df.fieldtype === "Data") return (value) => value;
		return df.fieldtype === "Link" ? LINKS[df.options] : undefined;
	}

	const CELL = "display: inline-block; max-inline-size: 100%; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom";

	const cell = (html) => `<span dir="auto" style="${CELL}">${html}</span>`;

	const TEXTS = ["Small Text", "Text"];
	// What might be markup is stored as a page shows it, and later releases of the framework escape a text once more
	// before they ask how it reads: it is text here, whichever way it came.
	function as_written(value) {
		const text = frappe.utils.unescape_html(frappe.utils.unescape_html(String(value || "")));
		return escape(text);
	}

	// Whoever goes on writing has the words that were written.
	function edit_as_written(frm, fields = Object.keys(frm.fields_dict)) {
		const controls = fields.map((field) => frm.fields_dict[field]).filter(Boolean);
		for (const control of controls.filter(({ df }) => ["Data", ...TEXTS].includes(df.fieldtype)))
			control.format_for_input = (value) => frappe.utils.unescape_html(String(value ?? ""));
	}

	const in_lines = (value) =>
		`<div dir="auto" style="overflow-wrap: anywhere">${as_written(value).replace(/\n/g, "<br>")}</div>`;

	function formatter_of(df) {
		if (TEXTS.includes(df.fieldtype)) return in_lines;
		const read = reader_of(df);
		return read && ((value) => (value ? `<bdi>${escape(read(value))}</bdi>` : ""));
	}

	// A document that is named in a plain field: a link would open its fields to whoever reads this one.
	const form_link = (doctype) => (name) => {
		if (!name) return "";
		const text = `<bdi>${escape(name)}</bdi>`;
		if (!frappe.model.can_read(doctype)) return text;
		return `<a href="${escape(frappe.utils.get_form_link(doctype, name))}">${text}</a>`;
	};

	// A form's values and those of its tables, where they are only read.
	function dress(frm) {
		begin_title(frm);
		for (const df of frm.meta.fields) {
			if (df.fieldtype === "Table") dress_rows(frm, df.options);
			else if (formatter_of(df)) frm.set_df_property(df.fieldname, "formatter", formatter_of(df));
		}
	}

	// A name in Latin letters that has no room loses its end, also in a Desk from right to left.
	const begin_title = ({ page }) => page.$title_area.find(".title-text").attr("dir", "auto");

	// The Desk knows the names of those whom escalations name; those named here come with the document.
	function know_people(frm) {
		const desk = (frappe.boot.core_helpdesk = frappe.boot.core_helpdesk || {});
		desk.people = { ...desk.people, ...(frm.doc.__onload || {}).people };
	}

	// Mails of our own, one to each reader, would bury what people write to each other on a document.
	function hide_mails({ timeline }) {
		if (!timeline || Object.hasOwn(timeline, "get_timeline_item")) return;
		const drawn = timeline.get_timeline_item.bind(timeline);
		// What a person sent or answered has an id of its own on the page.
		const is_ours = ({ doctype, id }) => doctype === "Communication" && !id;
		timeline.get_timeline_item = (item) => drawn(item).toggle(!is_ours(item));
		// Those that are there already.
		timeline.timeline_wrapper.find('.timeline-item[data-doctype="Communication"]').filter((_index, item) => !item.id).hide();
	}

	// What a form asks of its reader, with the buttons for it: those at its head are out of sight on a phone.
	function ask(frm, text, acts) {
		const buttons = acts.map(({ label }, number) => {
			const kind = number ? "btn-default" : "btn-primary";
			return `<button type="button" class="btn btn-sm ${kind}" data-ch-act="${number}">${escape(label)}</button>`;
		});
		const style = "display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding-inline-end: 24px";
		frm.set_intro(`<div class="ch-asks" style="${style}"><span>${text}</span>${buttons.join("")}</div>`, "blue");
		const pressed = ({ currentTarget }) => acts[currentTarget.dataset.chAct].run();
		frm.layout.message.off("click.ch-ask").on("click.ch-ask", "[data-ch-act]", pressed);
	}

	// A table that is wider than its place ends in the middle, and nothing else says that it can be moved.
	function hint_wide(place) {
		const hint = `<p class="ch-hint text-muted small" style="margin: 0 0 4px">${escape(__("Swipe sideways for more columns."))}</p>`;
		place.find(".ch-hint").remove();
		place.find(".ch-wide").each((_index, each) => {
			if (each.scrollWidth > each.clientWidth + 1) $(each).before(hint);
		});
	}

	// A notice's title in the reader's language, where the app has worded it: "New group: Returns".
	function titled(value) {
		const [what, ...about] = String(value || "").split(": ");
		const worded = `${what}: {0}`;
		return about.length ? __(worded, [about.join(": ")]) : what;
	}

	// "New Group: Returns" in one line: a long name in Latin letters after a kind in Arabic would lose its beginning.
	function part(place, text) {
		const [kind, ...about] = text.split(": ");
		if (!about.length) return;
		const style = { minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "pre" };
		const first = $("<span>").css({ ...style, flex: "none", maxInlineSize: "100%" }).text(`${kind}: `);
		const name = $('<span dir="auto">').css(style).text(about.join(": "));
		$(place).css("display", "flex").empty().append(first, name);
	}

	// Telephone numbers and addresses keep their direction.
	function from_left(frm, fields) {
		if (!frappe.utils.is_rtl()) return;
		for (const field of fields) {
			const places = frm.fields_dict[field].$wrapper.find("input, .control-value");
			places.attr("dir", "ltr").css("text-align", "right");
		}
	}

	function dress_rows(frm, doctype) {
		for (const df of frappe.get_meta(doctype).fields) {
			// A column has no room for the year of every moment.
			const read = reader_of(df) === moment ? brief_moment : reader_of(df);
			const formatter = read && ((value) => (value ? cell(escape(read(value))) : ""));
			if (formatter) dress_cells(frm, doctype, df.fieldname, formatter);
		}
	}

	// A table looks at its own copy of the fields, and at the original for what every value goes through.
	function dress_cells(frm, doctype, field, formatter) {
		frappe.meta.get_docfield(doctype, field).formatter = formatter;
		frappe.meta.get_docfield(doctype, field, frm.docname).formatter = formatter;
		// So does each row that is there already.
		const tables = frm.meta.fields.filter((df) => df.options === doctype);
		const rows = tables.flatMap(({ fieldname }) => frm.doc[fieldname] || []);
		for (const { name } of rows) Object.assign(frappe.meta.get_docfield(doctype, field, name) || {}, { formatter });
	}

	// A phone has no room for every column of a table; what is left out is told by the row when it is opened.
	function leave_out_on_phones(frm, table, fields) {
		if (!frappe.is_mobile()) return;
		const { options } = frm.fields_dict[table].df;
		for (const df of [frm.docname, undefined].flatMap((name) => frappe.meta.get_docfields(options, name))) {
			if (fields.includes(df.fieldname)) df.in_list_view = 0;
			if (df.fieldtype !== "Check") df.columns = 2;
		}
	}

	// --- Lists

	function column(read) {
		return (value, df, doc) => {
			if (value === null || value === undefined || value === "") return "";
			const filter = `${df.fieldname},=,${value}`;
			return cell(`<a class="filterable" data-filter="${escape(filter)}">${escape(read(value, doc))}</a>`);
		};
	}

	// The columns in this order, unless the site has chosen its own; on a small screen the first of them.
	function arrange(view, fields) {
		if ((view.list_view_settings || {}).fields) return;
		const shown = window.innerWidth <= 1366 ? fields.slice(0, 4) : fields;
		const columns = shown.map((field) => ({ type: "Field", df: frappe.meta.get_docfield(view.doctype, field) }));
		view.columns = [...view.columns.filter(({ type }) => type !== "Field"), ...columns];
		view.render_header(true);
	}

	// Nobody makes these records by hand, so the framework's "you haven't created" would mislead.
	// What a filter leaves out is there all the same: the framework says so.
	function say_when_empty(view, text) {
		const usual = view.get_no_result_message.bind(view);
		const is_narrowed = () => view.filter_area && view.filter_area.get().length;
		view.get_no_result_message = () => (is_narrowed() ? usual() : `<p>${text}</p>`);
	}

	// The framework gives every column the room of its longest text, and hides those that then do not fit. A list may
	// know better than its kind how much room a column needs, by its field or its kind.
	function fit(view, shares = {}) {
		word_subject(view);
		view.$result.find(".list-subject a").attr("dir", "auto").css({ display: "block" });
		view.$result.find(".list-subject .level-item.ellipsis").css({ minWidth: 0, flexShrink: 1 });
		view.$result.find(".list-row, .list-row-container").css({ width: "auto", minWidth: 0, maxWidth: "100%" });
		if (frappe.is_mobile()) {
			// A long state would be cut at the screen's edge.
			const state = { flex: "none", maxWidth: "55%" };
			view.$result.find(".level-left").css({ flex: "1 1 0", minWidth: 0 }).siblings(".level-right").css(state);
			view.$result.find(".level-right .level-item").css({ minWidth: 0, maxWidth: "100%" });
			// The second line tells two fields: each takes what it needs.
			view.$result.find(".mobile-layout .list-row-col").css({ display: "inline", minWidth: 0, maxWidth: "none" });
			return;
		}
		view.$result.find(".level-left").each((_index, row) => {
			$(row).css({ flex: "1 1 0", minWidth: 0 }).siblings(".level-right").css({ flex: "0 0 140px" });
			$(row).children(".list-row-col").each((index, cell) => {
				$(cell).css({ flex: `${share_of(view.columns[index], shares)} 1 0`, width: "", minWidth: 0 });
			});
		});
	}

	// The framework asks for the title of the first column without saying whose it is.
	function word_subject(view) {
		const { df } = (view.columns || [])[0] || {};
		if (df && df.parent) view.$result.find(".list-row-head .list-subject [data-sort-by]").text(__(df.label, null, df.parent));
	}

	const SHARES = { Subject: 2.4, Status: 1.2, Datetime: 1.4, Text: 2.4 };
	const share_of = ({ type, df } = {}, own = {}) => own[df?.fieldname] || own[type] || SHARES[type] || SHARES[df?.fieldtype] || 1;

	// A clock and a stay know their ticket's number; what it is about is the host's to say.
	async function name_tickets(view) {
		fit(view);
		const tickets = [...new Set(view.data.map((doc) => doc.reference_name))];
		if (!tickets.length || !frappe.model.can_read("HD Ticket")) return;
		const filters = { name: ["in", tickets] };
		const found = await frappe.db.get_list("HD Ticket", { fields: ["name", "subject"], filters, limit: tickets.length });
		const subjects = Object.fromEntries(found.map(({ name, subject }) => [name, subject]));
		for (const doc of view.data) {
			const text = [doc.reference_name, subjects[doc.reference_name]].filter(Boolean).join(" · ");
			view.$result.find(`.list-subject a[data-name="${doc.name}"]`).text(text).attr("title", text);
		}
	}

	return {
		arrange,
		as_written,
		ask,
		begin_title,
		brief_moment,
		category,
		cell,
		column,
		country,
		day,
		department,
		dress,
		dress_cells,
		edit_as_written,
		fit,
		form_link,
		from_left,
		hide_mails,
		hint_wide,
		in_words,
		isolated,
		kind_of_document,
		know_people,
		leave_out_on_phones,
		list,
		moment,
		name_tickets,
		numbers_in_order,
		part,
		person,
		say_when_empty,
		state,
		titled,
	};
})();
