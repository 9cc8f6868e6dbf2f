// Runs on the ticket page of the Helpdesk agents, after ticket_timeline.js: a button in the page's head says what
// comes next, and opens the ticket's clock, stays and escalations; others lead to the tracing case and report wrong data.
async function setupForm({ doc, call, $dialog }) {
	if (!doc || !doc.name) return { actions: [] };
	const timeline = core_helpdesk.timeline;

	// The page loads its translations on its own; a button made before them would stay English.
	for (let waited = 0; !window.translatedMessages && waited < 2000; waited += 100) {
		await new Promise((done) => setTimeout(done, 100));
	}

	let data;
	try {
		data = await call("core_helpdesk.api.ticket_timeline", { doctype: "HD Ticket", name: String(doc.name) });
	} catch {
		return { actions: [] };
	}
	const tracing = await tracing_actions(doc, call, timeline.__);
	const report = {
		label: timeline.__("Report Wrong Data"),
		icon: "flag",
		onClick: () => window.open(correction_of(doc.name), "_blank"),
	};
	if (!data || (!data.clock && !(data.escalations || []).length)) return { actions: [...tracing, report] };

	const html = timeline.render(data);
	return {
		actions: [
			{
				label: timeline.label(data),
				icon: (data.escalations || []).some(timeline.is_open) ? "alert-triangle" : "clock",
				onClick: () => $dialog({ title: timeline.__("Escalation"), html, size: "3xl", actions: [] }),
			},
			...tracing,
			report,
		],
	};
}

// The ticket's tracing case in the Desk, or one opened by hand; nothing for who may do neither.
async function tracing_actions(doc, call, __) {
	const ticket = String(doc.name);
	const go_to = (name) => `/app/tracing-case/${encodeURIComponent(name)}`;
	try {
		const found = await call("core_helpdesk.tracing_work_api.of_ticket", { ticket });
		if (found.name) return [{ label: __("Tracing Case"), icon: "package", onClick: () => window.open(go_to(found.name), "_blank") }];
		if (!found.may_open) return [];
		const open = async () => window.location.assign(go_to(await call("core_helpdesk.tracing_api.open_by_hand", { ticket })));
		return [{ label: __("Open Tracing Case"), icon: "package", onClick: open }];
	} catch {
		return [];
	}
}

// The request in the Desk, filled in but for what is right (CORE-19).
function correction_of(ticket) {
	const known = { kind: "Data Correction", wrong: "Wrong Data", reference_doctype: "HD Ticket", reference_name: ticket };
	return `/app/group-request/new?${new URLSearchParams(known)}`;
}
