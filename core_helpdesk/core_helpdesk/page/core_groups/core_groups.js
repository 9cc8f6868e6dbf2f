// All groups in one table: category, department, country, head and calendar edited at once, or read from a CSV file.
// Nothing is written until Save; the server takes all rows or none.
frappe.pages["core-groups"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Groups at Once"), single_column: true });
	wrapper.groups_grid = new GroupsGrid(page);
};

frappe.pages["core-groups"].on_page_show = (wrapper) => {
	if (wrapper.groups_grid) wrapper.groups_grid.load();
};

const GROUPS_API = "core_helpdesk.api.";

class GroupsGrid {
	constructor(page) {
		this.page = page;
		this.rows = [];
		this.changed = new Map();
		this.columns = [
			{ field: "ch_category", label: __("Group Category"), doctype: "Group Category", filters: { workflow_state: "Active" } },
			{ field: "ch_department", label: __("Department", null, "Core Helpdesk"), doctype: "Core Department", filters: { disabled: 0 } },
			{ field: "ch_country", label: __("Country"), doctype: "Country", filters: {} },
			{ field: "head", label: __("Department Head"), doctype: "User", filters: { enabled: 1, user_type: "System User" } },
			{ field: "ch_calendar", label: __("Working Calendar"), doctype: "Working Calendar", filters: {} },
			{ field: "ch_governed_from", label: __("Tickets Count From") },
		];
		this.make_page();
	}

	make_page() {
		this.page.set_primary_action(__("Save"), () => this.save());
		// Two buttons beside the title are more than a phone has room for.
		if (frappe.is_mobile()) this.page.add_menu_item(__("Import CSV"), () => this.choose_file());
		else this.page.set_secondary_action(__("Import CSV"), () => this.choose_file());
		this.page.add_menu_item(__("Download as CSV"), () => this.download());
		this.page.add_menu_item(__("Reload"), () => this.load());
		this.page.main.html(`<div class="groups-grid">
			<p class="text-muted">${__("A head answers for the department in that country: setting one here sets it for every group of both. An empty calendar means the calendar of the country, an empty start the one of the settings.")}</p>
			<div class="bar">
				<input type="search" class="form-control input-sm" placeholder="${__("Find a group")}">
				<label><input type="checkbox" class="only-gaps"> ${__("Only groups with something missing")}</label>
				<label><input type="checkbox" class="only-free"> ${__("Only groups that are not governed")}</label>
				<span class="fill" hidden><b></b>
					<select class="form-control input-sm"></select>
					<input class="form-control input-sm value" list="" placeholder="${__("Value")}">
					<button class="btn btn-sm btn-default set">${__("Set for Selected")}</button>
					<span class="govern-bar" hidden>${core_helpdesk.groups_governance.buttons()}</span></span>
				<span class="count text-muted"></span>
			</div>
			<div class="scroll"><table><thead></thead><tbody></tbody></table></div>
			<div class="lists"></div></div>`);
		this.root = this.page.main.find(".groups-grid");
		this.root.on("change", "td input.cell", (event) => this.edited(event.target));
		this.root.on("input", "input[type=search]", () => this.filter());
		this.root.on("change", ".only-gaps, .only-free", () => this.filter());
		this.root.on("change", "input.pick, input.pick-all", (event) => this.picked(event.target));
		this.root.on("change", ".fill select", (event) => this.set_fill_list(event.target.value));
		this.root.on("click", ".fill button.set", () => this.fill_selected());
		core_helpdesk.groups_governance.attach(this);
	}

	async load() {
		const [grid] = await Promise.all([frappe.xcall(GROUPS_API + "groups_grid"), this.load_choices()]);
		this.rows = grid.rows || [];
		this.may_write = grid.may_write !== false;
		this.may_govern = Boolean(grid.may_govern);
		this.changed.clear();
		this.draw();
	}

	// One list per column, shared by all rows: a menu per cell would be a hundred thousand nodes.
	async load_choices() {
		this.choices = {};
		await Promise.all(
			this.columns.filter(({ doctype }) => doctype).map(async (column) => {
				const fields = column.doctype === "User" ? ["name", "full_name"] : ["name"];
				const found = await frappe.db.get_list(column.doctype, { fields, filters: column.filters, limit: 2000 });
				const label = LABELS[column.doctype] || ((name) => name);
				this.choices[column.field] = found.map((row) => ({ value: row.name, label: row.full_name || label(row.name) }));
			})
		);
		const options = (field) =>
			this.choices[field]
				.map((choice) => `<option value="${esc(choice.value)}">${choice.label === choice.value ? "" : esc(choice.label)}</option>`)
				.join("");
		const lists = Object.keys(this.choices).map((field) => `<datalist id="groups-${field}">${options(field)}</datalist>`);
		this.root.find(".lists").html(lists.join(""));
	}

