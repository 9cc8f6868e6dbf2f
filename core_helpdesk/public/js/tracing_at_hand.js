// The line under the title of the workspace Tracing: whether anything is traced, the standards, and the guidelines for a
// case's data. Runs inside Frappe's custom block, which provides root_element.
(async () => {
	const place = root_element.querySelector(".tracing-at-hand");
	const escape = frappe.utils.escape_html;
	place.dir = frappe.utils.is_rtl() ? "rtl" : "ltr";
	const facts = await frappe.xcall("core_helpdesk.tracing_work_api.at_hand");

	const explained = {
		Off: __("nothing is traced"),
		Observe: __("cases are recorded, nobody is told"),
		Live: __("cases are traced, customers are told"),
	};
	const parts = [`<span class="pill ${facts.mode.toLowerCase()}">${escape(facts.mode_label)}</span> <span>${explained[facts.mode]}</span>`];
	if (facts.mode !== "Off" && !facts.is_on) {
		const text = __("Tracing needs a headquarters group.");
		parts.push(facts.may_set ? `<a href="/app/tracing-settings">${text}</a>` : `<span>${text}</span>`);
	}
	for (const { title, link } of facts.standards) {
		if (/^(https?:\/\/|\/)/.test(link || "")) parts.push(`<a href="${escape(link)}" target="_blank" rel="noopener"><bdi>${escape(title)}</bdi></a>`);
		else parts.push(`<bdi>${escape(title)}</bdi>`);
	}
	if (!facts.standards.length && facts.may_set) parts.push(`<a href="/app/tracing-settings">${__("Add the tracing standards")}</a>`);
	const guidelines = frappe.utils.unescape_html(facts.guidelines || "").trim();
	const more = guidelines ? `<details><summary>${__("Guidelines for the Data")}</summary><p dir="auto">${escape(guidelines)}</p></details>` : "";
	place.innerHTML = parts.map((part) => `<div>${part}</div>`).join("") + more;
})();
