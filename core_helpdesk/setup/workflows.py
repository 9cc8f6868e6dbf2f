"""The workflow of Group Requests: seeded once, so that what an admin changes later survives a migrate.

The buttons come from here; what may really happen is decided by governance/requests.py, whatever the workflow says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk.setup import ledger
from core_helpdesk.setup.roles import CUSTOMER_SERVICE_MANAGER, DEPARTMENT_MANAGER, QA_SPECIALIST

if TYPE_CHECKING:
	from collections.abc import Iterator

NAME = "Group Request"
AGENT = "Agent"  # the host's role

DRAFT = "Draft"
REVIEW = "QA Review"
NEEDS_INFORMATION = "Needs Information"
MANAGER_APPROVAL = "Customer Service Manager Approval"
APPROVED = "Approved"
IMPLEMENTED = "Implemented"
REJECTED = "Rejected"
WITHDRAWN = "Withdrawn"
STATES = {
	DRAFT: "",
	REVIEW: "Warning",
	NEEDS_INFORMATION: "Danger",
	MANAGER_APPROVAL: "Primary",
	APPROVED: "Info",
	IMPLEMENTED: "Success",
	REJECTED: "Inverse",
	WITHDRAWN: "Inverse",
}

SUBMIT = "Submit for Review"
ASK = "Ask for Information"
RESUBMIT = "Resubmit"
SEND = "Send for Approval"
APPROVE = "Approve"
REJECT = "Reject"
RETURN = "Return to Review"
WITHDRAW = "Withdraw"
IMPLEMENT = "Implement"
ACTIONS = (SUBMIT, ASK, RESUBMIT, SEND, APPROVE, REJECT, RETURN, WITHDRAW, IMPLEMENT)

OWN = "frappe.session.user in (doc.requested_by, doc.owner)"
OTHERS = "frappe.session.user not in (doc.requested_by, doc.owner)"
ASKING = (DEPARTMENT_MANAGER, QA_SPECIALIST, AGENT)


class Step(NamedTuple):
	"""A transition, for each of its roles."""

	state: str
	action: str
	next_state: str
	roles: tuple[str, ...]
	condition: str


STEPS = (
	Step(DRAFT, SUBMIT, REVIEW, (DEPARTMENT_MANAGER,), ""),
	Step(DRAFT, SUBMIT, REVIEW, (QA_SPECIALIST,), OWN),
	Step(DRAFT, SUBMIT, REVIEW, (AGENT,), "doc.kind == 'Data Correction'"),
	Step(DRAFT, WITHDRAW, WITHDRAWN, ASKING, OWN),
	Step(REVIEW, APPROVE, APPROVED, (QA_SPECIALIST,), f"not doc.needs_manager_approval and {OTHERS}"),
	Step(REVIEW, SEND, MANAGER_APPROVAL, (QA_SPECIALIST,), f"doc.needs_manager_approval and {OTHERS}"),
	Step(REVIEW, ASK, NEEDS_INFORMATION, (QA_SPECIALIST,), OTHERS),
	Step(REVIEW, REJECT, REJECTED, (QA_SPECIALIST,), OTHERS),
	Step(REVIEW, WITHDRAW, WITHDRAWN, ASKING, OWN),
	Step(NEEDS_INFORMATION, RESUBMIT, REVIEW, (DEPARTMENT_MANAGER,), ""),
	Step(NEEDS_INFORMATION, RESUBMIT, REVIEW, (QA_SPECIALIST,), OWN),
	Step(NEEDS_INFORMATION, RESUBMIT, REVIEW, (AGENT,), "doc.kind == 'Data Correction'"),
	Step(NEEDS_INFORMATION, WITHDRAW, WITHDRAWN, ASKING, OWN),
	Step(MANAGER_APPROVAL, APPROVE, APPROVED, (CUSTOMER_SERVICE_MANAGER,), OTHERS),
	Step(MANAGER_APPROVAL, RETURN, REVIEW, (CUSTOMER_SERVICE_MANAGER,), OTHERS),
	Step(MANAGER_APPROVAL, REJECT, REJECTED, (CUSTOMER_SERVICE_MANAGER,), OTHERS),
	Step(APPROVED, SEND, MANAGER_APPROVAL, (QA_SPECIALIST,), f"doc.needs_manager_approval and {OTHERS}"),
	Step(APPROVED, IMPLEMENT, IMPLEMENTED, (QA_SPECIALIST,), OTHERS),
)
# Who owns a request may submit and withdraw it, and do nothing else with it.
OWNERS_ACTIONS = (SUBMIT, RESUBMIT, WITHDRAW)


def remember_missing() -> None:
	"""Notes what this install will make, so that a retried install takes it for its own."""
	ledger.remember_early("Workflow State", _missing("Workflow State", STATES))
	ledger.remember_early("Workflow Action Master", _missing("Workflow Action Master", ACTIONS))


def _missing(doctype: str, names: tuple[str, ...] | dict[str, str]) -> list[str]:
	return [name for name in names if not frappe.db.exists(doctype, name)]


def seed() -> None:
	for state, style in STATES.items():
		_make("Workflow State", state, {"workflow_state_name": state, "style": style})
	for action in ACTIONS:
		_make("Workflow Action Master", action, {"workflow_action_name": action})
	is_there = frappe.db.exists("Workflow", {"document_type": NAME})
	if not is_there and NAME not in ledger.made("Workflow"):
		_make("Workflow", NAME, _workflow())


def _make(doctype: str, name: str, values: dict) -> None:
	if frappe.db.exists(doctype, name):
		return
	# Setup runs as whoever installs or migrates.
	frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)
	ledger.remember(doctype, name)


def _workflow() -> dict:
	return {
		"workflow_name": NAME,
		"document_type": NAME,
		"is_active": 1,
		"override_status": 0,
		# The framework's own mails act for whoever is named in their links; ours lead to the form.
		"send_email_alert": 0,
		"workflow_state_field": "workflow_state",
		"enable_action_confirmation": 0,
		"states": [_state(state) for state in STATES],
		"transitions": list(_transitions()),
	}


def _state(state: str) -> dict:
	# Who may edit what is decided on the server; the form shows the role named here as the one to ask.
	asking = state in (DRAFT, NEEDS_INFORMATION)
	manager = CUSTOMER_SERVICE_MANAGER if state == MANAGER_APPROVAL else QA_SPECIALIST
	return {
		"state": state,
		"doc_status": "0",
		"allow_edit": "All" if asking else manager,
		"is_optional_state": int(state in (REJECTED, WITHDRAWN)),
		"avoid_status_override": 0,
		"evaluate_as_expression": 0,
		"send_email": 0,
	}


def _transitions() -> Iterator[dict]:
	for step in STEPS:
		for role in step.roles:
			yield {
				"state": step.state,
				"action": step.action,
				"next_state": step.next_state,
				"allowed": role,
				"allow_self_approval": int(step.action in OWNERS_ACTIONS),
				"condition": step.condition,
				"send_email_to_creator": 0,
			}


def remove(made: dict[str, dict[str, str]]) -> None:
	"""Takes away the workflow and the actions that setup made; states go with those of other documents."""
	from core_helpdesk.setup.host_records import delete_unless_used

	for doctype in ("Workflow", "Workflow Action Master"):
		for name in made.get(doctype, {}):
			delete_unless_used(doctype, name)
