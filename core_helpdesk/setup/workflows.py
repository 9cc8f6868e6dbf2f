"""The workflow of Group Requests, and the seeding of all workflows of the app.

What may really happen to a request is decided by governance/requests.py, whatever the workflow says.
"""

from __future__ import annotations

from core_helpdesk.setup import claim_workflow, monthly_workflow, workflow_records
from core_helpdesk.setup.roles import CUSTOMER_SERVICE_MANAGER, DEPARTMENT_MANAGER, QA_SPECIALIST
from core_helpdesk.setup.workflow_records import Flow, Step

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
# The form shows the role named here as the one to ask.
EDITORS = {
	**dict.fromkeys(STATES, QA_SPECIALIST),
	**dict.fromkeys((DRAFT, NEEDS_INFORMATION), "All"),
	MANAGER_APPROVAL: CUSTOMER_SERVICE_MANAGER,
}
FLOW = Flow(NAME, STATES, EDITORS, ACTIONS, STEPS, OWNERS_ACTIONS, (REJECTED, WITHDRAWN))
# In the order of their names, as the ledger has them.
FLOWS = (FLOW, monthly_workflow.FLOW, claim_workflow.FLOW)


def remember_missing() -> None:
	for flow in FLOWS:
		workflow_records.remember_missing(flow)


def seed() -> None:
	for flow in FLOWS:
		workflow_records.seed(flow)


def remove(made: dict[str, dict[str, str]]) -> None:
	workflow_records.remove(made)
