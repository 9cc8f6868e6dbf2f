// The line under the workspace's title: the mode, the written procedure of TSM and whom to call. Runs inside Frappe's
// custom block, which provides root_element.
(async () => {
	const place = root_element.querySelector(".at-hand");
	const escape = frappe.utils.escape_html;
	place.dir = frappe.utils.is_rtl() ? "rtl" : "ltr";
	const facts = await frappe.xcall("core_helpdesk.desk.at_hand");

	const explained = {
		Off: __("nothing is recorded and nothing is sent"),
		Observe: __("everything is recorded, nothing is sent"),
		Live: __("escalations are recorded and sent"),
	};
	const parts = [
		`<span class="pill ${facts.mode.toLowerCase()}">${escape(facts.mode_label)}</span> <span>${explained[facts.mode]}</span>`,
	];
	if (/^(https?:\/\/|\/)/.test(facts.procedure_url || "")) {
		const url = escape(facts.procedure_url);
		parts.push(`<a href="${url}" target="_blank" rel="noopener">${__("Procedure of Ticketing System Management")}</a>`);
	} else if (facts.procedure_url) {
		parts.push(`<span>${__("Procedure of Ticketing System Management")}: <bdi>${escape(facts.procedure_url)}</bdi></span>`);
	}
	const links = [
		facts.support_phone && ["tel", escape(facts.support_phone)],
		facts.support_email && ["mailto", escape(facts.support_email)],
	]
		.filter(Boolean)
		.map(([scheme, to]) => `<a href="${scheme}:${to}"><bdi dir="ltr">${to}</bdi></a>`);
	if (frappe.user.has_role("Agent")) parts.push(`<a href="/helpdesk/tickets">${__("Manage My Tickets")}</a>`);
	if (links.length) parts.push(`${__("Support")}: ${links.join(" · ")}`);
	place.innerHTML = parts.map((part) => `<div>${part}</div>`).join("");
})();
