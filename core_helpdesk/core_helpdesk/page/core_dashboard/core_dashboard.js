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
			const { at, ...figures } = seen;
			this.root.find(".as-of").text(seen.nothing || __("As of {0}", [core_helpdesk.timeline.moment(at)]));
			// What has not changed is not drawn anew under the eyes of whoever watches.
			const drawn = JSON.stringify([chosen, figures]);
			if (drawn === this.drawn) return;
			Object.assign(this, { chosen, seen, drawn });
			this.draw();
		}

		draw() {
			const { seen } = this;
			this.root.find(".tiles").html(seen.tiles.map((tile) => this.tile(tile)).join(""));
			this.chart(".days", __("The Last Two Weeks, Day by Day"), seen.days);
			this.chart(".months", __("Within the Standard by Month (%)"), seen.months);
			this.draw_parts();
		}

		tile({ name, label, value, tone }) {
			const link = this.link(name);
			const shown = `<b>${typeof value === "number" ? number(value) : `<bdi>${escape(value)}</bdi>`}</b><span>${escape(label)}</span>`;
			return link
				? `<a class="tile ${tone}" href="${escape(link)}">${shown}</a>`
				: `<div class="tile ${tone}">${shown}</div>`;
		}

		// To the report that tells more, narrowed as the page is.
		link(name) {
			const { department, country } = this.chosen;
			const filters = Object.entries({ department, country }).filter(([, value]) => value);
			const query = (more) => new URLSearchParams([...filters, ...more]).toString();
			if (["escalated", "at_manager", "over"].includes(name)) {
				return `/app/query-report/Escalated%20Tickets?${query([])}`;
			}
			if (["open", "received", "closed", "within_standard"].includes(name)) {
				const month = frappe.datetime.get_today().slice(0, 7);
				return `/app/query-report/QA%20Monthly%20Report?${query([["month", month]])}`;
			}
			return frappe.model.can_read("Tracing Case") ? `/app/tracing-case?${query([["status", '["!=","Closed"]']])}` : "";
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
				axisOptions: { shortenYAxisNumbers: 1 },
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
				__("Escalations Open"),
				__("Escalations over 24 Hours"),
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
	const number = (value) => new Intl.NumberFormat("en").format(value || 0);
})();
