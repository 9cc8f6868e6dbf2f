"""The workflow of Tracing Claims: officer, Support Supervisor, above a limit the Customer Service Manager, then payment.

Nothing leads to Handed Over here: the app takes an approved claim there by itself.
"""

from __future__ import annotations

from core_helpdesk.setup.roles import (
	CUSTOMER_CARE_AGENT,
	CUSTOMER_SERVICE_MANAGER,
	SUPPORT_SUPERVISOR,
	TRACING_OFFICER,
)
from core_helpdesk.setup.workflow_records import Flow, Step

NAME = "Tracing Claim"

# The states of domain/claims.py, spelled out since people read them.
DRAFT = "Draft"
SUPERVISOR_APPROVAL = "Supervisor Approval"
MANAGER_APPROVAL = "Manager Approval"
APPROVED = "Approved"
HANDED_OVER = "Handed Over"
PAID = "Paid"
REFUSED = "Refused"
WITHDRAWN = "Withdrawn"
STATES = {
	DRAFT: "",
	SUPERVISOR_APPROVAL: "Warning",
	MANAGER_APPROVAL: "Primary",
	APPROVED: "Info",
	HANDED_OVER: "Info",
	PAID: "Success",
	REFUSED: "Inverse",
	WITHDRAWN: "Inverse",
}
EDITORS = {
	DRAFT: TRACING_OFFICER,
	SUPERVISOR_APPROVAL: SUPPORT_SUPERVISOR,
	MANAGER_APPROVAL: CUSTOMER_SERVICE_MANAGER,
	APPROVED: SUPPORT_SUPERVISOR,
	HANDED_OVER: CUSTOMER_CARE_AGENT,
	PAID: CUSTOMER_CARE_AGENT,
	REFUSED: SUPPORT_SUPERVISOR,
	WITHDRAWN: SUPPORT_SUPERVISOR,
}

SUBMIT = "Submit for Approval"
APPROVE = "Approve"
RETURN = "Return to Officer"
REFUSE = "Refuse"
WITHDRAW = "Withdraw"
PAY = "Mark as Paid"
ACTIONS = (SUBMIT, APPROVE, RETURN, REFUSE, WITHDRAW, PAY)

OWN = "frappe.session.user in (doc.requested_by, doc.owner)"
OTHERS = "frappe.session.user not in (doc.requested_by, doc.owner)"
SECOND = f"{OTHERS} and frappe.session.user != doc.supervisor"
FIRST, LAST, CARE = (SUPPORT_SUPERVISOR,), (CUSTOMER_SERVICE_MANAGER,), (CUSTOMER_CARE_AGENT,)

STEPS = (
	Step(DRAFT, SUBMIT, SUPERVISOR_APPROVAL, (TRACING_OFFICER,), OWN),
	# The same word either way: above the limit another one decides after it.
	Step(SUPERVISOR_APPROVAL, APPROVE, APPROVED, FIRST, f"not doc.needs_manager_approval and {OTHERS}"),
	Step(SUPERVISOR_APPROVAL, APPROVE, MANAGER_APPROVAL, FIRST, f"doc.needs_manager_approval and {OTHERS}"),
	Step(SUPERVISOR_APPROVAL, RETURN, DRAFT, FIRST, OTHERS),
	Step(SUPERVISOR_APPROVAL, REFUSE, REFUSED, FIRST, OTHERS),
	Step(MANAGER_APPROVAL, APPROVE, APPROVED, LAST, SECOND),
	Step(MANAGER_APPROVAL, RETURN, DRAFT, LAST, SECOND),
	Step(MANAGER_APPROVAL, REFUSE, REFUSED, LAST, SECOND),
	Step(HANDED_OVER, PAY, PAID, CARE, OTHERS),
	Step(HANDED_OVER, REFUSE, REFUSED, CARE, OTHERS),
	*(
		Step(state, WITHDRAW, WITHDRAWN, (role,), condition)
		for state in (DRAFT, SUPERVISOR_APPROVAL, MANAGER_APPROVAL, APPROVED)
		for role, condition in ((TRACING_OFFICER, OWN), (SUPPORT_SUPERVISOR, OTHERS))
	),
)
FLOW = Flow(NAME, STATES, EDITORS, ACTIONS, STEPS, (SUBMIT, WITHDRAW), (REFUSED, WITHDRAWN))
