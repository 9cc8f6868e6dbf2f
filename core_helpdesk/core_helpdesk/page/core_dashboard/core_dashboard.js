// Management Dashboard: what is open now and where it waits, two weeks day by day, and a year of months. The page looks
// again by itself while somebody watches it.
(() => {
	frappe.pages["core-dashboard"].on_page_load = (wrapper) => {
		// A phone has no room for two words.
		const title = frappe.is_mobile() ? __("Dashboard", null, "Core Helpdesk") : __("Management Dashboard");
		const page = frappe.ui.make_app_page({ parent: wrapper, title, single_column: true });
		wrapper.core_dashboard = new Dashboard(page);
	};

	frappe.pages["core-dashboard"].on_page_show = (wrapper) => {
		if (wrapper.core_dashboard) wrapper.core_dashboard.load();
	};

	const EVERY = 60_000;
	const TONES = { red: "#e53e3e", orange: "#ed8936", green: "#38a169", blue: "#4299e1" };

	class Dashboard {
		constructor(page) {
			this.page = page;
			this.make_filters();
			this.page.main.append(`<div class="core-dashboard">
				<p class="as-of text-muted"></p>
				<div class="tiles"></div>
				<div class="charts"><section class="days"></section><section class="months"></section></div>
				<section class="parts"></section></div>`);
			this.root = this.page.main.find(".core-dashboard");
			this.root.on("click", "[data-department]", (event) => this.go_into(event));
			this.watch();
		}

		make_filters() {
			const change = () => this.load();
			this.department = this.page.add_field({
				fieldname: "department",
				fieldtype: "Link",
				options: "Core Department",
				label: __("Department", null, "Core Helpdesk"),
				change,
			});
			this.country = this.page.add_field({ fieldname: "country", fieldtype: "Link", options: "Country", label: __("Country"), change });
			if (frappe.is_mobile()) this.page.add_menu_item(__("Refresh"), () => this.load());
			else this.page.set_secondary_action(__("Refresh"), () => this.load(), "refresh");
		}

		watch() {
			const again = () => !document.hidden && frappe.get_route()[0] === "core-dashboard" && this.load();
			setInterval(again, EVERY);
			document.addEventListener("visibilitychange", again);
		}

		async load() {
			const chosen = { department: this.department.get_value() || "", country: this.country.get_value() || "" };
			const asked = (this.asked = (this.asked || 0) + 1);
			const seen = await frappe.xcall("core_helpdesk.dashboard_api.seen", chosen);
			// A later answer is already there.
			if (asked !== this.asked) return;
			const { at, at_epoch, ...figures } = seen;
			this.root.find(".as-of").text(seen.nothing || __("As of {0}", [core_helpdesk.timeline.moment(at)]));
			// What has not changed is not drawn anew under the eyes of whoever watches.
			const drawn = JSON.stringify([chosen, figures]);
			const is_same = drawn === this.drawn;
			Object.assign(this, { chosen, seen, drawn });
			if (!is_same) this.draw();
			this.lead();
		}

		draw() {
			const { seen } = this;
			this.root.find(".tiles").html(seen.tiles.map((tile) => this.tile(tile)).join(""));
			this.chart(".days", __("The Last Two Weeks, Day by Day"), seen.days);
			const { months, labels, series } = seen.months;
			// A phone has no room for whole names.
			const named = frappe.is_mobile() ? months.map(short_month) : labels;
			this.chart(".months", __("Within the Standard by Month (%)"), { labels: named, series });
			this.draw_parts();
		}

		tile({ name, label, value, tone }) {
			const shown = `<b>${typeof value === "number" ? number(value) : `<bdi>${escape(value)}</bdi>`}</b><span>${escape(label)}</span>`;
			return this.way(name)
				? `<a class="tile ${tone}" data-name="${escape(name)}">${shown}</a>`
				: `<div class="tile ${tone}">${shown}</div>`;
		}

		// Also where no number has changed: the records behind one may be others.
		lead() {
			this.root.find("a.tile").each((_number, tile) => $(tile).attr("href", this.way(tile.dataset.name)));
		}

		// To the records that a tile counts, or to the report that tells more, narrowed as the page is; none to what the
		// reader may not open.
		way(name) {
			const today = frappe.datetime.get_today();
			const report = (title, more) => this.address(`query-report/${encodeURIComponent(title)}`, more);
			const escalations = (more) => this.listed("Ticket Escalation", { status: ["in", ["Received", "Head Contacted"]], ...more });
			const cases = (more) => this.listed("Tracing Case", { status: ["in", ["Open", "Solved"]], ...more });
			// By the moment of the figures, in seconds: a date and its time would be read in the reader's own time zone.
			const past = ["<=", this.seen.at_epoch];
			const ways = {
				open: () => report("QA Monthly Report", { month: today.slice(0, 7) }),
				received: () => report("Department Performance", { since: today, until: today }),
				closed: () => report("Department Performance", { since: today, until: today }),
				within_standard: () => report("QA Monthly Report", { month: today.slice(0, 7) }),
				escalated: () => escalations({}),
				at_manager: () => escalations({ target: "General Manager" }),
				over: () => escalations({ answer_due_epoch: past }),
				tracing: () => cases({}),
				tracing_late: () => cases({ due_epoch: past, due_on: ["is", "set"] }),
			};
			return ways[name]();
		}

		listed(doctype, filters) {
			if (!frappe.model.can_read(doctype)) return "";
			const said = Object.entries(filters).map(([field, value]) => [field, Array.isArray(value) ? JSON.stringify(value) : value]);
			return this.address(frappe.router.slug(doctype), Object.fromEntries(said));
		}

		address(path, query) {
			const places = Object.entries(this.chosen).filter(([, value]) => value);
			return `/app/${path}?${new URLSearchParams([...places, ...Object.entries(query)])}`;
		}

		chart(place, title, { labels, series }) {
			const parent = this.root.find(place).empty();
			if (!labels.length) return;
			parent.append(`<h4>${title}</h4><div class="drawn"></div>`);
			new frappe.Chart(parent.find(".drawn")[0], {
				type: "line",
				height: 220,
				animate: 0,
				colors: series.map(({ tone }) => TONES[tone]),
				data: { labels, datasets: series.map(({ name, values }) => ({ name, values })) },
				// Where there is no room for every name, some are left out rather than all cut.
				axisOptions: { shortenYAxisNumbers: 1, xIsSeries: frappe.is_mobile() ? 1 : 0 },
				lineOptions: { dotSize: 4 },
			});
		}

		draw_parts() {
			const { parts, by } = this.seen;
			const parent = this.root.find(".parts").empty();
			if (!parts.length) return;
			const heads = [
				by,
				__("Open", null, "Ticket Figures"),
				__("Escalations Open, at Both Levels"),
				__("Escalations over 24 Hours, at Both Levels"),
				__("Received in Two Weeks"),
				__("Closed in Two Weeks"),
			];
			const most = Math.max(1, ...parts.map(({ open }) => open));
			const row = (part) => {
				const name = this.chosen.department
					? `<bdi>${escape(part.label)}</bdi>`
					: `<a href="#" data-department="${escape(part.name)}"><bdi>${escape(part.label)}</bdi></a>`;
				const bar = `<span class="bar" style="inline-size: ${Math.round((100 * part.open) / most)}%"></span>`;
				const cell = (value, head, tone = "") => `<td class="${value ? tone : ""}" data-head="${escape(head)}">${number(value)}</td>`;
				return `<tr><th scope="row">${name}${bar}</th>
					${cell(part.open, heads[1])}${cell(part.escalated, heads[2], "orange")}${cell(part.over, heads[3], "red")}
					${cell(part.received, heads[4])}${cell(part.closed, heads[5])}</tr>`;
			};
			parent.append(`<h4>${__("Where Work Is Waiting")}</h4><table>
				<thead><tr>${heads.map((head) => `<th scope="col">${escape(head)}</th>`).join("")}</tr></thead>
				<tbody>${parts.map(row).join("")}</tbody></table>`);
		}

		go_into(event) {
			event.preventDefault();
			this.department.set_value(event.currentTarget.dataset.department);
		}
	}

	const escape = (text) => frappe.utils.escape_html(String(text === null || text === undefined ? "" : text));
	const short_month = (month) =>
		new Intl.DateTimeFormat(`${frappe.boot.lang || "en"}-u-nu-latn-ca-gregory`, { month: "short", timeZone: "UTC" }).format(
			new Date(`${month}-01`)
		);
	const number = (value) => new Intl.NumberFormat("en").format(value || 0);
})();
