"""The Standard of each department and category, and the groups abroad that do not keep it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_helpdesk.domain.group_facts import EscalationTime, GroupFacts
from core_helpdesk.domain.parity import Deviation, GapKind, ParityGap, parity, standards
from core_helpdesk.domain.policy import Kind

HOUR, DAY = 3_600, 86_400
NOW = 1_767_484_800  # 2026-01-04 00:00 UTC
EIGHT = EscalationTime(8 * HOUR, Kind.WORKING)
NINE = EscalationTime(9 * HOUR, Kind.WORKING)
RIYADH = GroupFacts("Riyadh Claims", "Operations", "Saudi Arabia", "Claims", time=EIGHT)
CAIRO = replace(RIYADH, name="Cairo Claims", country="Egypt")
LATE = replace(CAIRO, time=NINE)


def gaps(groups: list[GroupFacts], *deviations: Deviation, warn_days: int = 30) -> list[ParityGap]:
	return parity(groups, standards(groups), deviations, NOW, warn_days=warn_days)


def kinds(groups: list[GroupFacts], *deviations: Deviation) -> list[GapKind]:
	return [gap.kind for gap in gaps(groups, *deviations)]


def approved(first_day: int, last_day: int, time: EscalationTime = NINE, name: str = "PD-1") -> Deviation:
	"""A deviation of the group in Cairo, its days counted from now."""
	return Deviation(name, "Cairo Claims", time, NOW + first_day * DAY, NOW + last_day * DAY)


def test_a_group_abroad_with_the_time_of_headquarters_has_no_gap() -> None:
	assert gaps([RIYADH, CAIRO]) == []


def test_a_gap_says_both_times() -> None:
	assert gaps([RIYADH, LATE]) == [
		ParityGap(GapKind.DIFFERS, "Cairo Claims", "Egypt", "Operations", "Claims", NINE, (EIGHT,))
	]


@pytest.mark.parametrize(
	"time",
	[
		EscalationTime(8 * HOUR, Kind.ELAPSED),
		EscalationTime(8 * HOUR + 1, Kind.WORKING),
		EscalationTime(7 * HOUR, Kind.WORKING),
		None,
	],
)
def test_a_shorter_time_or_another_kind_of_time_is_a_difference_too(time: EscalationTime | None) -> None:
	assert kinds([RIYADH, replace(CAIRO, time=time)]) == [GapKind.DIFFERS]


@pytest.mark.parametrize(
	"changes",
	[{"department": "Support"}, {"category": "Tracing"}, {"category": ""}, {"department": ""}],
)
def test_without_a_group_of_its_department_and_category_at_headquarters_there_is_no_standard(
	changes: dict[str, str],
) -> None:
	assert kinds([RIYADH, replace(CAIRO, **changes)]) == [GapKind.NO_STANDARD]


@pytest.mark.parametrize("changes", [{"time": None}, {"hidden": True}, {"country": "Kuwait"}])
def test_a_group_without_a_time_or_in_hiding_or_abroad_sets_no_standard(changes: dict) -> None:
	home = replace(RIYADH, **changes)
	assert standards([home]) == {}
	assert GapKind.NO_STANDARD in kinds([home, CAIRO])


def test_groups_that_are_hidden_or_of_no_known_country_are_left_out() -> None:
	assert kinds([RIYADH, replace(LATE, hidden=True), replace(LATE, country="")]) == []


def test_the_standard_is_that_of_the_groups_for_the_same_ticket_categories() -> None:
	claims = replace(RIYADH, ticket_categories=frozenset({"Claim"}))
	complaints = replace(RIYADH, name="Complaints", ticket_categories=frozenset({"Complaint"}), time=NINE)
	home = [claims, complaints]
	cairo = replace(LATE, ticket_categories=frozenset({"Complaint"}))
	assert kinds([*home, cairo]) == []
	assert kinds([*home, replace(cairo, time=EIGHT)]) == [GapKind.DIFFERS]
	assert kinds([claims, replace(cairo, time=EIGHT)]) == []


def test_where_headquarters_have_two_times_no_time_is_the_standard() -> None:
	home = [RIYADH, replace(RIYADH, name="Jeddah Claims", time=NINE)]
	assert [(gap.kind, gap.standard) for gap in gaps([*home, LATE])] == [
		(GapKind.HOME_DIFFERS, (EIGHT, NINE))
	]


def test_another_country_can_be_the_home_of_the_standard() -> None:
	groups = [RIYADH, LATE]
	(gap,) = parity(groups, standards(groups, "Egypt"), [], NOW, home="Egypt")
	assert (gap.kind, gap.group, gap.standard) == (GapKind.DIFFERS, "Riyadh Claims", (NINE,))


@pytest.mark.parametrize(
	("deviations", "expected"),
	[
		([approved(-10, 31)], []),
		([approved(0, 31)], []),
		([approved(-10, 30)], [(GapKind.ENDS, "PD-1", 30)]),
		([approved(-10, 1)], [(GapKind.ENDS, "PD-1", 1)]),
		([approved(-10, 0)], [(GapKind.ENDED, "PD-1", 0)]),
		([approved(-10, -5)], [(GapKind.ENDED, "PD-1", -5)]),
		([approved(1, 99)], [(GapKind.DIFFERS, "", None)]),
		([approved(-10, 99, EscalationTime(10 * HOUR, Kind.WORKING))], [(GapKind.DIFFERS, "", None)]),
		([approved(-10, 5), approved(5, 99, name="PD-2")], []),
		([approved(-10, 5), approved(6, 99, name="PD-2")], [(GapKind.ENDS, "PD-1", 5)]),
		([approved(-10, -5), approved(-5, 3, name="PD-2")], [(GapKind.ENDS, "PD-2", 3)]),
		([approved(-10, -5), approved(7, 99, name="PD-2")], [(GapKind.ENDED, "PD-1", -5)]),
		([approved(-10, 99), approved(-5, -2, name="PD-2")], []),
	],
)
def test_a_deviation_covers_its_time_while_it_is_in_force_and_warns_before_its_end(
	deviations: list[Deviation], expected: list[tuple]
) -> None:
	for order in (deviations, deviations[::-1]):
		found = gaps([RIYADH, LATE], *order)
		ends = [(gap.deviation_ends - NOW) // DAY if gap.deviation else None for gap in found]
		named = [(gap.kind, gap.deviation) for gap in found]
		assert [(*name, end) for name, end in zip(named, ends, strict=True)] == expected


def test_a_deviation_is_for_its_own_group_only() -> None:
	other = replace(LATE, name="Alexandria Claims")
	assert [gap.group for gap in gaps([RIYADH, LATE, other], approved(-10, 99))] == ["Alexandria Claims"]


def test_a_deviation_without_a_difference_is_no_gap() -> None:
	assert gaps([RIYADH, CAIRO], approved(-10, 5)) == []


def test_without_warning_days_a_deviation_covers_until_its_last_second() -> None:
	assert gaps([RIYADH, LATE], approved(-10, 1), warn_days=0) == []


some_times = st.none() | st.builds(EscalationTime, st.sampled_from((HOUR, 2 * HOUR)), st.sampled_from(Kind))
some_groups = st.lists(
	st.builds(
		GroupFacts,
		name=st.sampled_from("ABCDEFGH"),
		department=st.sampled_from(("", "D", "E")),
		country=st.sampled_from(("", "Saudi Arabia", "Egypt", "Kuwait")),
		category=st.sampled_from(("C", "F")),
		ticket_categories=st.frozensets(st.sampled_from("XYZ"), max_size=2),
		time=some_times,
		hidden=st.booleans(),
	),
	max_size=8,
	unique_by=lambda group: group.name,
)
some_deviations = st.lists(
	st.builds(
		Deviation,
		st.uuids().map(str),
		st.sampled_from("ABCDEFGH"),
		st.builds(EscalationTime, st.sampled_from((HOUR, 2 * HOUR)), st.sampled_from(Kind)),
		st.integers(0, 40),
		st.integers(0, 40),
	),
	max_size=4,
)


def times_at_home(group: GroupFacts, groups: list[GroupFacts]) -> set[EscalationTime]:
	"""The standard by a look at every group."""
	place = (group.department, group.category)
	home = [
		own
		for own in groups
		if own.country == "Saudi Arabia" and own.time and not own.hidden and all(place)
		if (own.department, own.category) == place
	]
	takes = group.ticket_categories
	alike = [own for own in home if not takes or not own.ticket_categories or takes & own.ticket_categories]
	return {own.time for own in alike or home}


def is_approved(group: GroupFacts, deviations: list[Deviation], at: int) -> bool:
	return any(
		own.group == group.name and own.time == group.time and own.is_in_force(at) for own in deviations
	)


@given(some_groups, some_deviations, st.integers(0, 40))
def test_whoever_differs_and_is_not_approved_has_a_gap_and_nobody_else(
	groups: list[GroupFacts], deviations: list[Deviation], at: int
) -> None:
	found = parity(groups, standards(groups), deviations, at, warn_days=0)
	differing = [
		group.name
		for group in groups
		if group.country not in ("", "Saudi Arabia") and not group.hidden
		if times_at_home(group, groups) != {group.time} and not is_approved(group, deviations, at)
	]
	assert [gap.group for gap in found] == differing
	assert all(gap.kind is not GapKind.ENDS for gap in found)
