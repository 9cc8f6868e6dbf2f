// The timeline card on the ticket's form in the Desk; ticket_timeline.js is loaded before this file.
frappe.ui.form.on("HD Ticket", {
	refresh(frm) {
		const field = frm.fields_dict.ch_timeline;
		if (!field) return;
		frm.toggle_display("ch_section", !frm.is_new());
		if (!frm.is_new()) draw_timeline(frm, field);
	},
});

async function draw_timeline(frm, field) {
	const timeline = core_helpdesk.timeline;
	const name = frm.doc.name;
	const data = await frappe.xcall("core_helpdesk.api.ticket_timeline", {
		doctype: frm.doctype,
		name: String(name),
	});
	if (frm.doc.name !== name) return;

	field.$wrapper.html(timeline.render(data));
	if (data.clock || data.escalations.length) {
		const colour = { red: "red", orange: "orange", blue: "blue", green: "green" }[timeline.tone(data)] || "yellow";
		const head = `<span data-ch-label>${timeline.escape(timeline.label(data))}</span>`;
		frm.dashboard.set_headline(`${head} · <a href="#" class="ch-more">${__("Why?")}</a>`, colour);
		$(frm.wrapper).find(".ch-more").on("click", (event) => {
			event.preventDefault();
			frm.scroll_to_field("ch_timeline");
		});
	}
	clearInterval(frm.core_helpdesk_ticking);
	frm.core_helpdesk_ticking = setInterval(() => {
		if (!document.contains(field.$wrapper[0])) return clearInterval(frm.core_helpdesk_ticking);
		return $(frm.wrapper).find("[data-ch-label]").text(timeline.label(data));
	}, 30000);
}
