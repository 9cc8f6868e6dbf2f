// Manage My Tickets: the cases of one's groups, those passed on, not updated, due soon, urgent, answered. The page looks
// again by itself while somebody watches it, and marks what is new to them.
(() => {
	frappe.pages["tracing-work"].on_page_load = (wrapper) => {
		const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Manage My Tickets"), single_column: true });
		wrapper.tracing_work = new TracingWork(page);
	};

	frappe.pages["tracing-work"].on_page_show = (wrapper) => {
		if (wrapper.tracing_work) wrapper.tracing_work.shown();
	};

	const LISTS = {
		mine: () => [__("My Groups", null, "Tracing Case"), __("All tickets of your groups, taken or not.")],
		untaken: () => [__("Not Taken", null, "Tracing Case"), __("Tickets of your groups that nobody has taken.")],
		urgent: () => [__("Urgent", null, "Tracing Case"), __("Marked as urgent by an officer, or by what was written.")],
		due_this_week: () => [
			__("Due This Week"),
			__("Due within seven days, late ones included: the whole case, its time with the present group, or the second clock."),
		],
		passed_on: ({ follow_up_days: days }) => [
			__("Passed On by Me"),
			__("Passed on by you to other groups, and without an update for working days: {0}", [days]),
		],
		not_updated: ({ follow_up_days: days }) => [__("Not Updated"), __("Without an update for working days: {0}", [days])],
		no_follow_up: () => [
			__("No Follow-up"),
			__("The day of the next follow-up is over, or none was set and nothing was added, for so many days:"),
		],
		answered: () => [
			__("Answered", null, "Tracing Case"),
			__("Solved, and answered by the customer: to be closed, or looked at where the answer is in doubt."),
		],
	};
	const EVERY = 60_000;

	class TracingWork {
		constructor(page) {
			this.page = page;
			this.list = "mine";
			this.chosen = { team: "", officer: "", text: "", days: 0 };
			this.known = null;
			this.make_page();
			this.watch();
		}

		make_page() {
			// A phone's head has room for the title and one button.
			if (frappe.is_mobile()) this.page.add_menu_item(__("Refresh"), () => this.load());
			else this.page.set_secondary_action(__("Refresh"), () => this.load(), "refresh");
			this.page.add_menu_item(__("All Tracing Cases"), () => frappe.set_route("List", "Tracing Case"));
			this.page.main.html(`<div class="tracing-work">
				<nav class="tabs" role="tablist" aria-label="${__("Lists", null, "Tracing Case")}"></nav>
				<div class="narrow-down">
					<span class="about text-muted"></span>
					<input type="number" class="form-control input-xs days" min="1" max="90" aria-label="${__("Days")}" hidden>
					<span class="filters">
						<input type="search" class="form-control input-xs text" placeholder="${__("Ticket or shipment number")}" aria-label="${__("Ticket or shipment number")}">
						<select class="form-control input-xs team" aria-label="${__("Group", null, "Core Helpdesk")}" hidden></select>
						<button class="btn btn-xs btn-default officer" hidden></button>
					</span>
				</div>
				<div class="rows" aria-live="polite"></div></div>`);
			this.root = this.page.main.find(".tracing-work");
			this.root.on("click", ".tabs [data-list]", (event) => this.go_to(event));
			this.root.on("change", ".team", (event) => this.choose({ team: event.target.value }));
			this.root.on("input", ".text", frappe.utils.debounce((event) => this.choose({ text: event.target.value.trim() }), 400));
			this.root.on("change", ".days", (event) => this.choose({ days: Math.min(Math.max(Number(event.target.value) || 0, 0), 90) }));
			this.root.on("click", "[data-officer]", (event) => this.choose({ officer: event.currentTarget.dataset.officer }));
			this.root.on("click", "button.officer", () => this.choose({ officer: "" }));
			this.root.on("click", "button.more", () => this.show_more());
			this.root.on("click", "[data-accept]", (event) => this.accept(event.currentTarget));
		}

		// Looks again every minute, and at once when the server tells of a case that changed.
		watch() {
			const again = () => this.is_watched() && this.load(this.limit);
			setInterval(again, EVERY);
			document.addEventListener("visibilitychange", again);
			const soon = frappe.utils.debounce(again, 2000);
			frappe.realtime.doctype_subscribe("Tracing Case");
			frappe.realtime.on("list_update", (data) => data && data.doctype === "Tracing Case" && soon());
		}

		is_watched() {
			return !document.hidden && frappe.get_route()[0] === "tracing-work";
		}

		shown() {
			const asked = frappe.get_route()[1];
			const list = Object.hasOwn(LISTS, asked || "") ? asked : "mine";
			if (list !== this.list) this.known = null;
			this.list = list;
			return this.load();
		}

		go_to(event) {
			event.preventDefault();
			const { list } = event.currentTarget.dataset;
			if (list === this.list) return this.load();
			return frappe.set_route("tracing-work", list);
		}

		choose(chosen) {
			Object.assign(this.chosen, chosen);
			this.known = null;
			return this.load();
		}

		async load(limit = 0) {
			const asked = (this.asked = (this.asked || 0) + 1);
			const given = { name: this.list, ...this.chosen, limit: limit || 50 };
			const seen = await frappe.xcall("core_helpdesk.tracing_work_api.watch", given);
			// A later answer is already there.
			if (asked !== this.asked) return;
			this.limit = given.limit;
			this.seen = seen;
			seen.skew = seen.now_epoch - Date.now() / 1000;
			this.draw();
			this.tell_of_new();
		}

		// What was there before, further down, has not arrived.
		show_more() {
			this.known = null;
			return this.load(this.limit + this.seen.page);
		}

		// --- Drawing

		draw() {
			this.draw_tabs();
			this.draw_filters();
			const { rows } = this.seen;
			this.root.find(".rows").html(rows.length ? rows.map((row) => this.row(row)).join("") + this.more() : this.nothing());
		}

		draw_tabs() {
			const tab = (name) => {
				const [label] = LISTS[name](this.seen);
				const count = this.seen.counts[name];
				const tone = count && ["urgent", "not_updated", "passed_on"].includes(name) ? "warn" : "";
				return `<a href="#" role="tab" data-list="${name}" aria-selected="${name === this.list}" class="${name === this.list ? "active" : ""}">
					${label} <b class="${tone}">${number(count)}</b></a>`;
			};
			const tabs = this.root.find(".tabs").html(Object.keys(LISTS).map(tab).join(""));
			const active = tabs.find(".active")[0];
			// On a phone the tabs run beyond the side: the present one is always in sight.
			if (active && tabs[0].scrollWidth > tabs[0].clientWidth) active.scrollIntoView({ block: "nearest", inline: "center" });
		}

		draw_filters() {
			const { team, officer } = this.chosen;
			this.root.find(".about").text(LISTS[this.list](this.seen)[1]);
			this.root.find(".days").prop("hidden", this.list !== "no_follow_up").val(this.seen.days);
			const groups = [...new Set([...this.seen.groups, ...(team ? [team] : [])])];
			const options = groups.map((name) => `<option value="${escape(name)}" ${name === team ? "selected" : ""}>${escape(name)}</option>`);
			const all = `<option value="">${__("All Groups", null, "Tracing Case")}</option>`;
			this.root.find("select.team").prop("hidden", groups.length < 2 || this.list === "passed_on").html(all + options.join(""));
			this.root.find("button.officer").prop("hidden", !officer).html(`<bdi>${escape(this.person(officer))}</bdi> ✕`);
		}

		nothing() {
			if (!this.seen.is_on) return empty(__("Tracing is not set up yet: it needs a mode other than Off, and a headquarters group."));
			const { team, officer, text } = this.chosen;
			if (team || officer || text) return empty(__("Nothing here is of what you chose."));
			return empty(__("Nothing here: all is done."));
		}

		more() {
			const { rows, most } = this.seen;
			if (rows.length < this.limit) return "";
			if (rows.length >= most) return `<p class="text-muted end">${__("The first {0} are shown: narrow the list down to see others.", [number(most)])}</p>`;
			return `<p class="end"><button class="btn btn-sm btn-default more">${__("Show More")}</button></p>`;
		}

		row(row) {
			const link = frappe.utils.get_form_link("Tracing Case", row.name);
			const subject = core_helpdesk.reading.numbers_in_order(frappe.utils.unescape_html(row.subject || ""));
			const title = subject || __("Ticket {0}", [row.ticket]);
			const mark = row.is_new ? `<span class="new" title="${__("New to you, or changed since you opened it")}">${__("New", null, "Tracing Case")}</span>` : "";
			const urgent = row.urgent ? pill("red", __("Urgent", null, "Tracing Case")) : "";
			const has_arrived = this.known && !this.known.has(row.name);
			return `<div class="case ${row.is_new ? "is-new" : ""} ${has_arrived ? "arrived" : ""}">
				<div class="what">
					<div class="title">${mark}${urgent}<a href="${escape(link)}" dir="auto">${escape(title)}</a></div>
					<div class="facts">${this.facts(row).join("")}</div>
				</div>
				<div class="due">${this.due(row)}</div>
				<div class="last">${this.last(row)}</div>
				<div class="act">${this.act(row)}</div>
			</div>`;
		}

		facts(row) {
			const { country } = core_helpdesk.reading;
			// Who is in one group knows which it is.
			const is_mine = ["mine", "untaken"].includes(this.list) && this.seen.groups.length < 2;
			const fact = (text, name) => (text ? `<span title="${name}"><bdi>${escape(text)}</bdi></span>` : "");
			return [
				this.state(row),
				fact(__("Ticket {0}", [row.ticket]), row.name),
				fact(row.shipment_number, __("Air Waybill Number")),
				fact(row.nature && __(row.nature, null, "Tracing Case"), __("Nature")),
				is_mine ? "" : fact(row.team, __("Group", null, "Core Helpdesk")),
				is_mine ? "" : fact(country(row.country), __("Country")),
				fact(frappe.utils.unescape_html(row.customer_name || ""), __("Customer")),
				row.faults ? pill("orange", __("Faults in the data: {0}", [row.faults])) : "",
			];
		}

		state(row) {
			if (row.status === "Solved") {
				if (row.answer === "Doubtful") return pill("orange", __("Answer in Doubt"));
				if (row.answer === "Satisfied") return pill("green", __("Customer Satisfied"));
				return pill("blue", __("Solved", null, "Tracing Case"));
			}
			if (!row.accepted_epoch) return pill("yellow", __("Not Taken", null, "Tracing Case"));
			return row.answer === "Not Satisfied" ? pill("red", __("Customer Not Satisfied")) : "";
		}

		due(row) {
			const left = (epoch) => {
				const seconds = epoch - (Date.now() / 1000 + this.seen.skew);
				const text = core_helpdesk.timeline.duration(seconds, true);
				return seconds < 0 ? __("Late by {0}", [text]) : __("{0} left", [text]);
			};
			const tone = (epoch, warn) => {
				const now = Date.now() / 1000 + this.seen.skew;
				if (now > epoch) return "red";
				return now > (warn || epoch - 2 * 86400) ? "orange" : "green";
			};
			const line = (label, epoch, on, warn) =>
				epoch
					? `<div>${label ? `<span class="label">${label}</span> ` : ""}${pill(tone(epoch, warn), left(epoch))}
						<small><bdi>${core_helpdesk.reading.brief_moment(on)}</bdi></small></div>`
					: "";
			const of_group = row.leg_due_epoch === row.due_epoch ? "" : line(__("Group", null, "Core Helpdesk"), row.leg_due_epoch, row.leg_due_on);
			const of_regulator = line(escape(this.seen.regulator), row.regulator_due_epoch, row.regulator_due_on);
			const label = of_group || of_regulator ? __("Case", null, "Tracing Case") : "";
			return line(label, row.due_epoch, row.due_on, row.warn_epoch) + of_group + of_regulator;
		}

		last(row) {
			const since = Date.now() / 1000 + this.seen.skew - row.last_update_epoch;
			const updated = since < 60 ? __("Updated just now") : __("Updated {0} ago", [core_helpdesk.timeline.duration(since, true)]);
			const on = row.follow_up_on;
			const is_over = on && on < frappe.datetime.get_today();
			const follow_up = on
				? `<div class="${is_over ? "over" : ""}">${__("Follow-up: {0}", [core_helpdesk.reading.day(on)])}</div>`
				: "";
			const from = row.from_team ? `<div class="from">${__("From {0}", [`<bdi>${escape(row.from_team)}</bdi>`])}</div>` : "";
			return `<div title="${escape(core_helpdesk.reading.moment(row.last_update_on))}">${row.last_update_epoch ? updated : __("Not updated yet")}</div>${follow_up}${from}`;
		}

		act(row) {
			if (row.may_accept) {
				return `<button class="btn btn-xs btn-primary" data-accept="${escape(row.name)}">${__("Take", null, "Tracing Case")}</button>`;
			}
			if (!row.officer) return "";
			return `<a class="who" role="button" data-officer="${escape(row.officer)}" title="${__("Officer")}"><bdi>${escape(this.person(row.officer))}</bdi></a>`;
		}

		person(user) {
			return (this.seen.people || {})[user] || core_helpdesk.reading.person(user) || user;
		}

		// --- Acting

		async accept(button) {
			button.disabled = true;
			try {
				await frappe.xcall("core_helpdesk.tracing_api.accept", { case: button.dataset.accept });
				frappe.show_alert({ message: __("It is yours now."), indicator: "green" });
			} finally {
				await this.load(this.limit);
			}
		}

		// What came while the page was watched is told once; its row stays marked until it is opened.
		tell_of_new() {
			const names = new Set(this.seen.rows.map(({ name }) => name));
			const arrived = this.known ? this.seen.rows.filter(({ name }) => !this.known.has(name)) : [];
			this.known = new Set([...(this.known || []), ...names]);
			if (arrived.length && ["mine", "untaken", "urgent"].includes(this.list)) {
				frappe.show_alert({ message: __("New in this list: {0}", [arrived.length]), indicator: "blue" });
			}
			const fresh = this.seen.rows.filter((row) => row.is_new && row.may_accept).length;
			frappe.utils.set_title((fresh ? `(${fresh}) ` : "") + __("Manage My Tickets"));
		}
	}

	const escape = (text) => frappe.utils.escape_html(String(text === null || text === undefined ? "" : text));
	const number = (value) => new Intl.NumberFormat("en").format(value || 0);
	const pill = (colour, text) => `<span class="indicator-pill no-indicator-dot ${colour}">${text}</span>`;
	const empty = (text) => `<p class="none text-muted">${text}</p>`;
})();
