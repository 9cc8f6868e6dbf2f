{% include "core_helpdesk/public/js/governance_report.js" %}

frappe.query_reports["Access Audit"] = {
	filters: [
		core_helpdesk.report.choice(
			"what",
			__("Can Change"),
			[
				"Groups and Their Members",
				"Group Categories",
				"Escalation Policies",
				"Working Calendars",
				"Core Helpdesk Settings",
				"Decisions on Group Requests",
				"Members of the Hidden Group",
				"Roles and Permissions",
			].filter((what) => what !== "Members of the Hidden Group" || frappe.user.has_role("QA Specialist"))
		),
		core_helpdesk.report.choice("verdict", __("Judgement"), [
			"To Be Looked At",
			"Accepted",
			"Refused by the App",
			"By Policy",
		], "Access Audit"),
		core_helpdesk.report.choice("kind", __("By"), [
			"Role",
			"Right Added on This Site",
			"Shared Document",
			"Account",
		], "Access Audit"),
		core_helpdesk.report.link("user", __("User", null, "Access Audit"), "User"),
	],
	formatter: core_helpdesk.report.formatter,
};
