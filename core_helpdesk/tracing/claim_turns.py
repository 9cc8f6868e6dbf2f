"""Whose turn it is with a claim, and who is told at each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import getdate

from core_helpdesk.escalations import people
from core_helpdesk.hosts import hd_team
from core_helpdesk.mail import claim_letters as words
from core_helpdesk.mail.claim_letters import Message
from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.setup import roles
from core_helpdesk.tracing import claims, rules

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

WAITING = (flow.SUPERVISOR_APPROVAL, flow.MANAGER_APPROVAL, flow.HANDED_OVER)
OUTCOMES = {
	flow.DRAFT: words.returned,
	flow.APPROVED: words.approved,
	flow.HANDED_OVER: words.approved,
	flow.PAID: words.paid,
	flow.REFUSED: words.refused,
	flow.WITHDRAWN: words.withdrawn,
}


def turn_of(claim: Document) -> list[str]:
	"""The people who have to do something now.

	Policy: TRC-19
	"""
	state = claims.state_of(claim)
	if state == flow.SUPERVISOR_APPROVAL:
		return [user for user in roles.holders(roles.SUPPORT_SUPERVISOR) if claims.decides_first(claim, user)]
	if state == flow.MANAGER_APPROVAL:
		found = people.customer_service_manager(getdate()).people
		return [person.user for person in found if claims.decides_last(claim, person.user)]
	if state == flow.HANDED_OVER:
		return [user for user in hd_team.members(rules.customer_care()) if claims.pays(claim, user)]
	return [claim.requested_by] if state == flow.DRAFT and claim.requested_by else []


def tell(claim: Document) -> None:
	"""After a step: tells those whose turn it is, and who made the claim what came of it; never who took the step."""
	before = claim.get_doc_before_save()
	if not before or claims.state_of(before) == claims.state_of(claim):
		return
	told = {frappe.session.user}
	for message in _messages(claim, claims.state_of(before)):
		if message.user not in told:
			told.add(message.user)
			words.tell(claim, message)


def _messages(claim: Document, was: str) -> Iterator[Message]:
	state = claims.state_of(claim)
	if state in WAITING:
		title = words.to_pay if state == flow.HANDED_OVER else words.to_decide
		for user in turn_of(claim):
			yield Message(user, title, words.look_at_it)
	# What was told with the approval is not told again when it could be handed over at last.
	if state in OUTCOMES and (was, state) != (flow.APPROVED, flow.HANDED_OVER):
		yield Message(claim.requested_by, OUTCOMES[state], words.what_came_of_it)


def waiting_for(user: str) -> list[str]:
	"""The claims with which this user has to do something now, the longest waiting first."""
	fields = ["name", "workflow_state", "requested_by", "owner", "supervisor", "tracing_case"]
	found = frappe.get_all(
		claims.DOCTYPE, {"workflow_state": ("in", (flow.DRAFT, *WAITING))}, fields, order_by="modified"
	)
	return [claim.name for claim in found if _is_turn_of(claim, user)]


def _is_turn_of(claim: frappe._dict, user: str) -> bool:
	if claim.workflow_state == flow.DRAFT:
		return claim.requested_by == user
	may = {
		flow.SUPERVISOR_APPROVAL: claims.decides_first,
		flow.MANAGER_APPROVAL: claims.decides_last,
		flow.HANDED_OVER: claims.pays,
	}
	return may[claim.workflow_state](claim, user)
