"""Whose turn it is with a claim: who is told at each step, who is reminded, and what waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import getdate

from core_helpdesk import config
from core_helpdesk.escalations import people
from core_helpdesk.governance import carrying_out
from core_helpdesk.governance.request_turns import waited_enough
from core_helpdesk.hosts import hd_team
from core_helpdesk.mail import claim_letters as words
from core_helpdesk.mail.claim_letters import Message
from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.setup import roles
from core_helpdesk.tracing import claims, rules

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator
	from datetime import date

	from frappe.model.document import Document

# Who acts on a claim that its maker has submitted, and what they are told that waits for them.
MAY_ACT: dict[str, Callable[[Document, str], bool]] = {
	flow.SUPERVISOR_APPROVAL: claims.decides_first,
	flow.MANAGER_APPROVAL: claims.decides_last,
	flow.HANDED_OVER: claims.pays,
}
TURN_WORDS = {
	flow.SUPERVISOR_APPROVAL: words.to_decide,
	flow.MANAGER_APPROVAL: words.to_decide,
	flow.HANDED_OVER: words.to_pay,
}
WAITING = tuple(MAY_ACT)
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
		for user in turn_of(claim):
			yield Message(user, TURN_WORDS[state], words.look_at_it)
	# What was told with the approval is not told again when it could be handed over at last.
	if state in OUTCOMES and (was, state) != (flow.APPROVED, flow.HANDED_OVER):
		yield Message(claim.requested_by, OUTCOMES[state], words.what_came_of_it)


def remind(now: int) -> list[str]:
	"""Reminds, once a day, everybody for whom a claim has waited for more than two working days since it was written.

	One with which that fails keeps no other back.
	Units: `now` is seconds since the epoch. Returns: the claims.
	Policy: TRC-19
	"""
	if not rules.is_live():
		return []
	today = config.from_epoch(now).date()
	found = frappe.get_all(
		claims.DOCTYPE, {"workflow_state": ("in", WAITING)}, ["name", "reminded_on"], order_by="name"
	)
	due = [row.name for row in found if not row.reminded_on or getdate(row.reminded_on) < today]

	def remind_of(name: str) -> bool:
		return _remind_of(frappe.get_doc(claims.DOCTYPE, name), now, today)

	return carrying_out.each(
		claims.DOCTYPE, due, remind_of, "remind", _("Nobody could be reminded of the claim {0}.")
	)


def _remind_of(claim: Document, now: int, today: date) -> bool:
	since = config.to_epoch(claim.modified)
	if now <= waited_enough(since, claim.country or "", config.site_rules()):
		return False
	for user in turn_of(claim):
		words.tell(claim, Message(user, TURN_WORDS[claims.state_of(claim)], words.still_waiting))
	frappe.db.set_value(claims.DOCTYPE, claim.name, "reminded_on", today, update_modified=False)
	return True


def waiting_for(user: str) -> list[str]:
	"""The claims with which this user has to do something now, the longest waiting first."""
	# Whoever could not act on a claim in which they had no part need not be asked about each.
	nobodys = frappe._dict(requested_by="Guest", owner="Guest")
	states = [state for state, may_act in MAY_ACT.items() if may_act(nobodys, user)]
	fields = ["name", "workflow_state", "requested_by", "owner", "supervisor", "modified"]
	drafts = {"workflow_state": flow.DRAFT, "requested_by": user}
	submitted = {"workflow_state": ("in", states or [""])}
	found = [
		claim for wanted in (drafts, submitted) for claim in frappe.get_all(claims.DOCTYPE, wanted, fields)
	]
	found.sort(key=lambda claim: claim.modified)
	return [claim.name for claim in found if _is_turn_of(claim, user)]


def _is_turn_of(claim: frappe._dict, user: str) -> bool:
	may_act = MAY_ACT.get(claim.workflow_state)
	return may_act(claim, user) if may_act else claim.requested_by == user
