// What may be done with a tracing case, as buttons in its head; each asks for what the server needs, and no more.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.tracing_acts = (() => {
	const { call, escape, plain, word } = core_helpdesk.tracing;

	const has_no_answer = ({ doc }) => doc.status === "Solved" && !doc.answer;
	const not_asked = ({ doc }) => !doc.asked_on;
	const not_closed = ({ doc }) => doc.status !== "Closed";
	const always = () => true;

	// In the order of the work; the first of the main ones that may be done is the button to press next.
	const ACTS = () => [
		{ name: "accept", label: __("Take", null, "Tracing Case"), main: always, run: (frm) => act(frm, "accept") },
		{ name: "review_answer", label: __("Review Answer"), main: always, run: ask_review },
		{ name: "close", label: __("Close", null, "Tracing Case"), main: always, run: ask_close },
		{ name: "ask_for_missing", label: __("Ask Customer for Missing Data"), main: not_asked, run: ask_for_missing },
		{ name: "record_answer", label: __("Record Answer"), main: has_no_answer, run: ask_answer },
		{ name: "add_update", label: __("Add Update"), main: not_closed, run: ask_update },
		{ name: "take_over", label: __("Take Over", null, "Tracing Case"), run: ask_take_over },
		{ name: "hand_over", label: __("Hand Over"), run: ask_hand_over },
		{ name: "return_data", label: __("Return to Who Entered It"), run: ask_return },
		{ name: "claim", label: __("Make Claim"), run: (frm) => core_helpdesk.claims.make(frm.doc.name) },
		{ name: "mark_solved", label: __("Mark as Solved"), run: ask_solution },
		{ name: "ask_for_confirmation", label: __("Ask Customer for Confirmation"), run: ask_for_confirmation },
		{ name: "unsolve", label: __("Not Solved After All"), run: (frm) => ask_reason(frm, "unsolve", __("Not Solved After All"), __("What is not solved")) },
		{ name: "close_unconfirmed", label: __("Close Unconfirmed"), run: ask_unconfirmed },
		{ name: "close_with_override", label: __("Close by Override"), run: ask_override },
	];

	function show(frm, place) {
		const rights = { ...frm.ch_screen.rights, claim: may_claim(frm) };
		const allowed = ACTS().filter(({ name }) => rights[name]);
		const first = allowed.find(({ main }) => main && main(frm));
		for (const each of allowed) {
			const button = $(`<button class="btn btn-sm ${each === first ? "btn-primary" : "btn-default"}" data-ch-act="${each.name}"></button>`);
			button.text(each.label).appendTo(place).on("click", () => is_saved(frm) && each.run(frm));
		}
	}

	// Who works the case and may make claims at all; the server asks the rest.
	const may_claim = (frm) => Boolean(frm.ch_screen.rights.hand_over && frappe.model.can_create("Tracing Claim"));

	// What was typed and not saved would be lost with the reload after an act.
	function is_saved(frm) {
		if (!frm.is_dirty()) return true;
		frappe.msgprint({ message: __("Please save your changes first, or reload the page without them."), title: __("Not Saved"), indicator: "orange" });
		return false;
	}

	async function act(frm, name, values = {}) {
		await call(name, { case: frm.doc.name, ...values });
		await frm.reload_doc();
	}

	// What is left empty is not among a dialog's values.
	const EMPTY = { add_update: { person: "", purpose: "" } };

	function ask(frm, name, title, fields, label = __("Save")) {
		const dialog = new frappe.ui.Dialog({
			title,
			fields,
			primary_action_label: label,
			primary_action: async (values) => {
				dialog.disable_primary_action();
				// What is refused stays to be mended.
				const is_done = await act(frm, name, { ...EMPTY[name], ...values }).then(() => true, () => false);
				dialog.enable_primary_action();
				if (is_done) dialog.hide();
			},
		});
		dialog.show();
		return dialog;
	}

	const note = (html) => ({ fieldtype: "HTML", options: `<p class="text-muted">${html}</p>` });
	const text = (fieldname, label, more = {}) => ({ fieldname, fieldtype: "Small Text", label, reqd: 1, ...more });
	const options = (values, context) => values.map((value) => ({ value, label: __(value, null, context) }));

	function ask_reason(frm, name, title, label, ...notes) {
		return ask(frm, name, title, [...notes.map(note), text("reason", label)], title);
	}

	// --- Passing it on

	function ask_take_over(frm) {
		const officer = `<bdi>${escape(core_helpdesk.reading.person(frm.doc.officer))}</bdi>`;
		frappe.confirm(__("{0} works this case now. Take it over?", [officer]), () => act(frm, "accept"));
	}

	async function ask_hand_over(frm) {
		const offers = await call("offered_groups", { case: frm.doc.name });
		if (!offers.length) return frappe.msgprint(__("There is no group to which this case may go now."));
		const { country } = core_helpdesk.reading;
		const label = ({ team, country: name }) => [team, country(name)].filter(Boolean).join(" · ");
		const names = offers.map((offer) => ({ value: offer.team, label: label(offer) }));
		const best = offers.find(({ why }) => why);
		// Why it is offered stands below: a line of the list would be cut.
		const why = (team) => (offers.find((offer) => offer.team === team) || {}).why || "";
		const explain = () => dialog && dialog.set_df_property("team", "description", escape(why(dialog.get_value("team"))));
		const dialog = ask(
			frm,
			"hand_over",
			__("Hand Over"),
			[
				{ fieldname: "team", fieldtype: "Select", label: __("To"), options: names, reqd: 1, default: best ? best.team : "", description: best ? escape(best.why) : "", onchange: () => explain() },
				text("reason", __("Reason", null, "Tracing Case")),
				note(__("The group that gets it may then work and close it. You can still read it and add what you know.")),
			],
			__("Hand Over")
		);
		return dialog;
	}

	// --- Working it

	const CHANNELS = { Support: ["System"], Operations: ["Phone", "E-mail"], "Retail Services": ["Phone", "E-mail"] };
	const CONTACTS = ["Customer", "Support", "Operations", "Retail Services", "Tracing Abroad", "Internal"];
	const channels_of = (contact) => CHANNELS[contact] || ["Phone", "E-mail", "System"];

	function ask_update(frm) {
		const works = frm.ch_screen.rights.hand_over;
		const set_channels = () => {
			const ways = channels_of(dialog.get_value("contact"));
			dialog.set_df_property("channel", "options", options(ways, "Tracing Update"));
			if (!ways.includes(dialog.get_value("channel"))) dialog.set_value("channel", ways[0]);
		};
		const dialog = ask(frm, "add_update", __("Add Update"), [
			{ fieldname: "contact", fieldtype: "Select", label: __("Contact", null, "Tracing Update"), reqd: 1, options: options(CONTACTS, "Tracing Update"), default: "Customer", onchange: () => dialog && set_channels() },
			{ fieldname: "person", fieldtype: "Data", label: __("Person") },
			...(frappe.is_mobile() ? [] : [{ fieldtype: "Column Break" }]),
			{ fieldname: "channel", fieldtype: "Select", label: __("Channel", null, "Tracing Update"), reqd: 1, options: options(channels_of("Customer"), "Tracing Update"), default: "Phone" },
			{ fieldname: "purpose", fieldtype: "Data", label: __("Purpose") },
			{ fieldtype: "Section Break" },
			text("what", __("What was done or found out")),
			{ fieldname: "customer_told", fieldtype: "Check", label: __("The customer knows of it") },
			...(works
				? [
						{ fieldname: "tell_customer", fieldtype: "Check", label: __("Tell the customer now"), description: __("The text above is sent to the customer.") },
						{ fieldname: "follow_up_on", fieldtype: "Date", label: __("Next Follow-up"), default: frm.doc.follow_up_on >= frappe.datetime.get_today() ? frm.doc.follow_up_on : "" },
				  ]
				: []),
		]);
		return dialog;
	}

	async function ask_for_missing(frm) {
		frappe.confirm(__("One message to the customer lists all that is missing. Send it?"), () => act(frm, "ask_for_missing"));
	}

	function ask_return(frm) {
		const lead = __("Whoever entered the data gets your words with all that is missing or wrong. The customer is not asked.");
		return ask_reason(frm, "return_data", __("Return to Who Entered It"), __("Reason", null, "Tracing Case"), lead);
	}

	function ask_solution(frm) {
		const lead = note(__("The customer is asked whether it is solved, with your words."));
		return ask(frm, "mark_solved", __("Mark as Solved"), [text("solution", __("Solution")), lead], __("Mark as Solved"));
	}

	// --- What the customer says

	function ask_for_confirmation(frm) {
		frappe.confirm(__("The customer gets a mail with a link to confirm the solution. Send it?"), () => act(frm, "ask_for_confirmation"));
	}

	function ask_answer(frm) {
		return ask(frm, "record_answer", __("Record Answer"), [
			{ fieldname: "answer", fieldtype: "Select", label: __("Customer's Answer"), reqd: 1, options: options(["Satisfied", "Not Satisfied"], "Tracing Case") },
			{ fieldname: "source", fieldtype: "Select", label: __("Source"), reqd: 1, options: options(["Phone", "E-mail", "In Person"], "Tracing Answer") },
			text("comment", __("What the customer said")),
		]);
	}

	function ask_review(frm) {
		const last = (frm.doc.answers || []).slice(-1)[0] || {};
		const said = `${__("The customer wrote:")} <q dir="auto">${escape(plain(last.comment))}</q>`;
		return ask(frm, "review_answer", __("Review Answer"), [
			...(last.comment ? [note(said)] : []),
			{ fieldname: "answer", fieldtype: "Select", label: __("It Means"), reqd: 1, options: options(["Satisfied", "Not Satisfied"], "Tracing Case") },
			text("comment", __("How you know")),
		]);
	}

	// --- Closing it

	function ask_close(frm) {
		frappe.confirm(__("Close this case and its ticket?"), () => act(frm, "close"));
	}

	function ask_unconfirmed(frm) {
		const lead = __("The customer has stayed silent. It is reported as closed unconfirmed, and never counts as satisfied.");
		return ask_reason(frm, "close_unconfirmed", __("Close Unconfirmed"), __("How the customer was tried to be reached"), lead);
	}

	function ask_override(frm) {
		const items = frm.ch_screen.reasons.map((reason) => `<li dir="auto">${escape(reason)}</li>`);
		const lead = `${__("This stands against closing it:")}</p><ul>${items.join("")}</ul><p class="text-muted">${__("The override is reported with your name and reason.")}`;
		return ask_reason(frm, "close_with_override", __("Close by Override"), __("Reason of the Override"), lead);
	}

	return { show, word };
})();
