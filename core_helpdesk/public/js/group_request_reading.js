// How a request reads wherever it is shown: the colour of its state, and its title in the reader's language.
window.core_helpdesk = window.core_helpdesk || {};

core_helpdesk.requests = (() => {
	const COLOURS = {
		Draft: "gray",
		"QA Review": "orange",
		"Needs Information": "red",
		"Customer Service Manager Approval": "blue",
		Approved: "cyan",
		Implemented: "green",
		Rejected: "gray",
		Withdrawn: "gray",
	};
	const states = Object.keys(COLOURS);
	const colour = (state) => COLOURS[state] || "gray";

	// "New Group: Returns": the kind is stored in English, like every option; the rest is a name.
	function title(value) {
		const [kind, ...about] = (value || "").split(": ");
		return [__(kind), about.join(": ")].filter(Boolean).join(": ");
	}

	return { states, colour, title };
})();
