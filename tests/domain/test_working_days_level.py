"""A level that counts working days: due at a closing, whatever happens to the ticket meanwhile."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest

from core_helpdesk.domain import tracing_count
from core_helpdesk.domain.clock import (
	Clock,
	Kind,
	Level,
	Policy,
	Terms,
	TicketState,
	acknowledged,
	check_policy,
	counted,
	fired,
	retimed,
	warned,
)
from core_helpdesk.domain.due import warning_day
from core_helpdesk.domain.errors import DaysOutOfPlace, LevelWithoutTime, NotForTracing
from core_helpdesk.domain.working_time import Holiday
from tests.domain.working_time_cases import SATURDAY_SUNDAY, at, make_calendar, shown

HOUR = 3600
TEN_DAYS = Level(10, "TSM", Kind.WORKING_DAYS)
MANAGER = Level(24 * HOUR, "General Manager")
TRACING = Policy("Tracing", (TEN_DAYS, MANAGER), warn_share=0.8, is_tracing=True)
# A Sunday after Ramadan; Friday and Saturday are off in Riyadh, Saturday and Sunday in Dubai.
OPENED = at("2026-04-12 10:00")


class Table(NamedTuple):
	"""Rules with one policy, and a calendar for each country."""

	calendars: dict
	terms_policy: Policy = TRACING

	def policy(self, name: str) -> Policy:
		return self.terms_policy

	def calendar_of(self, group: str) -> str:
		return "AE" if group == "Dubai" else "SA"

	def timer(self, calendar: str) -> object:
		return self.calendars[calendar]


def make_rules(*holidays: str, policy: Policy = TRACING) -> Table:
	days = tuple(Holiday(date.fromisoformat(day), "Eid") for day in holidays)
	return Table({"SA": make_calendar(holidays=days), "AE": make_calendar(weekends=SATURDAY_SUNDAY)}, policy)


def begun(rules: Table, moment: int = OPENED) -> Clock:
	terms = Terms(rules.terms_policy, "SA")
	return tracing_count.begun(Clock(), moment, terms, rules, group="Riyadh")


def test_ten_working_days_end_with_the_closing_of_the_tenth() -> None:
	clock = begun(make_rules())
	assert (clock.cycle, clock.level, clock.is_live) == (1, 0, True)
	assert shown(clock.due) == "2026-04-26 17:00"
	assert shown(clock.warn) == "2026-04-22 17:00"
	assert clock.next == clock.warn


@pytest.mark.parametrize(
	("opened", "due"),
	[
		# Before opening counts as that day, after closing and on a day off as the next working day.
		("2026-04-12 06:00", "2026-04-26 17:00"),
		("2026-04-12 17:00", "2026-04-27 17:00"),
		("2026-04-17 12:00", "2026-05-03 17:00"),
		("2026-04-19 08:00", "2026-05-03 17:00"),
	],
)
def test_the_day_of_receipt_is_not_counted(opened: str, due: str) -> None:
	assert shown(begun(make_rules(), at(opened)).due) == due


@pytest.mark.parametrize(
	("days", "share", "day"),
	[(10, 0.8, 8), (10, 0.7, 7), (10, 0.57, 5), (100, 0.29, 29), (3, 0.1, 1), (1, 0.9, 1)],
)
def test_the_warning_comes_with_a_whole_day_and_never_before_the_first(
	days: int, share: float, day: int
) -> None:
	assert warning_day(days, share) == day


def test_without_a_share_nobody_is_warned() -> None:
	rules = make_rules(policy=Policy("Tracing", (TEN_DAYS,), is_tracing=True))
	assert begun(rules).warn == 0


def test_a_holiday_that_becomes_known_moves_the_closing() -> None:
	clock = begun(make_rules())
	later = retimed(clock, make_rules("2026-04-20"))
	assert (shown(later.due), shown(later.warn)) == ("2026-04-27 17:00", "2026-04-23 17:00")
	assert later.began == clock.began


def test_a_hand_over_keeps_the_beginning_and_changes_the_calendar() -> None:
	rules = make_rules()
	clock = tracing_count.handed_over(warned(begun(rules)), rules, group="Dubai")
	assert (clock.group, clock.calendar, clock.began, clock.warned) == ("Dubai", "AE", OPENED, True)
	# A Sunday is a day off there: received on Monday the 13th.
	assert shown(clock.due) == "2026-04-27 17:00"
	assert tracing_count.handed_over(clock, rules, group="Riyadh").due == begun(rules).due


def test_the_second_level_comes_a_day_after_the_first_really_fired() -> None:
	rules = make_rules()
	first = begun(rules)
	late = first.due + 3 * HOUR
	second = fired(first, late, rules)
	assert (second.level, second.due, second.warn) == (1, late + 24 * HOUR, 0)
	assert tracing_count.handed_over(second, rules, group="Dubai").due == second.due
	last = fired(second, second.due, rules)
	assert (last.level, last.due, last.policy) == (2, 0, "")
	assert tracing_count.handed_over(last, rules, group="Dubai").due == 0


def test_an_acknowledgement_that_is_missing_brings_the_second_level_at_once() -> None:
	first = Level(10, "TSM", Kind.WORKING_DAYS, acknowledge_within=HOUR)
	rules = make_rules(policy=Policy("Tracing", (first, MANAGER), is_tracing=True))
	clock = fired(begun(rules), OPENED, rules)
	assert clock.due == OPENED + HOUR
	assert acknowledged(clock, rules).due == OPENED + 24 * HOUR


def test_days_are_counted_as_days() -> None:
	rules = make_rules()
	clock = begun(rules)
	assert counted(clock, OPENED, rules) == 0
	assert counted(clock, at("2026-04-14 16:59"), rules) == 1
	assert counted(clock, at("2026-04-14 17:00"), rules) == 2
	assert counted(clock, clock.due, rules) == 10


@pytest.mark.parametrize("is_solved", [True, False])
def test_an_end_stops_it_and_taking_it_up_goes_on_since_the_beginning(is_solved: bool) -> None:
	rules = make_rules()
	clock = begun(rules)
	over = tracing_count.ended(clock, is_solved=is_solved)
	assert (over.is_live, over.finished, over.next, over.calendar) == (False, not is_solved, 0, "")
	assert (over.state is TicketState.RESOLVED) == is_solved
	# Nothing times it anew while it is over.
	assert retimed(over, rules) == over
	assert counted(over, clock.due, rules) == 0
	assert tracing_count.taken_up(over, rules, group="Riyadh") == clock


def test_a_case_that_opens_again_begins_the_next_cycle() -> None:
	rules = make_rules()
	over = tracing_count.ended(fired(begun(rules), OPENED, rules), is_solved=True)
	later = at("2026-05-10 09:00")
	terms = Terms(TRACING, "SA")
	clock = tracing_count.begun(over, later, terms, rules, group="Riyadh", category="Claim")
	assert (clock.cycle, clock.level, clock.began, clock.category) == (2, 0, later, "Claim")
	assert shown(clock.due) == "2026-05-24 17:00"


def test_a_policy_for_tracing_is_sound() -> None:
	check_policy(TRACING)
	check_policy(Policy("Tracing", (Level(48 * HOUR, "TSM"), MANAGER), is_tracing=True))


def test_only_the_first_level_of_a_tracing_policy_counts_days() -> None:
	with pytest.raises(DaysOutOfPlace) as refusal:
		check_policy(Policy("Standard", (TEN_DAYS, MANAGER)))
	assert (refusal.value.policy, refusal.value.level) == ("Standard", 1)
	with pytest.raises(DaysOutOfPlace) as refusal:
		check_policy(Policy("T", (MANAGER, TEN_DAYS), is_tracing=True))
	assert refusal.value.level == 2
	with pytest.raises(LevelWithoutTime):
		check_policy(Policy("T", (Level(0, "TSM", Kind.WORKING_DAYS),), is_tracing=True))


@pytest.mark.parametrize(
	("policy", "level", "rule"),
	[
		(Policy("T", (Level(10, "TSM", Kind.WORKING_DAYS, pauses=True),), is_tracing=True), 1, "pauses"),
		(Policy("T", (TEN_DAYS, Level(HOUR, "GM", pauses=True)), is_tracing=True), 2, "pauses"),
		(
			Policy("T", (Level(10, "TSM", Kind.WORKING_DAYS, moves_ticket=True),), is_tracing=True),
			1,
			"moves_ticket",
		),
		(Policy("T", (TEN_DAYS,), total_cap=HOUR, is_tracing=True), 0, "total_cap"),
	],
)
def test_what_a_tracing_count_does_not_know_is_refused(policy: Policy, level: int, rule: str) -> None:
	with pytest.raises(NotForTracing) as refusal:
		check_policy(policy)
	assert (refusal.value.level, refusal.value.rule) == (level, rule)
