"""The workflow of requests as setup makes it: once, the admin's afterwards, and in step with the rules."""

import json

import frappe

from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance import requests
from core_helpdesk.setup import install, workflows
from tests.site.request_desk import DOCTYPE


def test_the_workflow_offers_every_legal_step_and_no_other() -> None:
	workflow = frappe.get_doc("Workflow", workflows.NAME)
	offered = {(row.state, row.next_state, row.action) for row in workflow.transitions}
	assert offered == {(*states, move.action) for states, move in requests.MOVES.items()}
	assert [row.state for row in workflow.states] == list(workflows.STATES)
	assert (workflow.is_active, workflow.send_email_alert, workflow.override_status) == (1, 0, 0)


def test_who_asked_takes_no_step_of_a_reviewer_by_a_button() -> None:
	workflow = frappe.get_doc("Workflow", workflows.NAME)
	own = {row.action for row in workflow.transitions if row.allow_self_approval}
	assert own == set(workflows.OWNERS_ACTIONS)


def test_what_an_admin_changed_in_the_workflow_survives_a_migrate() -> None:
	workflow = frappe.get_doc("Workflow", workflows.NAME)
	workflow.transitions[0].allowed = "System Manager"
	workflow.save()
	install.after_migrate()
	assert frappe.get_doc("Workflow", workflows.NAME).transitions[0].allowed == "System Manager"
	frappe.delete_doc("Workflow", workflows.NAME)
	install.after_migrate()
	assert not frappe.db.exists("Workflow", {"document_type": DOCTYPE})


def test_a_workflow_that_was_there_before_is_left_alone() -> None:
	workflow = frappe.copy_doc(frappe.get_doc("Workflow", workflows.NAME))
	frappe.delete_doc("Workflow", workflows.NAME)
	workflow.workflow_name = "Our Way"
	workflow.insert()
	workflows.seed()
	assert frappe.get_all("Workflow", {"document_type": DOCTYPE}, pluck="name") == ["Our Way"]


def test_every_option_of_the_form_is_a_kind_and_shows_its_own_fields() -> None:
	meta = frappe.get_meta(DOCTYPE)
	assert meta.get_field("kind").options.split("\n") == list(kinds.KINDS)
	for field in kinds.DATA_FIELDS:
		shown = meta.get_field(field).depends_on
		asking = kinds.kinds_with(field)
		condition = f"eval:{json.dumps(list(asking))}.includes(doc.kind)"
		assert shown == (None if set(asking) == set(kinds.KINDS) else condition), field
