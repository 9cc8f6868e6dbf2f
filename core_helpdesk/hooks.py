app_name = "core_helpdesk"
app_title = "Core Helpdesk"
app_publisher = "core_helpdesk maintainers"
app_description = "Carries out a customer service's written policy on a Frappe Helpdesk site"
app_email = "maintainers@users.noreply.h-seed-61f2598b.example"
app_license = "AGPL-3.0"
required_apps = ["frappe/helpdesk"]
export_python_type_annotations = True
require_type_annotated_api_methods = True

add_to_apps_screen = [
	{
		"name": "core_helpdesk",
		"logo": "/assets/core_helpdesk/images/core-helpdesk.svg",
		"title": "Core Helpdesk",
		"route": "/app/core-helpdesk",
		"has_permission": "core_helpdesk.permissions.has_app_permission",
	}
]

before_install = "core_helpdesk.setup.requirements.before_install"
after_install = "core_helpdesk.setup.install.after_install"
after_sync = "core_helpdesk.setup.install.after_sync"
after_migrate = "core_helpdesk.setup.install.after_migrate"
before_uninstall = "core_helpdesk.setup.uninstall.before_uninstall"
after_uninstall = "core_helpdesk.setup.uninstall.after_uninstall"

# Each handler is named after its event, in a module that is named after its document.
doc_events = {
	document: {
		event: f"core_helpdesk.events.{document.lower().replace(' ', '_').replace('*', 'any_document')}.{event}"
		for event in events
	}
	for document, events in {
		"*": ("after_rename", "before_discard", "before_rename"),
		"Assignment Rule": ("after_delete", "before_validate", "on_update", "validate"),
		"Assignment Rule Day": ("before_validate", "on_trash"),
		"Assignment Rule User": ("before_validate", "on_trash"),
		"Auto Email Report": ("validate",),
		"Comment": ("before_validate",),
		"Communication": ("after_insert", "before_insert"),
		"Document Follow": ("on_update",),
		"Email Account": ("validate",),
		"Escalation Policy": ("before_rename", "before_validate", "on_trash", "on_update"),
		"File": ("before_validate",),
		"Group Category": ("before_rename", "before_validate", "on_trash", "on_update"),
		"HD Escalation Rule": ("validate",),
		"HD Team": (
			"after_insert",
			"after_rename",
			"before_insert",
			"before_rename",
			"before_validate",
			"on_trash",
			"on_update",
			"validate",
		),
		"HD Team Member": ("before_validate", "on_trash"),
		"HD Ticket": ("after_delete", "before_validate", "on_change", "on_update", "validate"),
		"HD Ticket Type": ("after_rename", "before_rename"),
		"Prepared Report": ("before_insert",),
		"ToDo": ("after_insert", "before_validate"),
		"User": ("after_rename", "before_rename", "on_update"),
	}.items()
}

override_doctype_class = {"HD Team Member": "core_helpdesk.hosts.hd_team_member.HDTeamMember"}

scheduler_events = {
	"cron": {
		"*/5 * * * *": [f"core_helpdesk.jobs.ch_{job}" for job in ("sweep", "announce", "report")],
	},
	# On the queue whose jobs may take long; what a run repaired is committed, and the watermark moves at its end.
	"hourly_long": ["core_helpdesk.jobs.ch_reconcile"],
	"daily_long": [
		"core_helpdesk.jobs.ch_reconcile_all",
		"core_helpdesk.jobs.ch_govern",
		"core_helpdesk.jobs.ch_tell_customers",
	],
	"daily": ["core_helpdesk.jobs.ch_watch"],
}

has_permission = {
	"Assignment Rule": "core_helpdesk.permissions.has_rule_permission",
	"Change Notice": "core_helpdesk.governed_permissions.has_notice_permission",
	"Corrective Action": "core_helpdesk.monthly_permissions.has_action_permission",
	"Group Suggestion": "core_helpdesk.governed_permissions.has_suggestion_permission",
	"Group Request": "core_helpdesk.request_permissions.has_request_permission",
	"HD Team": "core_helpdesk.permissions.has_team_permission",
	"Monthly Report": "core_helpdesk.monthly_permissions.has_report_permission",
	"Parity Deviation": "core_helpdesk.governed_permissions.has_deviation_permission",
	"Report Content": "core_helpdesk.report_permissions.has_content_permission",
	"Report Delivery": "core_helpdesk.report_permissions.has_delivery_permission",
	"Report Run": "core_helpdesk.report_permissions.has_run_permission",
	"Ticket Clock": "core_helpdesk.permissions.has_record_permission",
	"Ticket Escalation": "core_helpdesk.permissions.has_escalation_permission",
	"Ticket Leg": "core_helpdesk.permissions.has_record_permission",
	"Ticket Month": "core_helpdesk.monthly_permissions.has_figures_permission",
	"Tracing Case": "core_helpdesk.tracing_permissions.has_case_permission",
	"Tracing Claim": "core_helpdesk.claim_permissions.has_claim_permission",
	"Tracing Month": "core_helpdesk.month_permissions.has_month_permission",
	"Workflow Action": "core_helpdesk.action_permissions.has_action_permission",
}

