"""Which policy a ticket runs under, which scopes conflict, and the order in which levels fire."""

from __future__ import annotations

import pytest

from core_helpdesk.domain.clock import Clock, Level, Policy, Terms, changed
from core_helpdesk.domain.errors import ScopesOverlap
from core_helpdesk.domain.escalation import Fired, Scope, Subject, choose, overlaps, settled
from core_helpdesk.domain.working_time import ELAPSED, Timer

SUBJECT = Subject("Riyadh Claims", "Claims", "Complaint", "SA")
DEFAULT = Scope("Default", default=True)
BY_GROUP = Scope("Group", group="Riyadh Claims")
BY_THREE = Scope("Three", group_category="Claims", ticket_category="Complaint", country="SA")
BY_TWO = Scope("Two", group_category="Claims", country="SA")
BY_ONE = Scope("One", ticket_category="Complaint")


@pytest.mark.parametrize(
	("scopes", "chosen"),
	[
		([DEFAULT, BY_ONE, BY_TWO, BY_THREE, BY_GROUP], "Group"),
		([DEFAULT, BY_ONE, BY_TWO, BY_THREE], "Three"),
		([BY_TWO, DEFAULT, BY_ONE], "Two"),
		([BY_ONE, DEFAULT], "One"),
		([DEFAULT], "Default"),
		([DEFAULT, Scope("Other group", group="Jeddah Claims")], "Default"),
		([DEFAULT, Scope("Group, other country", group="Riyadh Claims", country="AE")], "Default"),
		([Scope("Group and country", group="Riyadh Claims", country="SA"), BY_GROUP], "Group and country"),
	],
)
def test_the_most_specific_scope_is_chosen(scopes: list[Scope], chosen: str) -> None:
	for order in (scopes, scopes[::-1]):
		assert choose(order, SUBJECT, 1_000).policy == chosen


def test_no_scope_no_policy() -> None:
	assert choose([], SUBJECT, 1_000) is None
	assert choose([Scope("Elsewhere", country="EG")], SUBJECT, 1_000) is None


def test_a_scope_that_names_nothing_is_for_no_ticket() -> None:
	assert choose([Scope("Forgotten")], SUBJECT, 1_000) is None


def test_a_scope_is_in_force_from_its_first_second_until_before_its_last() -> None:
	scopes = [Scope("Old", country="SA", until_epoch=2_000), Scope("New", country="SA", from_epoch=2_000)]
	assert [choose(scopes, SUBJECT, at).policy for at in (1_999, 2_000)] == ["Old", "New"]
	assert overlaps(scopes) == []


def test_two_equally_specific_scopes_are_refused_at_the_choice() -> None:
	with pytest.raises(ScopesOverlap, match="One and Another"):
		choose([BY_ONE, Scope("Another", country="SA")], SUBJECT, 1_000)


def test_two_scopes_of_one_policy_are_no_conflict() -> None:
	scopes = [Scope("One", ticket_category="Complaint"), Scope("One", country="SA")]
	assert choose(scopes, SUBJECT, 1_000).policy == "One"
	assert overlaps(scopes) == []


@pytest.mark.parametrize(
	("one", "other", "conflict"),
	[
		(Scope("A", country="SA"), Scope("B", country="SA"), True),
		(Scope("A", country="SA"), Scope("B", country="AE"), False),
		(Scope("A", country="SA"), Scope("B", ticket_category="Claim"), True),
		(Scope("A", country="SA"), Scope("B", country="SA", ticket_category="Claim"), False),
		(Scope("A", group="Riyadh"), Scope("B", country="SA"), False),
		(Scope("A", group="Riyadh"), Scope("B", group="Riyadh"), True),
		(Scope("A", group="Riyadh", country="SA"), Scope("B", group="Riyadh", country="AE"), False),
		(Scope("A", default=True), Scope("B", default=True), True),
		(Scope("A", default=True), Scope("B", country="SA"), False),
		(Scope("A", country="SA", until_epoch=5), Scope("B", country="SA", from_epoch=4), True),
		(Scope("A", country="SA", until_epoch=5), Scope("B", country="SA", from_epoch=5), False),
		(Scope("A", country="SA", from_epoch=5, until_epoch=5), Scope("B", country="SA"), False),
		(Scope("A", country="SA", from_epoch=6, until_epoch=5), Scope("B", country="SA"), False),
		(Scope("A"), Scope("B"), False),
	],
)
def test_scopes_conflict_when_they_are_equally_specific_and_can_meet(
	one: Scope, other: Scope, conflict: bool
) -> None:
	assert bool(overlaps([one, other])) is conflict
	assert bool(overlaps([other, one])) is conflict


class OnePolicy:
	"""Rules with a single policy, by absolute time."""

	only = Policy("Standard", (Level(3_600, "TSM"), Level(7_200, "General Manager")))

	def terms(self, group: str, category: str, at: int) -> Terms:
		return Terms(self.only, "")

	def policy(self, name: str) -> Policy:
		return self.only

	def calendar_of(self, group: str) -> str:
		return ""

	def timer(self, calendar: str) -> Timer:
		return ELAPSED


def test_levels_fire_in_order_each_at_its_due_moment() -> None:
	clock = changed(Clock(), 10_000, OnePolicy(), group="Riyadh Claims")
	log = list(settled(clock, 1_000_000, OnePolicy()))
	assert [record for _, record in log] == [
		Fired(1, 1, "Riyadh Claims", "TSM", 13_600, 13_600),
		Fired(1, 2, "Riyadh Claims", "General Manager", 20_800, 20_800),
	]
	assert log[-1][0].level == 2


def test_what_is_due_at_the_moment_itself_waits_for_the_changes_of_that_moment() -> None:
	clock = changed(Clock(), 10_000, OnePolicy(), group="Riyadh Claims")
	assert list(settled(clock, 13_600, OnePolicy())) == []
	assert len(list(settled(clock, 13_601, OnePolicy()))) == 1