	draw() {
		const titles = this.columns.map((column) => `<th>${column.label}</th>`).join("");
		this.root.find("thead").html(`<tr><th class="narrow"><input type="checkbox" class="pick-all" aria-label="${__("Select All")}"></th>
			<th>${__("Group", null, "Core Helpdesk")}</th>${titles}<th>${__("Missing")}</th><th>${__("Governed")}</th></tr>`);
		const none = `<tr><td colspan="10" class="text-muted none">${__("There are no groups yet.")}</td></tr>`;
		this.root.find("tbody").html(this.rows.length ? this.rows.map((row, index) => this.row_html(row, index)).join("") : none);
		const options = this.columns.map((column) => `<option value="${column.field}">${column.label}</option>`);
		this.root.find(".fill select").html(options.join(""));
		this.set_fill_list(this.columns[0].field);
		this.filter();
		this.show_changes();
	}

	row_html(row, index) {
		const cells = this.columns.map(
			(column) => `<td><input class="cell" ${kind_of(column)} data-row="${index}" data-field="${column.field}"
				value="${esc(this.shown(column.field, row[column.field] || ""))}" aria-label="${esc(column.label)}" ${this.may_change(column, row) ? "" : "disabled"}></td>`
		);
		return `<tr data-row="${index}"><td class="narrow"><input type="checkbox" class="pick" data-row="${index}"></td>
			<td class="name">${name_of(row)}</td>
			${cells.join("")}<td class="gaps">${this.gaps_html(row)}</td>
			<td class="governed">${core_helpdesk.groups_governance.cell(row, this.may_govern)}</td></tr>`;
	}

	// From when tickets count is the QA Specialist's to say alone, and so is all of a governed group; its head answers
	// for the department.
	may_change(column, row) {
		const is_reserved = column.field === "ch_governed_from" || (row.governed && column.field !== "head");
		return this.may_write && (!is_reserved || frappe.user.has_role("QA Specialist"));
	}

	gaps_html(row) {
		return (row.gaps || []).map((gap) => `<span class="indicator-pill orange">${esc(__(gap))}</span>`).join(" ");
	}

	// --- Editing

	edited(cell) {
		const row = this.rows[cell.dataset.row];
		const field = cell.dataset.field;
		const value = this.as_name(field, cell.value.trim());
		cell.value = this.shown(field, value);
		const known = !value || this.is_known(field, value);
		cell.classList.toggle("wrong", !known);
		cell.title = known ? "" : __("{0} is not known here.", [value]);
		this.note_change(row, field, value);
		cell.classList.toggle("changed", (this.changed.get(row.name) || {})[field] !== undefined);
		if (field === "head") this.share_head(row, value);
		this.show_changes();
	}

	is_known(field, value) {
		const choices = this.choices[field];
		return choices ? choices.some((choice) => choice.value === value) : Boolean(as_moment(value));
	}

	// Countries, departments and categories read in the reader's language; two people may have one name.
	shown(field, value) {
		const choices = this.choices[field] || [];
		const choice = choices.find((known) => known.value === value);
		const is_plain = choice && choices.filter(({ label }) => label === choice.label).length === 1;
		return is_plain ? choice.label : value;
	}

	// A head, department or country may be typed by what people call it.
	as_name(field, typed) {
		if (!this.choices[field]) return as_moment(typed) || typed;
		const choice = this.choices[field].find(
			(known) => known.value.toLowerCase() === typed.toLowerCase() || known.label.toLowerCase() === typed.toLowerCase()
		);
		return choice ? choice.value : typed;
	}

	note_change(row, field, value) {
		const changes = this.changed.get(row.name) || {};
		if ((row[field] || "") === value) delete changes[field];
		else changes[field] = value;
		if (Object.keys(changes).length) this.changed.set(row.name, changes);
		else this.changed.delete(row.name);
	}

	value_of(row, field) {
		const changes = this.changed.get(row.name) || {};
		return changes[field] !== undefined ? changes[field] : row[field] || "";
	}

