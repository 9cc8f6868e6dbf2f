"""What may become of a Group Request, and through whom: the same for form, list, REST, import and saved document.

Administrator is nobody special: a role counts only where it was given to a person.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.utils import getdate

from core_helpdesk import config, permissions
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup import workflows as flow
from core_helpdesk.setup.roles import CUSTOMER_SERVICE_MANAGER, QA_SPECIALIST, holds

if TYPE_CHECKING:
	from collections.abc import Callable, Sequence

	from frappe.model.document import Document

DOCTYPE = "Group Request"
OPEN = (flow.DRAFT, flow.NEEDS_INFORMATION)
"""The states in which the requested data may change."""
DECIDED = (flow.APPROVED, flow.IMPLEMENTED, flow.REJECTED, flow.WITHDRAWN)
CLOSED = (flow.IMPLEMENTED, flow.REJECTED, flow.WITHDRAWN)
WRITERS = {"needs": "needs_by", "decision_reason": "decision_reason_by"}
"""The reasons that steps need, and where it stands who wrote each."""


class Move(NamedTuple):
	"""A step from one state to another: who may take it, and which field must say why."""

	action: str
	who: Callable[[Document, str], bool]
	needed: Callable[[], str]
	reason: str = ""


def may_review(request: Document, user: str) -> bool:
	"""A QA Specialist who had no part in making the request.

	Policy: CORE-02, CORE-05
	"""
	return holds(QA_SPECIALIST, user) and user not in makers(request)


def may_decide(request: Document, user: str) -> bool:
	"""The Customer Service Manager, or the deputy while acting, who had no part in making the request.

	Policy: CORE-09, CORE-20
	"""
	return user not in makers(request) and is_manager(user)


def is_manager(user: str) -> bool:
	"""Whether the user decides as Customer Service Manager today; the role alone is the deputy's all the time."""
	if not holds(CUSTOMER_SERVICE_MANAGER, user):
		return False
	stand = config.settings().customer_service_manager
	return not stand.user or user in (stand.user, permissions.deputising(stand, getdate()))


def may_submit(request: Document, user: str) -> bool:
	"""The managers of the department, a QA Specialist with their own request, and with a correction its reporter.

	Policy: CORE-18, CORE-19
	"""
	if answers_for(request, user):
		return True
	is_own = user in (request.requested_by, request.owner)
	return is_own and (holds(QA_SPECIALIST, user) or request.kind == kinds.CORRECTION)


def answers_for(request: Document, user: str) -> bool:
	"""Whether the user is head of the department that the request is about, or deputy while the head is away.

	What a group is to become does not count before it is.
	"""
	if user == "Administrator":
		return False
	areas = permissions.areas_of(user, getdate())
	return any(area.covers(*place_of(request)) for area in areas)


def place_of(request: Document) -> tuple[str, str]:
	"""Department and country whose managers may ask for this."""
	if request.team and request.kind != kinds.NEW_GROUP:
		group = config.group(request.team)
		return group.department, group.country
	return request.department or "", request.country or ""


def is_own(request: Document, user: str) -> bool:
	return user != "Administrator" and user in (request.requested_by, request.owner)


def may_edit(request: Document, user: str) -> bool:
	"""Who may change what is asked for, while it is open."""
	return is_own(request, user) or answers_for(request, user)


def makers(request: Document) -> set[str]:
	"""Everybody who asked, wrote some of what is asked for, or submitted it: they never decide.

	Policy: CORE-05, CORE-09
	"""
	writers = {row.user for row in request.get("edited_by") or ()}
	submitters = {
		after.by
		for number, after in enumerate(request.states)
		if after.state == flow.REVIEW and is_being_written(request.states[:number])
	}
	return {request.requested_by, request.owner} | writers | submitters


def is_being_written(states: Sequence[Document]) -> bool:
	"""Whether nobody has submitted what is asked for since it could change last, whatever an admin's states say."""
	known = [row.state for row in states if row.state in flow.STATES]
	return not known or known[-1] in OPEN


def is_approved_by_manager(request: Document) -> bool:
	"""Whether the approval that counts is the Customer Service Manager's.

	Policy: CORE-09
	"""
	steps = pairwise(row.state for row in request.get("states") or ())
	approved_from = [before for before, after in steps if after == flow.APPROVED]
	return approved_from[-1:] == [flow.MANAGER_APPROVAL]


def a_reviewer() -> str:
	return _("a QA Specialist other than who asked for it")


def a_manager() -> str:
	return _("the Customer Service Manager, or the deputy while the manager is away")


def a_submitter() -> str:
	return _(
		"the head of the department or the deputy while acting, or a QA Specialist with their own request"
	)


