// Which groups are governed, on the page of all groups: what each lacks before it can be, and the switch for one group
// or for several at once. The server takes all that are asked for, or none.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.groups_governance = (() => {
	const SWITCH = "core_helpdesk.governance_api.switch_governance_of";
	const escape = (text) => frappe.utils.escape_html(String(text));
	const pill = (colour, text) => `<span class="indicator-pill ${colour}">${text}</span>`;
	const button = (row, text, kind) =>
		`<button class="btn btn-xs btn-default ${kind}" data-name="${escape(row.name)}">${text}</button>`;

	// What a group's line says, with the way on.
	function cell(row, may_govern) {
		if (row.governed) return [pill("green", __("Governed")), may_govern ? button(row, __("Switch Off"), "govern") : ""].join(" ");
		if (!may_govern) return pill("gray", __("Not Governed"));
		if (row.lacks.length) return button(row, pill("orange", __("Missing: {0}", [row.lacks.length])), "lacks");
		return button(row, __("Switch On"), "govern");
	}

	function buttons() {
		const both = [[1, __("Switch Governance On")], [0, __("Switch Governance Off")]];
		return both.map(([on, label]) => `<button class="btn btn-sm btn-default govern-all" data-on="${on}">${label}</button>`).join(" ");
	}

	function listed(names, limit = 12) {
		const items = names.slice(0, limit).map((name) => `<li><bdi>${escape(name)}</bdi></li>`);
		const more = names.length > limit ? `<li>${__("and {0} more", [names.length - limit])}</li>` : "";
		return `<ul style="margin-block: 4px 0">${items.join("")}${more}</ul>`;
	}

	// Listens on the page; `grid` has its rows, those that are picked, and loads anew.
	function attach(grid) {
		const row_of = (event) => grid.rows.find(({ name }) => name === event.currentTarget.dataset.name);
		grid.root.on("click", "button.lacks", (event) => say_gaps(row_of(event)));
		grid.root.on("click", "button.govern", (event) => ask(grid, [row_of(event)], !row_of(event).governed));
		grid.root.on("click", "button.govern-all", (event) => ask(grid, grid.picked_rows(), Number(event.currentTarget.dataset.on) === 1));
	}

	function say_gaps(row) {
		const message = __("The group {0} is not complete yet: {1}", [`<b><bdi>${escape(row.name)}</bdi></b>`, listed(row.lacks)]);
		frappe.msgprint({ message, title: __("Governed Group"), indicator: "orange" });
	}

	function ask(grid, rows, on) {
		if (grid.changed.size) return frappe.msgprint(__("Save your changes first, or reload the page without them."));
		const others = rows.filter((row) => Boolean(row.governed) !== on);
		const ready = others.filter((row) => !on || !row.lacks.length);
		const rest = others.filter((row) => !ready.includes(row)).map(({ name }) => name);
		const left = rest.length ? `<p>${__("Not complete, and left as they are:")}</p>${listed(rest)}` : "";
		if (!ready.length) {
			const message = left || __("Nothing changes: these groups are so already.");
			return frappe.msgprint({ message, title: __("Governed Group"), indicator: "orange" });
		}
		const question = on
			? __("From then on these groups change by a request alone. Switch governance on?")
			: __("Anybody who may change groups on the host can then change these. Switch governance off?");
		const names = ready.map(({ name }) => name);
		return frappe.confirm(`<p>${question}</p>${listed(names)}${left}`, () => carry_out(grid, names, on));
	}

	async function carry_out(grid, teams, on) {
		const changed = await frappe.xcall(SWITCH, { teams, on: on ? 1 : 0 });
		const message = on ? __("Governed from now on: {0}", [changed]) : __("Not governed any more: {0}", [changed]);
		// Only what the grid shows by then is said: the next click is on these rows.
		await grid.load();
		frappe.show_alert({ message, indicator: "green" });
	}

	const count = (rows) => __("{0} of {1} governed", [rows.filter(({ governed }) => governed).length, rows.length]);

	return { attach, buttons, cell, count };
})();