	// One head per department and country: the other groups of both show the same.
	share_head(row, head) {
		const place = (other) => `${this.value_of(other, "ch_department")}|${this.value_of(other, "ch_country")}`;
		if (!this.value_of(row, "ch_department")) return;
		this.rows.forEach((other, index) => {
			if (other === row || place(other) !== place(row)) return;
			this.note_change(other, "head", head);
			const cell = this.root.find(`input.cell[data-row=${index}][data-field=head]`)[0];
			cell.value = this.shown("head", head);
			cell.classList.toggle("changed", (this.changed.get(other.name) || {}).head !== undefined);
		});
	}

	picked(box) {
		if (box.classList.contains("pick-all")) {
			this.root.find("tbody tr:visible input.pick").prop("checked", box.checked);
		}
		const count = this.root.find("input.pick:checked").length;
		this.root.find(".fill").prop("hidden", !count || !this.may_write);
		this.root.find(".fill b").text(__("{0} selected", [count]));
		this.root.find(".govern-bar").prop("hidden", !this.may_govern);
	}

	picked_rows() {
		return [...this.root.find("input.pick:checked")].map((box) => this.rows[box.dataset.row]);
	}

	set_fill_list(field) {
		const list = this.choices[field] ? `groups-${field}` : "";
		this.root.find(".fill .value").attr({ list, placeholder: list ? __("Value") : MOMENT });
	}

	fill_selected() {
		const field = this.root.find(".fill select").val();
		const value = this.root.find(".fill .value").val();
		this.root.find("input.pick:checked").each((_index, box) => {
			const cell = this.root.find(`input.cell[data-row=${box.dataset.row}][data-field=${field}]`)[0];
			cell.value = value;
			this.edited(cell);
		});
	}

	filter() {
		const typed = (this.root.find("input[type=search]").val() || "").toLowerCase();
		const only_gaps = this.root.find(".only-gaps").prop("checked");
		const only_free = this.root.find(".only-free").prop("checked");
		let shown = 0;
		this.root.find("tbody tr[data-row]").each((_index, line) => {
			const row = this.rows[line.dataset.row];
			const is_asked = (!only_gaps || (row.gaps || []).length) && !(only_free && row.governed);
			const fits = row.name.toLowerCase().includes(typed) && is_asked;
			line.hidden = !fits;
			if (fits) shown += 1;
		});
		const counts = [__("{0} of {1} groups", [shown, this.rows.length]), core_helpdesk.groups_governance.count(this.rows)];
		this.root.find(".count").text(core_helpdesk.reading.list(counts));
	}

	show_changes() {
		const count = this.changed.size;
		this.page.btn_primary.prop("disabled", !count || !this.may_write);
		if (count) this.page.set_indicator(__("{0} groups changed", [count]), "orange");
		else this.page.clear_indicator();
	}

	// --- Saving

	async save() {
		const rows = [...this.changed].map(([name, changes]) => {
			const row = this.rows.find((candidate) => candidate.name === name);
			const values = Object.fromEntries(this.columns.map(({ field }) => [field, this.value_of(row, field)]));
			return { name, ...values, ...changes };
		});
		const result = await frappe.xcall(GROUPS_API + "save_groups", { rows });
		if (this.show_errors(result)) return;
		frappe.show_alert({ message: __("{0} groups saved.", [rows.length]), indicator: "green" });
		await this.load();
	}

	show_errors(result) {
		const errors = (result && result.errors) || [];
		if (!errors.length) return false;
		frappe.msgprint({ title: __("Nothing was saved"), indicator: "red", message: this.errors_html(errors) });
		return true;
	}

	// --- CSV

	download() {
		const lines = [["group", ...this.columns.map(({ field }) => field.replace("ch_", ""))]];
		for (const row of this.rows) lines.push([row.name, ...this.columns.map(({ field }) => row[field] || "")]);
		const text = lines.map((line) => line.map((cell) => `"${String(cell).replace(/"/g, '""')}"`).join(",")).join("\r\n");
		const link = document.createElement("a");
		link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv" }));
		link.download = "groups.csv";
		link.click();
		URL.revokeObjectURL(link.href);
	}

	choose_file() {
		const input = document.createElement("input");
		input.type = "file";
		input.accept = ".csv,text/csv";
		input.onchange = () => input.files[0] && this.preview(input.files[0]);
		input.click();
	}

