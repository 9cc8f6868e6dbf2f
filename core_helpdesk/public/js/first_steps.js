// The block at the top of the workspace: what is still missing before escalations can go live. It goes once all is
// done. Runs inside Frappe's custom block, which provides root_element.
(async () => {
	const place = root_element.querySelector(".first-steps");
	const block = root_element.host.closest(".ce-block") || root_element.host;
	const escape = frappe.utils.escape_html;
	block.style.display = "none";
	place.dir = frappe.utils.is_rtl() ? "rtl" : "ltr";

	const [steps, { mode }] = await Promise.all([
		frappe.xcall("core_helpdesk.api.first_run"),
		frappe.xcall("core_helpdesk.desk.at_hand"),
	]);
	const missing = steps.filter((step) => !step.done);
	if (!missing.length) return;

	const line = (step) => `<li class="${step.done ? "done" : ""}">
		<span class="tick" aria-hidden="true">${step.done ? "✓" : ""}</span>
		<span class="what"><a data-route="${escape(step.route || "")}" href="#">${escape(step.label)}</a>
		${step.detail ? `<small><bdi>${escape(step.detail)}</bdi></small>` : ""}</span></li>`;
	const live = __("Escalations are live, and this is missing");
	const title = mode === "Live" ? live : __("Before escalations can go live");
	const count = __("{0} of {1} done", [steps.length - missing.length, steps.length]);
	place.innerHTML = `<header><b>${title}</b><small>${count}</small></header><ol>${steps.map(line).join("")}</ol>`;
	block.style.display = "";

	place.addEventListener("click", (event) => {
		const link = event.target.closest("a[data-route]");
		if (!link) return;
		event.preventDefault();
		if (link.dataset.route) frappe.set_route(link.dataset.route.replace(/^\/(app|desk)\//, ""));
	});
})();