def the_requester() -> str:
	return _("who asked for it")


MOVES = {
	(flow.DRAFT, flow.REVIEW): Move(flow.SUBMIT, may_submit, a_submitter),
	(flow.DRAFT, flow.WITHDRAWN): Move(flow.WITHDRAW, is_own, the_requester, "decision_reason"),
	(flow.REVIEW, flow.NEEDS_INFORMATION): Move(flow.ASK, may_review, a_reviewer, "needs"),
	(flow.REVIEW, flow.MANAGER_APPROVAL): Move(flow.SEND, may_review, a_reviewer),
	(flow.REVIEW, flow.APPROVED): Move(flow.APPROVE, may_review, a_reviewer),
	(flow.REVIEW, flow.REJECTED): Move(flow.REJECT, may_review, a_reviewer, "decision_reason"),
	(flow.REVIEW, flow.WITHDRAWN): Move(flow.WITHDRAW, is_own, the_requester, "decision_reason"),
	(flow.NEEDS_INFORMATION, flow.REVIEW): Move(flow.RESUBMIT, may_submit, a_submitter),
	(flow.NEEDS_INFORMATION, flow.WITHDRAWN): Move(flow.WITHDRAW, is_own, the_requester, "decision_reason"),
	(flow.MANAGER_APPROVAL, flow.APPROVED): Move(flow.APPROVE, may_decide, a_manager),
	(flow.MANAGER_APPROVAL, flow.REVIEW): Move(flow.RETURN, may_decide, a_manager, "decision_reason"),
	(flow.MANAGER_APPROVAL, flow.REJECTED): Move(flow.REJECT, may_decide, a_manager, "decision_reason"),
	(flow.APPROVED, flow.IMPLEMENTED): Move(flow.IMPLEMENT, may_review, a_reviewer),
	# What came up after the approval, as tickets of a group that retires.
	(flow.APPROVED, flow.MANAGER_APPROVAL): Move(flow.SEND, may_review, a_reviewer),
}


def check_move(before: Document, request: Document, user: str) -> Move | None:
	"""The step from the stored state to the one that is asked for; None for a step that an admin added.

	Raises: PermissionError for a step that this user may not take, ValidationError for one without its reason.
	"""
	move = MOVES.get((before.workflow_state, request.workflow_state))
	if move is None:
		refuse_unknown(before, request)
		return None
	if not move.who(before, user):
		message = _("{0} is done by {1}.")
		refuse(message.format(_(move.action), move.needed()))
	if move.reason and not is_said(request, move.reason, user):
		label = _(request.meta.get_label(move.reason), context=request.doctype)
		frappe.throw(_("{0}: write it first ({1}).").format(_(move.action), label), title=_("Reason Missing"))
	return move


def is_said(request: Document, reason: str, user: str) -> bool:
	"""Whether who takes the step has said why: what another wrote there before is not their reason."""
	return bool((request.get(reason) or "").strip()) and request.get(WRITERS[reason]) == user


def refuse_unknown(before: Document, request: Document) -> None:
	"""An admin may add states to the workflow, which the framework checks; none of them leads to a decision, and none
	of them out of one that ended the request.
	"""
	has_workflow = bool(request.meta.get_workflow())
	is_added = not {before.workflow_state, request.workflow_state} <= set(flow.STATES)
	leads_on = request.workflow_state in (*DECIDED, flow.MANAGER_APPROVAL)
	if is_added and has_workflow and not leads_on and before.workflow_state not in CLOSED:
		return
	message = _("A request that is {0} cannot become {1}.")
	refuse(message.format(_(before.workflow_state), _(request.workflow_state)))


def refuse(message: str) -> None:
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


def moves_from(request: Document, user: str) -> list[str]:
	"""The actions that this user may take now, for the form."""
	return [
		move.action
		for (state, _next), move in MOVES.items()
		if state == request.workflow_state and move.who(request, user)
	]


def may_move_with(reason: str, request: Document, user: str) -> bool:
	"""Whether the user may take a step now that this field has to give the reason for."""
	return any(
		move.reason == reason and state == request.workflow_state and move.who(request, user)
		for (state, _next), move in MOVES.items()
	)


def takes_effect_at_once(request: Document, user: str) -> bool:
	"""Members for a group of their own department are added by its manager without approval, if nobody else was the
	last to write them down: what somebody put there meanwhile, the manager has not seen.

	Policy: CORE-12
	"""
	if request.kind != kinds.ADD_MEMBERS or not answers_for(request, user):
		return False
	stored = request.get_doc_before_save() or request
	return bool(stored.is_new()) or stored.modified_by == user
