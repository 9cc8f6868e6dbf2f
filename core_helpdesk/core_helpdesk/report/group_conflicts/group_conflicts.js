{% include "core_helpdesk/public/js/governance_report.js" %}

frappe.query_reports["Group Conflicts"] = {
	filters: [
		core_helpdesk.report.link("group", __("Group", null, "Group Request"), "HD Team"),
		core_helpdesk.report.link("department", __("Department", null, "Group Request"), "Core Department"),
		core_helpdesk.report.link("country", __("Country"), "Country"),
		{
			fieldname: "kind",
			fieldtype: "Select",
			label: __("Conflict"),
			options: [
				{ value: "", label: "" },
				{ value: "Same Place", label: __("Same Place as Another Group") },
				{ value: "Two Policies", label: __("Two Policies for One Ticket") },
				{ value: "Overlapping Routing", label: __("Overlapping Routing") },
				{ value: "Circular Escalation", label: __("Circular Escalation") },
				{ value: "No Head", label: __("No Department Head") },
				{ value: "No Members", label: __("No Members") },
				{ value: "No Policy", label: __("No Escalation Policy") },
				{ value: "No Working Hours", label: __("No Working Hours") },
				{ value: "Escalation Time Not Reached", label: __("Escalation Time Not Reached") },
			],
		},
	],
	formatter: core_helpdesk.report.formatter,
	after_datatable_render: core_helpdesk.report.after_datatable_render,
};
