"""Why a case may not be closed: every reason at once, and each in words that say what to do.

Policy: TRC-12, TRC-13, TRC-14, CX-3.9
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk.domain import closing
from core_helpdesk.domain.claims import ClaimState, is_undecided
from core_helpdesk.domain.closing import ClosingFacts, ReasonCode
from core_helpdesk.hosts import hd_team
from core_helpdesk.shown import listed
from core_helpdesk.tracing import case_data, paperwork

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

	from core_helpdesk.domain.closing import Reason

CLAIM = "Tracing Claim"


def against(case: Document, *, is_member: bool, override_reason: str = "") -> tuple[Reason, ...]:
	"""The reasons as the case is now; none means that it may be closed.

	`is_member`: whether who closes it is a member of the group that the ticket is in.
	"""
	facts = ClosingFacts(
		is_member=is_member,
		is_solved=case.status == "Solved",
		data_faults=case_data.faults(case),
		documents_missing=paperwork.missing(case),
		claims_undecided=undecided_claims(case),
		unaccepted_leg=unaccepted_leg(case),
		replies_outstanding=replies_outstanding(case),
		answer=case.answer or "",
		override_reason=override_reason,
	)
	return closing.reasons(facts)


def is_member(team: str, user: str) -> bool:
	"""Whether the user may close what is in this group.

	Policy: TRC-12
	"""
	return hd_team.is_member(team, user)


def undecided_claims(case: Document) -> tuple[str, ...]:
	"""The claims on which nobody has decided, in the order in which they were made."""
	table = frappe.qb.DocType(CLAIM)
	query = frappe.qb.from_(table).select(table.name, table.workflow_state)
	query = query.where(table.tracing_case == case.name).orderby(table.creation).orderby(table.name)
	# Of a case that is locked, those too that were made since this request began to read.
	rows = (query.for_update() if case.flags.for_update else query).run()
	return tuple(name for name, state in rows if is_undecided(ClaimState(state or "Draft")))


def unaccepted_leg(case: Document) -> str:
	"""The group that has the case and has not accepted it; empty if it has."""
	running = next((leg for leg in reversed(case.legs) if not leg.left_epoch), None)
	return running.team if running and not running.accepted_epoch else ""


def replies_outstanding(case: Document) -> tuple[str, ...]:
	"""The groups to which somebody passed the case and that never answered.

	Policy: TRC-11
	"""
	waiting = (leg.team for leg in case.legs if leg.passed_by and not leg.replied_epoch)
	return tuple(dict.fromkeys(waiting))


def in_words(case: Document, team: str, reasons: Iterable[Reason]) -> list[str]:
	"""The reasons for people, in the present language; `team` is the group that the ticket is in."""
	return [_words(case, team, reason) for reason in reasons]


def _words(case: Document, team: str, reason: Reason) -> str:
	message = {
		ReasonCode.NOT_MEMBER: _("Only members of the group {0}, in which the ticket is, may close it."),
		ReasonCode.NOT_SOLVED: _("The case is not solved: enter the solution with Mark as Solved."),
		ReasonCode.DATA_MISSING: _("Data is missing or wrong: {0}."),
		ReasonCode.DOCUMENTS_MISSING: _("Required documents have not been received: {0}."),
		ReasonCode.CLAIM_UNDECIDED: _("Nobody has decided on the claim yet: {0}."),
		ReasonCode.LEG_NOT_ACCEPTED: _("The group {0} has not accepted the case."),
		ReasonCode.REPLIES_OUTSTANDING: _("Whoever passed the case on has no update yet from: {0}."),
		ReasonCode.NOT_CONFIRMED: _("The customer has not confirmed the solution."),
		ReasonCode.ANSWERED_NO: _("The customer says that it is not solved."),
		ReasonCode.ANSWER_DOUBTFUL: _("The customer's yes is in doubt by its comment: review the answer."),
	}[reason.code]
	return message.format(_about(case, team, reason))


def _about(case: Document, team: str, reason: Reason) -> str:
	if reason.code is ReasonCode.NOT_MEMBER:
		return team or _("no group")
	if reason.code is ReasonCode.DATA_MISSING:
		return listed(case_data.label(case, field) for field in reason.about)
	if reason.code is ReasonCode.DOCUMENTS_MISSING:
		return listed(map(paperwork.names(case).get, reason.about))
	return listed(reason.about)
