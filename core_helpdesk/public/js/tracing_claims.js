// How a claim reads wherever it is shown, and making one from a case.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.claims = (() => {
	const API = "core_helpdesk.claim_api.";
	const COLOURS = {
		Draft: "gray",
		"Supervisor Approval": "orange",
		"Manager Approval": "blue",
		Approved: "cyan",
		"Handed Over": "purple",
		Paid: "green",
		Refused: "red",
		Withdrawn: "gray",
	};
	const states = Object.keys(COLOURS);
	const colour = (state) => COLOURS[state] || "gray";

	// Fills a new claim with what its case knows; what was typed already stays.
	async function fill(claim) {
		const { documents, ...values } = await frappe.xcall(API + "draft_of", { case: claim.tracing_case });
		for (const [field, value] of Object.entries(values))
			if (value && !claim[field]) await frappe.model.set_value(claim.doctype, claim.name, field, value);
		if ((claim.documents || []).length) return;
		for (const row of documents) Object.assign(frappe.model.add_child(claim, "Tracing Document", "documents"), row);
	}

	// Opens a new claim on the case, with what the case knows already.
	async function make(tracing_case) {
		await frappe.model.with_doctype("Tracing Claim");
		const claim = frappe.model.get_new_doc("Tracing Claim");
		claim.tracing_case = tracing_case;
		await fill(claim);
		await frappe.set_route("Form", "Tracing Claim", claim.name);
	}

	// What is typed in Latin letters keeps its full stop at its end, also in a Desk from right to left.
	const places = ["Form/Tracing Case", "Form/Tracing Claim"].map((route) => `[data-route^="${route}"]`);
	const typed = `[dir="rtl"] body:is(${places.join(", ")}) :is(textarea, input.input-with-feedback)`;
	$("<style>").text(`${typed} { unicode-bidi: plaintext; text-align: right }`).appendTo(document.head);

	return { API, states, colour, fill, make };
})();
