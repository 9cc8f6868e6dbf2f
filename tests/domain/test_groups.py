"""Conflicts of groups, kind by kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core_helpdesk.domain.errors import NoWorkingTime
from core_helpdesk.domain.escalation import Scope
from core_helpdesk.domain.group_facts import REMEDIES
from core_helpdesk.domain.groups import (
	Conflict,
	ConflictKind,
	EscalationTime,
	GroupFacts,
	Hours,
	Remedy,
	Route,
	conflicts,
	conflicts_of,
)
from core_helpdesk.domain.policy import Kind

HOUR, DAY, WEEK = 3_600, 86_400, 604_800
SUNDAY = 1_767_484_800  # 2026-01-04 00:00 UTC


class EightHoursADay:
	"""Works the first eight hours of every day; another number of hours for one that is asked for by number."""

	def __init__(self, hours: int = 8) -> None:
		self.hours = hours

	def add(self, start: int, seconds: int) -> int:
		raise AssertionError("conflicts ask for elapsed time only")

	def elapsed(self, start: int, end: int) -> int:
		return (end - start) // DAY * self.hours * HOUR


def timer(calendar: str) -> EightHoursADay:
	if calendar == "Nobody":
		raise NoWorkingTime(date(2026, 1, 1), date(2026, 12, 31))
	return EightHoursADay(0 if calendar == "Closed" else 8)


HOURS = Hours(timer, SUNDAY)
RIYADH = GroupFacts(
	name="Riyadh Claims",
	department="Operations",
	country="Saudi Arabia",
	category="Claims",
	ticket_categories=frozenset({"Claim"}),
	head="head@example.com",
	members=3,
	policy="Claims-v1",
	time=EscalationTime(8 * HOUR, Kind.WORKING),
	targets=("Ticketing System Management", "General Manager"),
	calendar="Riyadh",
)


def kinds(found: list[Conflict]) -> list[ConflictKind]:
	return [conflict.kind for conflict in found]


def with_another(**changes: object) -> list[Conflict]:
	other = replace(RIYADH, **{"name": "Jeddah Claims", **changes})
	return conflicts([RIYADH, other], [], [], HOURS)


def test_a_group_that_lacks_nothing_and_stands_alone_has_no_conflict() -> None:
	assert conflicts([RIYADH], [], [], HOURS) == []
	assert conflicts_of(RIYADH, [], [], [], HOURS) == []


def test_two_groups_for_the_same_tickets_of_one_place_are_named_with_what_they_share() -> None:
	facts = {
		"country": "Saudi Arabia",
		"department": "Operations",
		"category": "Claims",
		"ticket_categories": ("Claim",),
	}
	assert with_another() == [Conflict(ConflictKind.SAME_PLACE, "Riyadh Claims", "Jeddah Claims", facts)]
	assert with_another()[0].remedy is Remedy.DIVIDE_CATEGORIES


@pytest.mark.parametrize(
	("changes", "shared"),
	[
		({"country": "Egypt"}, None),
		({"department": "Support"}, None),
		({"category": "Tracing"}, None),
		({"ticket_categories": frozenset({"Complaint"})}, None),
		({"ticket_categories": frozenset({"Complaint", "Claim"})}, ("Claim",)),
		({"ticket_categories": frozenset()}, ("Claim",)),
		({"hidden": True}, None),
		({"country": ""}, None),
	],
)
def test_groups_conflict_only_where_all_of_their_place_and_a_ticket_category_are_the_same(
	changes: dict, shared: tuple[str, ...] | None
) -> None:
	found = [conflict for conflict in with_another(**changes) if conflict.kind is ConflictKind.SAME_PLACE]
	assert [conflict.facts["ticket_categories"] for conflict in found] == ([shared] if shared else [])


def test_two_groups_that_take_every_ticket_category_share_all_of_them() -> None:
	found = conflicts(
		[
			replace(RIYADH, ticket_categories=frozenset()),
			replace(RIYADH, name="Other", ticket_categories=frozenset()),
		],
		[],
		[],
		HOURS,
	)
	assert [conflict.facts["ticket_categories"] for conflict in found] == [()]


@pytest.mark.parametrize(
	("changes", "kind"),
	[
		({"head": ""}, ConflictKind.NO_HEAD),
		({"members": 0}, ConflictKind.NO_MEMBERS),
		({"policy": "", "time": None}, ConflictKind.NO_POLICY),
		({"calendar": "Closed"}, ConflictKind.NO_HOURS),
		({"calendar": "Nobody"}, ConflictKind.NO_HOURS),
		({"calendar": ""}, ConflictKind.NO_HOURS),
		({"calendar": "Closed", "time": EscalationTime(4 * HOUR)}, ConflictKind.NO_HOURS),
		({"time": EscalationTime(8 * 56 * HOUR + 1, Kind.WORKING)}, ConflictKind.NOT_REACHED),
		({"targets": ("Riyadh Claims",)}, ConflictKind.CIRCLE),
		({"targets": ("Ticketing System Management", "General Manager") * 2}, ConflictKind.CIRCLE),
	],
)
def test_what_one_group_lacks_is_one_conflict_with_its_remedy(changes: dict, kind: ConflictKind) -> None:
	group = replace(RIYADH, **changes)
	assert kinds(conflicts([group], [], [], HOURS)) == [kind]
	assert kinds(conflicts_of(group, [RIYADH], [], [], HOURS)) == [kind]


def test_an_escalation_time_that_the_working_hours_just_reach_is_no_conflict() -> None:
	assert not conflicts([replace(RIYADH, time=EscalationTime(8 * 56 * HOUR, Kind.WORKING))], [], [], HOURS)
	assert not conflicts([replace(RIYADH, time=EscalationTime(9_999 * HOUR))], [], [], HOURS)


def test_a_time_that_is_not_reached_says_what_was_counted_in_how_many_weeks() -> None:
	group = replace(RIYADH, time=EscalationTime(57 * HOUR, Kind.WORKING))
	(found,) = conflicts([group], [], [], Hours(timer, SUNDAY, weeks=1))
	assert found.facts == {
		"calendar": "Riyadh",
		"seconds": 57 * HOUR,
		"kind": "Working",
		"counted": 56 * HOUR,
		"weeks": 1,
	}


def test_a_hidden_group_needs_its_members_only() -> None:
	hidden = GroupFacts("TSM", hidden=True)
	assert kinds(conflicts([hidden], [], [], HOURS)) == [ConflictKind.NO_MEMBERS]
	assert conflicts([replace(hidden, members=2)], [], [], HOURS) == []


def test_groups_that_escalate_to_one_another_in_a_circle_are_one_conflict() -> None:
	names = ("Alpha", "Beta", "Gamma")
	groups = [
		replace(RIYADH, name=name, country=name, targets=(names[(number + 1) % 3], "General Manager"))
		for number, name in enumerate(names)
	]
	(found,) = conflicts(groups, [], [], HOURS)
	path = ("Alpha", "Beta", "Gamma", "Alpha")
	assert found == Conflict(ConflictKind.CIRCLE, "Alpha", "Beta", {"path": path})
	(found,) = conflicts_of(groups[1], groups, [], [], HOURS)
	assert found.facts["path"] == ("Beta", "Gamma", "Alpha", "Beta")


def test_a_chain_that_ends_is_no_circle() -> None:
	groups = [
		replace(RIYADH, name="Alpha", country="Egypt", targets=("Beta",)),
		replace(RIYADH, name="Beta", targets=("General Manager",)),
	]
	assert conflicts(groups, [], [], HOURS) == []


def test_a_repeated_target_shows_the_way_back_to_it() -> None:
	group = replace(RIYADH, targets=("Head", "TSM", "General Manager", "TSM"))
	(found,) = conflicts([group], [], [], HOURS)
	assert found.facts == {"path": ("TSM", "General Manager", "TSM")}


def test_two_policies_for_one_ticket_are_named_with_the_tickets_and_the_day_from_which_both_are() -> None:
	scopes = [
		Scope("A-v1", country="Saudi Arabia", from_epoch=5),
		Scope("B-v1", ticket_category="Claim", from_epoch=SUNDAY + DAY),
	]
	facts = {
		"policy": "A-v1",
		"other_policy": "B-v1",
		"group_category": "",
		"ticket_category": "Claim",
		"country": "Saudi Arabia",
		"since": SUNDAY + DAY,
	}
	expected = [Conflict(ConflictKind.POLICIES, "", "", facts)]
	assert conflicts([], scopes, [], HOURS) == expected
	assert conflicts_of(RIYADH, [], scopes, [], HOURS) == expected
	assert conflicts_of(replace(RIYADH, country="Egypt"), [], scopes, [], HOURS) == []


def test_a_policy_that_has_ended_is_in_nobodys_way() -> None:
	old = Scope("A-v1", country="Saudi Arabia", until_epoch=SUNDAY)
	assert conflicts([], [old, Scope("B-v1", country="Saudi Arabia")], [], HOURS) == []
	later = replace(old, until_epoch=SUNDAY + 1)
	assert len(conflicts([], [later, Scope("B-v1", country="Saudi Arabia")], [], HOURS)) == 1


@pytest.mark.parametrize(
	("one", "other", "shared"),
	[
		(Route("1", "A", frozenset({"Claim"})), Route("2", "B", frozenset({"Claim"})), (("Claim",), ())),
		(Route("1", "A", frozenset({"Claim"})), Route("2", "B", frozenset({"Inquiry"})), None),
		(
			Route("1", "A", frozenset({"Claim"})),
			Route("2", "B", countries=frozenset({"Egypt"})),
			(("Claim",), ("Egypt",)),
		),
		(Route("1", "A", frozenset({"Claim"})), Route("2", "A", frozenset({"Claim"})), None),
		(Route("1", "A"), Route("2", "B"), ((), ())),
		(Route("1", "A"), Route("2", "B", priority=1), None),
		(
			Route("1", "A", frozenset({"Claim", "Inquiry"}), frozenset({"Egypt"})),
			Route("2", "B", frozenset({"Claim"}), frozenset({"Kuwait"})),
			None,
		),
		(
			Route("1", "A", from_groups=frozenset({"A"})),
			Route("2", "B", from_groups=frozenset({"B"})),
			None,
		),
		(Route("1", "A", from_groups=frozenset({"A"})), Route("2", "B"), ((), ())),
	],
)
def test_routes_overlap_when_one_ticket_could_go_to_two_groups(
	one: Route, other: Route, shared: tuple | None
) -> None:
	for rules in ([one, other], [other, one]):
		found = conflicts([], [], rules, HOURS)
		facts = [(conflict.facts["ticket_categories"], conflict.facts["countries"]) for conflict in found]
		assert facts == ([shared] if shared else [])


def test_every_kind_of_conflict_has_a_remedy_of_its_own() -> None:
	assert set(REMEDIES) == set(ConflictKind)
	assert set(REMEDIES.values()) == set(Remedy)


def test_a_proposed_group_stands_for_the_one_of_its_name() -> None:
	other = replace(RIYADH, name="Jeddah Claims")
	moved = replace(RIYADH, country="Egypt")
	assert conflicts_of(moved, [RIYADH, other], [], [], HOURS) == []
	assert kinds(conflicts_of(RIYADH, [moved, other], [], [], HOURS)) == [ConflictKind.SAME_PLACE]
