"""A case's stays in groups: when each begins and ends, is due, accepted and answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core_helpdesk.domain.tracing_legs import (
	Legs,
	accepted,
	at_first_level,
	current,
	days_late,
	ended,
	handling,
	is_late,
	opened,
	outstanding,
	replied,
	retimed,
	seconds_held,
	seconds_to_accept,
)
from core_helpdesk.domain.tracing_terms import Terms
from core_helpdesk.domain.working_time import Holiday
from tests.domain.working_time_cases import SATURDAY_SUNDAY, at, make_calendar

TIMERS = {"SA": make_calendar(), "AE": make_calendar(zone="Asia/Dubai", weekends=SATURDAY_SUNDAY)}
TERMS = Terms(10, 0.8)
SUNDAY = at("2026-03-01 09:00")
MONDAY = at("2026-03-02 10:00")
TUESDAY = at("2026-03-03 11:00")


def passed(
	legs: Legs, moment: int, team: str, country: str = "SA", *, is_tracing: bool = True, by: str = ""
) -> Legs:
	return opened(
		legs, moment, team, country, country, is_tracing, TIMERS[country], TERMS, by, "why" if by else ""
	)


def journey() -> Legs:
	"""Headquarters, then Dubai's tracing group, then a section there."""
	legs = passed((), SUNDAY, "Headquarters")
	legs = passed(legs, MONDAY, "Dubai Tracing", "AE", by="officer")
	return passed(legs, TUESDAY, "Dubai Customs", "AE", is_tracing=False, by="dubai")


def test_each_stay_is_a_leg_with_where_it_came_from_and_why() -> None:
	first, second, third = journey()
	assert [leg.number for leg in journey()] == [1, 2, 3]
	assert (first.assigned, first.left, first.from_team, first.passed_by) == (SUNDAY, MONDAY, "", "")
	assert (second.assigned, second.left, second.from_team) == (MONDAY, TUESDAY, "Headquarters")
	assert (second.passed_by, second.reason, second.country) == ("officer", "why", "AE")
	assert (third.left, third.from_team) == (0, "Dubai Tracing")
	assert current(journey()) is not None
	assert current(journey()).team == "Dubai Customs"


def test_each_leg_in_a_tracing_group_is_due_in_its_own_calendar_and_no_section_is() -> None:
	first, second, third = journey()
	assert (first.due, first.warn) == (at("2026-03-15 17:00"), at("2026-03-11 17:00"))
	assert second.due == TIMERS["AE"].add_working_days(MONDAY, 10)
	assert second.warn == TIMERS["AE"].add_working_days(MONDAY, 8)
	assert (third.due, third.warn) == (0, 0)


def test_a_case_that_comes_to_where_it_is_stays() -> None:
	legs = journey()
	assert passed(legs, TUESDAY + 5, "Dubai Customs", "AE", is_tracing=False, by="dubai") is legs
	again = passed(ended(legs, TUESDAY + 5), TUESDAY + 9, "Dubai Customs", "AE", is_tracing=False)
	assert [leg.number for leg in again] == [1, 2, 3, 4]
	assert again[-1].from_team == ""


def test_the_first_acceptance_of_the_running_leg_counts() -> None:
	legs = accepted(journey(), TUESDAY + 60, "customs")
	assert (legs[-1].accepted, legs[-1].accepted_by) == (TUESDAY + 60, "customs")
	assert accepted(legs, TUESDAY + 90, "other") is legs
	assert [seconds_to_accept(leg) for leg in legs] == [None, None, 60]
	assert accepted((), TUESDAY, "nobody") == ()


def test_legs_passed_on_are_outstanding_until_they_are_answered() -> None:
	legs = journey()
	assert outstanding(legs, TUESDAY) == (2, 3)
	assert outstanding(legs, MONDAY) == (2,)
	answered = replied(legs, TUESDAY + 60)
	assert outstanding(answered, TUESDAY + 59) == (2, 3)
	assert outstanding(answered, TUESDAY + 60) == (2,)
	assert replied(answered, TUESDAY + 90) is answered


def test_an_answer_may_come_after_the_case_has_left() -> None:
	legs = replied(journey(), TUESDAY + 60, number=2)
	assert outstanding(legs, TUESDAY + 60) == (3,)
	assert replied(legs, TUESDAY + 90, number=9) is legs
	over = ended(legs, TUESDAY + 90)
	assert replied(over, TUESDAY + 95) is over


def test_a_leg_is_held_until_it_ends_and_judged_as_known_then() -> None:
	first, _, third = journey()
	assert [seconds_held(first, now) for now in (SUNDAY - 5, SUNDAY, SUNDAY + 60, TUESDAY)] == [
		0,
		0,
		60,
		MONDAY - SUNDAY,
	]
	assert seconds_held(third, TUESDAY + 60) == 60


@pytest.mark.parametrize(
	("left", "days"),
	[("2026-03-15 17:00", 0), ("2026-03-15 17:01", 1), ("2026-03-16 17:00", 1), ("2026-03-18 09:00", 3)],
)
def test_a_leg_is_late_once_it_was_held_after_it_was_due(left: str, days: int) -> None:
	(running,) = passed((), SUNDAY, "Headquarters")
	(over,) = ended((running,), at(left))
	for leg in (running, over):
		assert is_late(leg, at(left)) == bool(days)
		assert days_late(leg, at(left), TIMERS["SA"]) == days
	assert days_late(over, at("2026-03-30 09:00"), TIMERS["SA"]) == days
	assert not is_late(over, at("2026-03-15 12:00"))


def test_first_level_is_the_first_group_of_the_opening_that_passed_it_on_to_nobody_until_it_was_solved() -> (
	None
):
	alone, gone = passed((), SUNDAY, "Headquarters"), journey()
	assert at_first_level(alone, SUNDAY, MONDAY)
	assert at_first_level(gone, SUNDAY, gone[1].assigned - 1)
	assert not at_first_level(gone, SUNDAY, gone[1].assigned)
	assert not at_first_level(alone, SUNDAY, 0)
	# What was before a case was opened anew is of the cycle before.
	assert at_first_level(gone, gone[-1].assigned, gone[-1].assigned + 60)


def test_a_section_is_never_late() -> None:
	assert not is_late(journey()[-1], at("2026-12-01 09:00"))
	assert days_late(journey()[-1], at("2026-12-01 09:00"), TIMERS["AE"]) == 0


def test_a_holiday_confirmed_later_moves_every_leg_of_its_calendar_as_if_it_had_been_known() -> None:
	legs = ended(journey(), TUESDAY + 3600)
	assert retimed(legs, TIMERS, TERMS) is legs
	eid = make_calendar(holidays=(Holiday(date(2026, 3, 4), "Eid"),))
	after = retimed(legs, TIMERS | {"SA": eid}, TERMS)
	assert after[0] == replace(legs[0], due=at("2026-03-16 17:00"), warn=at("2026-03-12 17:00"))
	assert after[1:] == legs[1:]


def test_the_country_of_the_latest_tracing_group_handles_the_case() -> None:
	assert handling(()) is None
	assert handling(journey()).team == "Dubai Tracing"
	assert handling(passed((), SUNDAY, "Customs", is_tracing=False)).team == "Customs"
