"""What may become of a Tracing Claim, and through whom: the same for form, list, REST, import and saved document.

Administrator is nobody special: a role counts only where it was given to a person.

Decided here, since the policy leaves it open:
- A claim is its maker's: nobody else writes what is claimed, and so nobody decides on their own words. Who cannot go
  on withdraws it, or lets a Support Supervisor do so, and a colleague makes another one.
- Above the limit two people approve: who did so as Support Supervisor does not decide as Customer Service Manager.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _

from core_helpdesk.domain.claims import ClaimState, may_decide, moves
from core_helpdesk.escalations.case import refuse
from core_helpdesk.governance.requests import a_manager, is_manager
from core_helpdesk.hosts import hd_team
from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.setup.roles import CUSTOMER_CARE_AGENT, SUPPORT_SUPERVISOR, TRACING_OFFICER, holds
from core_helpdesk.tracing import records, rights, rules

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

DOCTYPE = flow.NAME
UNDECIDED = (flow.DRAFT, flow.SUPERVISOR_APPROVAL, flow.MANAGER_APPROVAL)


class Move(NamedTuple):
	"""A step to another state: who may take it, in words as well, and whether it needs a reason."""

	action: str
	who: Callable[[Document, str], bool]
	needed: Callable[[], str]
	has_reason: bool = False


def state_of(claim: Document) -> str:
	return claim.workflow_state or flow.DRAFT


def team_now(case: str) -> str:
	"""The group that has a case now, as its stored ticket says; never a hidden one.

	Policy: TSM-12
	"""
	return rights.team_now(*(frappe.db.get_value(records.DOCTYPE, case, ["ticket", "team"]) or ("", "")))


def is_officer(case: str, user: str) -> bool:
	"""A Tracing Officer of the group that has the case now.

	Policy: TRC-12, TRC-19
	"""
	return holds(TRACING_OFFICER, user) and hd_team.is_member(team_now(case), user)


def is_own(claim: Document, user: str) -> bool:
	return user in (claim.requested_by, claim.owner)


def may_write(claim: Document, user: str) -> bool:
	"""Who made the claim, while the case is with their group."""
	return is_own(claim, user) and is_officer(claim.tracing_case, user)


def may_withdraw(claim: Document, user: str) -> bool:
	return holds(SUPPORT_SUPERVISOR, user) or (is_own(claim, user) and holds(TRACING_OFFICER, user))


def decides_first(claim: Document, user: str) -> bool:
	"""A Support Supervisor who had no part in making the claim.

	Policy: TRC-19
	"""
	return holds(SUPPORT_SUPERVISOR, user) and _is_others(claim, user)


def decides_last(claim: Document, user: str) -> bool:
	"""The Customer Service Manager, or the deputy while acting: neither who made the claim nor who approved it first.

	Policy: TRC-19, CORE-09
	"""
	return is_manager(user) and _is_others(claim, user) and user != claim.supervisor


def pays(claim: Document, user: str) -> bool:
	"""A member of the Customer Care group who did not make the claim.

	Policy: TRC-19
	"""
	return cares(user) and holds(CUSTOMER_CARE_AGENT, user) and _is_others(claim, user)


def cares(user: str) -> bool:
	return hd_team.is_member(rules.customer_care(), user)


def _is_others(claim: Document, user: str) -> bool:
	return all(may_decide(maker or "", user) for maker in (claim.requested_by, claim.owner))


def a_supervisor() -> str:
	return _("a Support Supervisor other than who made the claim")


def another_manager() -> str:
	return _("{0}, who neither made the claim nor approved it as Support Supervisor").format(a_manager())


def the_maker() -> str:
	return _("who made the claim, as a Tracing Officer of the group that has the case")


def the_maker_or_a_supervisor() -> str:
	return _("who made the claim, or a Support Supervisor")


def customer_care() -> str:
	return _("a Customer Care Agent of the Customer Care group, other than who made the claim")


_FIRST, _LAST, _CARE = (
	(decides_first, a_supervisor),
	(decides_last, another_manager),
	(pays, customer_care),
)
MOVES = {
	(flow.DRAFT, flow.SUPERVISOR_APPROVAL): Move(flow.SUBMIT, may_write, the_maker),
	(flow.SUPERVISOR_APPROVAL, flow.APPROVED): Move(flow.APPROVE, *_FIRST),
	(flow.SUPERVISOR_APPROVAL, flow.MANAGER_APPROVAL): Move(flow.APPROVE, *_FIRST),
	(flow.SUPERVISOR_APPROVAL, flow.DRAFT): Move(flow.RETURN, *_FIRST, has_reason=True),
	(flow.SUPERVISOR_APPROVAL, flow.REFUSED): Move(flow.REFUSE, *_FIRST, has_reason=True),
	(flow.MANAGER_APPROVAL, flow.APPROVED): Move(flow.APPROVE, *_LAST),
	(flow.MANAGER_APPROVAL, flow.DRAFT): Move(flow.RETURN, *_LAST, has_reason=True),
	(flow.MANAGER_APPROVAL, flow.REFUSED): Move(flow.REFUSE, *_LAST, has_reason=True),
	(flow.HANDED_OVER, flow.PAID): Move(flow.PAY, *_CARE),
	(flow.HANDED_OVER, flow.REFUSED): Move(flow.REFUSE, *_CARE, has_reason=True),
} | {
	(state, flow.WITHDRAWN): Move(flow.WITHDRAW, may_withdraw, the_maker_or_a_supervisor, has_reason=True)
	for state in (*UNDECIDED, flow.APPROVED)
}
"""What people do; from Approved to Handed Over the app goes by itself."""


def check_move(before: Document, claim: Document, user: str) -> Move:
	"""The step from the stored state to the one that is asked for.

	Raises: PermissionError for a step that there is none of, or that is not this user's; ValidationError for one without
	its reason.
	Policy: TRC-19
	"""
	was, wanted = state_of(before), state_of(claim)
	move = MOVES.get((was, wanted))
	if move is None:
		refuse(_("A claim that is {0} cannot become {1}.").format(in_words(was), in_words(wanted)))
	if not move.who(before, user):
		refuse(_("{0} is done by {1}.").format(_(move.action), move.needed()))
	if move.has_reason and not is_said(claim, user):
		label = _(claim.meta.get_label("decision_reason"), context=DOCTYPE)
		frappe.throw(_("{0}: write it first ({1}).").format(_(move.action), label), title=_("Reason Missing"))
	return move


def in_words(state: str) -> str:
	return _(state, context="Workflow State")


def is_said(claim: Document, user: str) -> bool:
	"""Whether who takes the step has said why: what another wrote there before is not their reason."""
	return any(map(str.isalnum, claim.decision_reason or "")) and claim.reason_by == user


def is_legal(was: str, wanted: str) -> bool:
	"""Whether the app itself may take a claim from one state to the other."""
	return ClaimState(wanted) in moves(ClaimState(was))


def moves_from(claim: Document, user: str) -> list[str]:
	"""The actions that this user may take now, each once."""
	found = (
		move.action
		for (state, _next), move in MOVES.items()
		if state == state_of(claim) and move.who(claim, user)
	)
	return list(dict.fromkeys(found))


def may_give_reason(claim: Document, user: str) -> bool:
	"""Whether the user may take a step now that needs a reason."""
	return any(
		move.has_reason and state == state_of(claim) and move.who(claim, user)
		for (state, _next), move in MOVES.items()
	)


def undecided_of(case: str, but: str = "") -> list[str]:
	"""The claims of a case on which somebody has still to decide, as last committed."""
	table = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.from_(table).select(table.name, table.workflow_state)
	found = query.where((table.tracing_case == case) & (table.name != but)).for_update().run()
	return [name for name, state in found if (state or flow.DRAFT) in UNDECIDED]
