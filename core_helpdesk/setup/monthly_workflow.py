"""The workflow of Monthly Reports: one flow, in which the kind of the report says which way it takes.

QA Monthly Report: its maker submits it, the Customer Service Manager reviews it, the General Manager signs it.
TSM Monthly Report: Ticketing System Management sends it, management signs it.
Department Escalation Report: Ticketing System Management sends it to the Customer Service Manager, who forwards it.

Policy: QA-12, QA-M1, TSM-13, TSM-M1, TSM-M2
"""

from __future__ import annotations

from core_helpdesk.setup.roles import CUSTOMER_SERVICE_MANAGER, GENERAL_MANAGER, QA_SPECIALIST, TSM_AGENT
from core_helpdesk.setup.workflow_records import Flow, Step

NAME = "Monthly Report"

QA_REPORT, TSM_REPORT, ESCALATION_REPORT = (
	"QA Monthly Report",
	"TSM Monthly Report",
	"Department Escalation Report",
)
KINDS = (QA_REPORT, TSM_REPORT, ESCALATION_REPORT)

MADE = "Made"
SUBMITTED = "Waiting for Review"
REVIEWED = "Reviewed"
SENT = "Sent"
FORWARDED = "Forwarded"
SIGNED = "Signed"
STATES = {
	MADE: "Warning",
	SUBMITTED: "Primary",
	REVIEWED: "Info",
	SENT: "Primary",
	FORWARDED: "Success",
	SIGNED: "Success",
}
EDITORS = {
	# Each comments on their own kinds; the framework opens the form to the roles that are named here.
	MADE: (QA_SPECIALIST, TSM_AGENT),
	SUBMITTED: CUSTOMER_SERVICE_MANAGER,
	REVIEWED: GENERAL_MANAGER,
	SENT: CUSTOMER_SERVICE_MANAGER,
	FORWARDED: GENERAL_MANAGER,
	SIGNED: GENERAL_MANAGER,
}

SUBMIT = "Submit Report"
SEND = "Send Report"
REVIEW = "Record Review"
RETURN = "Return to Maker"
FORWARD = "Forward to General Manager"
SIGN = "Sign"
ACTIONS = (SUBMIT, SEND, REVIEW, RETURN, FORWARD, SIGN)

IS_QA = f"doc.kind == '{QA_REPORT}'"
IS_TSM = f"doc.kind == '{TSM_REPORT}'"
IS_ESCALATION = f"doc.kind == '{ESCALATION_REPORT}'"
# Four eyes: nobody reviews what they sent, nor signs what they sent or reviewed.
SECOND = "frappe.session.user != doc.sent_by"
THIRD = "frappe.session.user not in (doc.sent_by, doc.reviewed_by)"
FIRST, MANAGER, GENERAL = (QA_SPECIALIST,), (CUSTOMER_SERVICE_MANAGER,), (GENERAL_MANAGER,)

STEPS = (
	Step(MADE, SUBMIT, SUBMITTED, FIRST, IS_QA),
	Step(MADE, SEND, SENT, (TSM_AGENT,), f"not ({IS_QA})"),
	Step(SUBMITTED, REVIEW, REVIEWED, MANAGER, SECOND),
	Step(SUBMITTED, RETURN, MADE, MANAGER, SECOND),
	Step(REVIEWED, SIGN, SIGNED, GENERAL, THIRD),
	Step(REVIEWED, RETURN, MADE, GENERAL, THIRD),
	Step(SENT, SIGN, SIGNED, (*MANAGER, *GENERAL), f"{IS_TSM} and {SECOND}"),
	Step(SENT, FORWARD, FORWARDED, MANAGER, f"{IS_ESCALATION} and {SECOND}"),
)
FLOW = Flow(NAME, STATES, EDITORS, ACTIONS, STEPS, (SUBMIT, SEND))