permission_query_conditions = {
	"Assignment Rule": "core_helpdesk.permissions.rule_conditions",
	"Assignment Rule User": "core_helpdesk.permissions.rule_user_conditions",
	"Change Notice": "core_helpdesk.governed_permissions.notice_conditions",
	"Change Notice Reader": "core_helpdesk.governed_permissions.notice_row_conditions",
	"Corrective Action": "core_helpdesk.monthly_permissions.action_conditions",
	"Group Request": "core_helpdesk.request_permissions.request_conditions",
	"Group Suggestion": "core_helpdesk.governed_permissions.suggestion_conditions",
	"HD Team": "core_helpdesk.permissions.team_conditions",
	"HD Team Member": "core_helpdesk.permissions.team_member_conditions",
	"Monthly Report": "core_helpdesk.monthly_permissions.report_conditions",
	"Parity Deviation": "core_helpdesk.governed_permissions.deviation_conditions",
	"Report Content": "core_helpdesk.report_permissions.content_conditions",
	"Report Delivery": "core_helpdesk.report_permissions.delivery_conditions",
	"Report Run": "core_helpdesk.report_permissions.run_conditions",
	"Ticket Clock": "core_helpdesk.permissions.record_conditions",
	"Ticket Escalation": "core_helpdesk.permissions.escalation_conditions",
	"Ticket Leg": "core_helpdesk.permissions.record_conditions",
	"Ticket Month": "core_helpdesk.monthly_permissions.figures_conditions",
	"Tracing Case": "core_helpdesk.tracing_permissions.case_conditions",
	"Tracing Claim": "core_helpdesk.claim_permissions.claim_conditions",
	"Tracing Document": "core_helpdesk.claim_permissions.paper_conditions",
	"Tracing Month": "core_helpdesk.month_permissions.month_conditions",
	# Rows are read with their document.
	**{
		row: f"core_helpdesk.{conditions}"
		for conditions, rows in (
			("month_permissions.month_row_conditions", ("Tracing Month Recipient", "Tracing Review")),
			("monthly_permissions.report_row_conditions", ("Department Outcome", "Monthly Report Step")),
			("permissions.escalation_row_conditions", ("Escalation Follow Up", "Escalation Recipient")),
			("request_permissions.request_row_conditions", ("Group Request Member", "Group Request Source")),
			("request_permissions.request_row_conditions", ("Group Request State", "Policy Discussion")),
			("tracing_permissions.case_row_conditions", ("Tracing Answer", "Tracing Cycle")),
			("tracing_permissions.case_row_conditions", ("Tracing Leg", "Tracing Update")),
		)
		for row in rows
	},
	"Workflow Action": "core_helpdesk.action_permissions.action_conditions",
}

# Link search on its own would leave out permissions on a caller's word (ignore_user_permissions).
standard_queries = {
	**dict.fromkeys(permission_query_conditions, "core_helpdesk.record_search.records"),
	"HD Team": "core_helpdesk.group_search.groups",
	# The framework's own, but the texts in it are ours: what people are told of requests and escalations.
	"Notification Log": "core_helpdesk.record_search.records",
}

# These answer past every permission hook, or put a caller's words into their queries: what is hidden is taken out of
# the answer.
override_whitelisted_methods = {
	"frappe.client.get_count": "core_helpdesk.record_lookup.get_count",
	"frappe.client.get_single_value": "core_helpdesk.record_lookup.get_single_value",
	"frappe.client.get_value": "core_helpdesk.record_lookup.get_value",
	"frappe.client.validate_link": "core_helpdesk.record_lookup.validate_link",
	"frappe.client.validate_link_and_fetch": "core_helpdesk.record_lookup.validate_link_and_fetch",
	"frappe.desk.calendar.get_events": "core_helpdesk.record_figures.get_events",
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": "core_helpdesk.record_figures.get_chart",
	"frappe.desk.doctype.number_card.number_card.get_percentage_difference": "core_helpdesk.record_figures.get_card_difference",
	"frappe.desk.doctype.number_card.number_card.get_result": "core_helpdesk.record_figures.get_card",
	"frappe.desk.form.document_follow.follow_document": "core_helpdesk.following.follow_document",
	"frappe.desk.form.document_follow.update_follow": "core_helpdesk.following.update_follow",
	"frappe.desk.listview.get_group_by_count": "core_helpdesk.record_figures.get_group_by_count",
	"frappe.utils.goal.get_monthly_goal_graph_data": "core_helpdesk.record_figures.get_goal",
	"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count": "core_helpdesk.record_lookup.get_workflow_state_count",
	"helpdesk.api.assignment_rule.get_assignment_rules_list": "core_helpdesk.group_search.assignment_rules",
	"helpdesk.api.doc.get_list_data": "core_helpdesk.record_lookup.get_list_data",
	"helpdesk.api.search.get_filter_options": "core_helpdesk.group_search.filter_options",
	"helpdesk.helpdesk.doctype.hd_team.hd_team.get_team_members": "core_helpdesk.group_search.team_members",
}

