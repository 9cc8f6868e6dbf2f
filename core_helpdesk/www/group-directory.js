// Looking for groups while typing: the page is asked for again as the form has it, and its list put in place of this one.
(() => {
	const form = document.getElementById("search");
	let last = 0;
	let timer = 0;

	async function show() {
		const asked = ++last;
		const given = [...new FormData(form)].filter(([, value]) => value);
		const address = `${form.getAttribute("action")}?${new URLSearchParams(given)}`;
		const list = document.getElementById("groups");
		list.setAttribute("aria-busy", "true");
		const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
		// The list stays as it was while the site cannot be reached.
		if (!answer) return list.removeAttribute("aria-busy");
		// Whoever was signed out meanwhile is to see that.
		if (!answer.ok || answer.redirected) return window.location.assign(address);
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		// A later question has been asked.
		if (asked !== last) return undefined;
		document.getElementById("groups").replaceWith(page.getElementById("groups"));
		document.querySelector(".top .print").replaceWith(page.querySelector(".top .print"));
		return window.history.replaceState(null, "", address);
	}

	if (form) {
		form.addEventListener("input", (event) => {
			clearTimeout(timer);
			timer = setTimeout(show, event.target.tagName === "SELECT" ? 0 : 250);
		});
		form.addEventListener("submit", (event) => {
			event.preventDefault();
			clearTimeout(timer);
			show();
		});
	}

	const print = document.getElementById("print");
	if (print) print.addEventListener("click", () => window.print());

	// A page that the browser kept may not be true any more.
	window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
})();
