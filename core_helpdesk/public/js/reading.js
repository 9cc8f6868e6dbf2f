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

	// What somebody types as a date keeps its order inside text from right to left.
	const day = (value) => isolated(frappe.datetime.str_to_user(value));

	const LINKS = { Country: country, "Core Department": department, "Group Category": category, User: person };

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
	const in_lines = (value) => `<div dir="auto">${escape(value || "").replace(/\n/g, "<br>")}</div>`;

	function formatter_of(df) {
		if (TEXTS.includes(df.fieldtype)) return in_lines;
		const read = reader_of(df);
		return read && ((value) => (value ? `<bdi>${escape(read(value))}</bdi>` : ""));
	}

	// A form's values and those of its tables, where they are only read.
	function dress(frm) {
		for (const df of frm.meta.fields) {
			if (df.fieldtype === "Table") dress_rows(frm, df.options);
			else if (formatter_of(df)) frm.set_df_property(df.fieldname, "formatter", formatter_of(df));
		}
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
			const read = reader_of(df);
			const formatter = read && ((value) => (value ? cell(escape(read(value))) : ""));
			if (formatter) dress_cells(frm, doctype, df.fieldname, formatter);
		}
	}

	// A table looks at its own copy of the fields, and at the original for what every value goes through.
	function dress_cells(frm, doctype, field, formatter) {
		frappe.meta.get_docfield(doctype, field).formatter = formatter;
		frappe.meta.get_docfield(doctype, field, frm.docname).formatter = formatter;
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
	function say_when_empty(view, text) {
		const empty = `<div class="no-result text-muted flex justify-center align-center">${text}</div>`;
		if (view.$no_result) view.$no_result.html(empty);
	}

	// The framework gives every column the room of its longest text, and hides those that then do not fit.
	function fit(view) {
		view.$result.find(".list-subject a").attr("dir", "auto").css({ display: "block" });
		view.$result.find(".list-subject .level-item.ellipsis").css({ minWidth: 0, flexShrink: 1 });
		if (frappe.is_mobile()) return;
		view.$result.find(".list-row, .list-row-container").css({ width: "auto", minWidth: 0, maxWidth: "100%" });
		view.$result.find(".level-left").each((_index, row) => {
			$(row).css({ flex: "1 1 0", minWidth: 0 }).siblings(".level-right").css({ flex: "0 0 140px" });
			$(row).children(".list-row-col").each((index, cell) => {
				$(cell).css({ flex: `${share_of(view.columns[index])} 1 0`, width: "", minWidth: 0 });
			});
		});
	}

	const SHARES = { Subject: 2.4, Status: 1.2, Datetime: 1.4, Text: 2.4 };
	const share_of = ({ type, df } = {}) => SHARES[type] || SHARES[(df || {}).fieldtype] || 1;

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
		brief_moment,
		category,
		cell,
		column,
		country,
		day,
		department,
		dress,
		dress_cells,
		fit,
		from_left,
		isolated,
		list,
		moment,
		name_tickets,
		person,
		say_when_empty,
	};
})();