extend_bootinfo = "core_helpdesk.desk.extend_bootinfo"

# What every form and list of ours reads first: how moments, people and names are shown.
doctype_js = {
	form: [f"public/js/{script}.js" for script in ("ticket_timeline", "reading", *own)]
	for form, own in {
		"Change Notice": (),
		"Core Department": ("core_department_standard", "core_department_readers"),
		"Core Helpdesk Settings": ("sent_on_a_day",),
		"Corrective Action": (),
		"Escalation Effect": (),
		"Escalation Finding": (),
		"Escalation Policy": ("policy_versions",),
		"Governed Record": (),
		"Group Category": (),
		"Group Request": [f"group_request_{part}" for part in ("reading", "impact", "summary", "discussion")],
		"Group Suggestion": (),
		"HD Team": ("hd_team", "hd_team_governance"),
		"HD Ticket": ("hd_ticket", "group_request_links", "hd_ticket_tracing"),
		"Monthly Report": ("monthly_state", "month_figures", "corrective_actions"),
		"Parity Deviation": (),
		"Report Delivery": ("sent_report",),
		"Report Run": ("sent_report",),
		"Ticket Clock": (),
		"Ticket Escalation": ("group_request_links",),
		"Ticket Leg": (),
		"Tracing Case": ("tracing_head", "tracing_acts", "tracing_way", "tracing_claims"),
		"Tracing Claim": ("tracing_claims",),
		"Tracing Month": ("month_figures", "corrective_actions"),
		"Tracing Settings": (),
		"Working Calendar": (),
	}.items()
}

# Lists of theirs are the host's own, or there are none.
_FORMS_ALONE = ("Core Helpdesk Settings", "HD Team", "HD Ticket", "Tracing Settings")
doctype_list_js = {
	form: [f"public/js/{script}.js" for script in ("ticket_timeline", "reading", *own)]
	for form, own in {
		**{form: () for form in doctype_js if form not in _FORMS_ALONE},
		"Group Request": ("group_request_reading",),
		"Monthly Report": ("monthly_state",),
		"Report Delivery": ("sent_report",),
		"Report Run": ("sent_report",),
		"Tracing Claim": ("tracing_claims",),
	}.items()
}

page_js = {
	"core-dashboard": ["public/js/ticket_timeline.js", "public/js/reading.js"],
	"core-groups": ["public/js/reading.js", "public/js/groups_governance.js"],
	"tracing-work": ["public/js/ticket_timeline.js", "public/js/reading.js"],
}

jinja = {
	"methods": [
		"core_helpdesk.tracing.forms.tracing_form",
		"core_helpdesk.tracing.month_print.tracing_month",
		"core_helpdesk.monthly.printing.monthly_report",
	]
}

before_request = ["core_helpdesk.query_words.before_request"]
after_request = ["core_helpdesk.tracing.confirmation_page.after_request"]
before_job = ["core_helpdesk.query_words.before_job"]

make_email_body_message = ["core_helpdesk.mail.headers.make_email_body_message"]

ignore_links_on_delete = [
	"Corrective Action",
	"Department Outcome",
	"Escalation Effect",
	"Escalation Finding",
	"Escalation Follow Up",
	"Escalation Recipient",
	"Governed Record",
	"Monthly Report",
	"Monthly Report Step",
	"Report Content",
	"Report Delivery",
	"Report Run",
	"Ticket Clock",
	"Ticket Escalation",
	"Ticket Leg",
	"Ticket Month",
	"Tracing Answer",
	"Tracing Case",
	"Tracing Claim",
	"Tracing Cycle",
	"Tracing Document",
	"Tracing Leg",
	"Tracing Month",
	"Tracing Month Recipient",
	"Tracing Notice",
	"Tracing Review",
	"Tracing Settings",
	"Tracing Update",
]
