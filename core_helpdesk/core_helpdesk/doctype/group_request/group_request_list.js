frappe.listview_settings["Group Request"] = {
	add_fields: ["workflow_state", "title", "kind"],
	has_indicator_for_draft: true,
	hide_name_column: true,

	get_indicator(doc) {
		const colours = {
			Draft: "gray",
			"QA Review": "orange",
			"Needs Information": "red",
			"Customer Service Manager Approval": "blue",
			Approved: "cyan",
			Implemented: "green",
			Rejected: "gray",
			Withdrawn: "gray",
		};
		return [__(doc.workflow_state), colours[doc.workflow_state] || "gray", `workflow_state,=,${doc.workflow_state}`];
	},

	formatters: {
		// Stored in English, like every option; the rest is a name.
		title(value) {
			const [kind, ...about] = (value || "").split(": ");
			return frappe.utils.escape_html([__(kind), about.join(": ")].filter(Boolean).join(": "));
		},
	},

	onload(listview) {
		listview.page.add_inner_button(__("Waiting for Me"), async () => {
			const names = await frappe.xcall("core_helpdesk.request_api.waiting_for_me");
			if (!names.length) return frappe.show_alert({ message: __("Nothing waits for you."), indicator: "green" });
			await listview.filter_area.clear();
			return listview.filter_area.add([["Group Request", "name", "in", names]]);
		});
	},
};
