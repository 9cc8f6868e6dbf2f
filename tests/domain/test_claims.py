"""The way of a claim, who decides on it, and when closing has to wait."""

from __future__ import annotations

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_helpdesk.domain.claims import ClaimState, is_undecided, may_decide, moves, next_on_approval

WAY = [
	("Draft", ["Supervisor Approval", "Withdrawn"], True),
	("Supervisor Approval", ["Manager Approval", "Approved", "Refused", "Draft", "Withdrawn"], True),
	("Manager Approval", ["Approved", "Refused", "Draft", "Withdrawn"], True),
	("Approved", ["Handed Over", "Withdrawn"], False),
	("Handed Over", ["Paid", "Refused"], False),
	("Paid", [], False),
	("Refused", [], False),
	("Withdrawn", [], False),
]


@pytest.mark.parametrize(("state", "following", "undecided"), WAY)
def test_the_way_of_a_claim(state: str, following: list[str], undecided: bool) -> None:
	assert [each.value for each in moves(ClaimState(state))] == following
	assert moves(state) == moves(ClaimState(state))
	assert is_undecided(state) == is_undecided(ClaimState(state)) == undecided


def test_every_state_is_on_the_way() -> None:
	assert [state for state, _, _ in WAY] == [state.value for state in ClaimState]
	reached, waiting = set(), [ClaimState.DRAFT]
	while waiting:
		state = waiting.pop()
		waiting += set(moves(state)) - reached
		reached |= {state, *moves(state)}
	assert reached == set(ClaimState)


def test_nothing_is_paid_that_was_not_approved_and_handed_over() -> None:
	before = {after: {state for state in ClaimState if after in moves(state)} for after in ClaimState}
	assert before[ClaimState.PAID] == {ClaimState.HANDED_OVER}
	assert before[ClaimState.HANDED_OVER] == {ClaimState.APPROVED}
	assert all(map(is_undecided, before[ClaimState.APPROVED]))
	assert ClaimState.DRAFT not in before[ClaimState.APPROVED]


def test_what_is_no_state_has_no_way() -> None:
	assert not is_undecided("")
	with pytest.raises(ValueError, match="Lost"):
		moves("Lost")


@pytest.mark.parametrize(
	("amount", "limit", "state"),
	[
		(999.99, 1000, ClaimState.APPROVED),
		(1000, 1000, ClaimState.APPROVED),
		(1000.01, 1000, ClaimState.MANAGER_APPROVAL),
		(1, 0, ClaimState.MANAGER_APPROVAL),
		(0, 0, ClaimState.MANAGER_APPROVAL),
		(-5, -1, ClaimState.MANAGER_APPROVAL),
		(nan, 1000, ClaimState.MANAGER_APPROVAL),
		(inf, 1000, ClaimState.MANAGER_APPROVAL),
		(1, nan, ClaimState.MANAGER_APPROVAL),
	],
)
def test_the_manager_decides_above_the_limit(amount: float, limit: float, state: ClaimState) -> None:
	assert next_on_approval(amount, limit) is state


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_larger_amount_never_needs_less_approval(one: float, other: float, limit: float) -> None:
	small, large = sorted((one, other))
	if next_on_approval(small, limit) is ClaimState.MANAGER_APPROVAL:
		assert next_on_approval(large, limit) is ClaimState.MANAGER_APPROVAL
	assert next_on_approval(large, limit) in moves(ClaimState.SUPERVISOR_APPROVAL)


@pytest.mark.parametrize(
	("requested_by", "decider", "may"),
	[
		("officer@example.com", "supervisor@example.com", True),
		("officer@example.com", "officer@example.com", False),
		("officer@example.com", " OFFICER@example.com", False),
		("", "supervisor@example.com", False),
		("officer@example.com", "", False),
		("officer@example.com", " ", False),
	],
)
def test_nobody_decides_on_their_own_claim(requested_by: str, decider: str, may: bool) -> None:
	assert may_decide(requested_by, decider) == may_decide(decider, requested_by) == may
