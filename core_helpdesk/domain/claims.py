"""Claims: the way of one from its draft to its payment, and who may decide on it; values in, values out."""

from __future__ import annotations

from enum import Enum


class ClaimState(str, Enum):
	"""Where a claim stands.

	Policy: TRC-19
	"""

	DRAFT = "Draft"
	SUPERVISOR_APPROVAL = "Supervisor Approval"
	MANAGER_APPROVAL = "Manager Approval"
	APPROVED = "Approved"
	HANDED_OVER = "Handed Over"
	PAID = "Paid"
	REFUSED = "Refused"
	WITHDRAWN = "Withdrawn"


MOVES = {
	ClaimState.DRAFT: (ClaimState.SUPERVISOR_APPROVAL, ClaimState.WITHDRAWN),
	ClaimState.SUPERVISOR_APPROVAL: (
		ClaimState.MANAGER_APPROVAL,
		ClaimState.APPROVED,
		ClaimState.REFUSED,
		ClaimState.DRAFT,
		ClaimState.WITHDRAWN,
	),
	ClaimState.MANAGER_APPROVAL: (
		ClaimState.APPROVED,
		ClaimState.REFUSED,
		ClaimState.DRAFT,
		ClaimState.WITHDRAWN,
	),
	ClaimState.APPROVED: (ClaimState.HANDED_OVER, ClaimState.WITHDRAWN),
	ClaimState.HANDED_OVER: (ClaimState.PAID, ClaimState.REFUSED),
	ClaimState.PAID: (),
	ClaimState.REFUSED: (),
	ClaimState.WITHDRAWN: (),
}
"""From each state to those that may follow; an approval that goes back to the draft asks for what is missing."""

UNDECIDED = (ClaimState.DRAFT, ClaimState.SUPERVISOR_APPROVAL, ClaimState.MANAGER_APPROVAL)


def moves(state: ClaimState) -> tuple[ClaimState, ...]:
	"""The states that may follow this one; none after the last.

	Raises: ValueError for what is no state.
	Policy: TRC-19
	"""
	return MOVES[ClaimState(state)]


def next_on_approval(amount: float, limit: float) -> ClaimState:
	"""The state of a claim that the supervisor approves: the manager's turn above the limit, or else approved.

	Units: both in the currency of the limit; a limit of 0 asks for the manager always.
	Policy: TRC-19
	"""
	# Asked this way round, an amount that cannot be compared goes to the manager.
	return ClaimState.APPROVED if limit > 0 and amount <= limit else ClaimState.MANAGER_APPROVAL


def is_undecided(state: ClaimState) -> bool:
	"""True while somebody has still to say yes or no: the case cannot be closed before.

	Policy: TRC-13, TRC-19
	"""
	return state in UNDECIDED


def may_decide(requested_by: str, decider: str) -> bool:
	"""True for anybody but the one who asked, letters' case apart; false while one of the two is not known.

	Policy: TRC-19
	"""
	asked, decides = (user.strip().casefold() for user in (requested_by, decider))
	return bool(asked and decides) and asked != decides