	async preview(file) {
		const content = await text_of(file);
		if (content === null) return;
		const found = await frappe.xcall(GROUPS_API + "import_groups", { content, dry_run: 1 });
		const errors = found.errors || [];
		const rows = found.rows || [];
		const dialog = new frappe.ui.Dialog({
			title: __("Import {0}", [file.name]),
			size: "extra-large",
			fields: [{ fieldtype: "HTML", options: errors.length ? this.errors_html(errors) : this.preview_html(rows) }],
			primary_action_label: errors.length || !rows.length ? __("Close") : __("Import {0} Groups", [rows.length]),
			primary_action: async () => {
				dialog.hide();
				if (errors.length || !rows.length) return;
				const result = await frappe.xcall(GROUPS_API + "import_groups", { content, dry_run: 0 });
				if (this.show_errors(result)) return;
				frappe.show_alert({ message: __("{0} groups saved.", [rows.length]), indicator: "green" });
				await this.load();
			},
		});
		dialog.show();
	}

	errors_html(errors) {
		const lines = errors.map((error) => {
			const parts = [error.line && __("Line {0}", [error.line]), error.name, error.column && this.label_of(error.column)];
			const place = parts.filter(Boolean).map((part) => `<bdi>${esc(part)}</bdi>`);
			// The way on is a link that the server made.
			const text = `<bdi>${esc(error.message)}</bdi> ${error.way_on || ""}`;
			return `<li>${place.length ? `<b>${core_helpdesk.reading.list(place)}</b>: ` : ""}${text}</li>`;
		});
		return `<p>${__("Nothing was changed. Please put this right first:")}</p><ul>${lines.join("")}</ul>`;
	}

	// A column of the table or of a file, by what the table calls it.
	label_of(name) {
		const column = this.columns.find(({ field }) => [name, `ch_${name}`].includes(field));
		return column ? column.label : name;
	}

	preview_html(rows) {
		if (!rows.length) return `<p>${__("The file changes nothing.")}</p>`;
		const value = (field, name) => `<bdi>${esc(this.shown(field, name || "") || "–")}</bdi>`;
		const arrow = frappe.utils.is_rtl() ? "←" : "→";
		const change = (row) =>
			Object.entries(row.changes || {})
				.map(([field, [before, after]]) => `${esc(this.label_of(field))}: <del>${value(field, before)}</del> ${arrow} <b>${value(field, after)}</b>`)
				.join("<br>");
		const lines = rows.map((row) => `<tr><td><bdi>${esc(row.name)}</bdi></td><td>${change(row)}</td></tr>`);
		return `<div style="max-height: 60vh; overflow-y: auto"><table class="table table-sm">
			<thead><tr><th>${__("Group", null, "Core Helpdesk")}</th><th>${__("Changes")}</th></tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
	}
}

// Spreadsheets in Arabic save CSV as Windows-1256 unless told otherwise.
async function text_of(file) {
	const bytes = await file.arrayBuffer();
	const signature = new Uint8Array(bytes.slice(0, 2));
	if (signature[0] === 0x50 && signature[1] === 0x4b) {
		frappe.msgprint(__("This is an Excel workbook. Save it as CSV UTF-8 first."));
		return null;
	}
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder("windows-1256").decode(bytes);
	}
}

// A moment is written; everything else is found by its name.
const MOMENT = "2026-03-01 08:00";
const kind_of = ({ doctype, field }) => (doctype ? `dir="auto" list="groups-${field}"` : `dir="ltr" title="${MOMENT}"`);

// A day, or a moment, to the second as the server keeps it; empty for anything else.
function as_moment(typed) {
	const found = typed.match(/^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?$/);
	return found ? `${found[1]} ${found[2] || "00:00"}${found[3] || ":00"}` : "";
}

const esc = (text) => frappe.utils.escape_html(String(text));

const LABELS = {
	Country: (name) => core_helpdesk.reading.country(name),
	"Core Department": (name) => core_helpdesk.reading.department(name),
	"Group Category": (name) => core_helpdesk.reading.category(name),
};

// The host's form of a group is for its agents; everybody else would find it closed.
function name_of(row) {
	const name = `<bdi>${esc(row.name)}</bdi>`;
	if (!["Agent", "System Manager"].some((role) => frappe.user.has_role(role))) return name;
	return `<a href="${frappe.utils.get_form_link("HD Team", row.name)}">${name}</a>`;
}
