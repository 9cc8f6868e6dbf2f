"""When a case is due and warned of, by how much it is late, and where its cycles begin."""

from __future__ import annotations

from datetime import date

import pytest

from core_helpdesk.domain.closing import Answer
from core_helpdesk.domain.errors import BadAmount
from core_helpdesk.domain.tracing_terms import (
	CaseTimes,
	Cycle,
	Terms,
	case_times,
	closed,
	days_over,
	due,
	reopened,
	warn_at,
)
from core_helpdesk.domain.working_time import Holiday, Weekend
from tests.domain.working_time_cases import SATURDAY_SUNDAY, at, make_calendar, shown

# Sunday to Thursday 08:00-17:00; opened on Sunday 2026-03-01.
RIYADH = make_calendar()
DUBAI = make_calendar(zone="Asia/Dubai", weekends=SATURDAY_SUNDAY)
OPENED = at("2026-03-01 09:00")


def test_ten_working_days_are_due_when_the_tenth_closes() -> None:
	assert shown(due(RIYADH, OPENED, 10)) == "2026-03-15 17:00"
	assert due(RIYADH, OPENED, 10) == RIYADH.add_working_days(OPENED, 10)


def test_without_days_nothing_is_due() -> None:
	assert due(RIYADH, OPENED, 0) == 0
	with pytest.raises(BadAmount):
		due(RIYADH, OPENED, -1)


@pytest.mark.parametrize(
	("days", "share", "warned"),
	[
		(10, 0.8, 8),
		(10, 0.79, 7),
		(5, 0.5, 2),
		(1, 0.8, 1),
		(3, 0.1, 1),
		(10, 0.7, 7),
		(100, 0.29, 29),
		(10, 1.0, 10),
		(10, 1.5, 10),
	],
)
def test_the_warning_comes_when_the_working_day_closes_that_uses_up_the_share(
	days: int, share: float, warned: int
) -> None:
	assert warn_at(RIYADH, OPENED, Terms(days, share)) == RIYADH.add_working_days(OPENED, warned)


def test_no_share_is_no_warning() -> None:
	assert warn_at(RIYADH, OPENED, Terms(10, 0.0)) == 0
	assert warn_at(RIYADH, OPENED, Terms(0, 0.8)) == 0


@pytest.mark.parametrize(
	("end", "days"),
	[
		("2026-03-10 10:00", 0),
		("2026-03-15 16:59", 0),
		("2026-03-15 17:00", 0),
		("2026-03-15 17:01", 1),
		("2026-03-16 08:00", 1),
		("2026-03-16 17:00", 1),
		("2026-03-16 17:01", 2),
		("2026-03-19 17:00", 4),
		("2026-03-20 12:00", 5),
		("2026-03-22 09:00", 5),
		("2026-03-29 17:00", 10),
	],
)
def test_the_working_days_over_are_counted_like_those_given(end: str, days: int) -> None:
	moment = due(RIYADH, OPENED, 10)
	assert days_over(moment, at(end), RIYADH) == days
	assert at(end) <= RIYADH.add_working_days(OPENED, 10 + days)
	assert not days or at(end) > RIYADH.add_working_days(OPENED, 10 + days - 1)


def test_what_is_never_due_is_never_late() -> None:
	assert days_over(0, OPENED, RIYADH) == 0


def test_a_case_is_counted_from_its_opening_in_the_calendar_of_whoever_handles_it() -> None:
	terms = Terms(10, 0.8, 5)
	at_home = case_times(OPENED, RIYADH, terms, "Riyadh")
	abroad = case_times(OPENED, DUBAI, terms, "Dubai")
	assert at_home == CaseTimes(
		OPENED, "Riyadh", at("2026-03-15 17:00"), at("2026-03-11 17:00"), at("2026-03-08 17:00")
	)
	# Sunday is no working day in Dubai: what came in then came in on Monday
	assert abroad.opened == OPENED
	assert shown(abroad.due, "Asia/Dubai") == "2026-03-16 17:00"
	assert case_times(OPENED, RIYADH, Terms()).regulator_due == 0


def test_a_holiday_moves_the_case_and_the_regulator_alike() -> None:
	eid = make_calendar(
		holidays=(Holiday(date(2026, 3, 4), "Eid"),), weekends=(Weekend(None, frozenset({4, 5})),)
	)
	times = case_times(OPENED, eid, Terms(10, 0.8, 5))
	assert [shown(moment) for moment in (times.warn, times.due, times.regulator_due)] == [
		"2026-03-12 17:00",
		"2026-03-16 17:00",
		"2026-03-09 17:00",
	]


def test_a_confirmed_close_is_followed_by_a_cycle_of_its_own() -> None:
	cycles = closed(reopened((), 100), 200, Answer.YES)
	assert cycles == (Cycle(1, 100, 200, Answer.YES),)
	assert reopened(cycles, 300) == (*cycles, Cycle(2, 300))


@pytest.mark.parametrize("answer", [answer for answer in Answer if answer is not Answer.YES])
def test_any_other_close_goes_on_from_the_same_opening(answer: Answer) -> None:
	cycles = closed((Cycle(1, 50, 60, Answer.YES), Cycle(2, 100)), 200, answer)
	assert reopened(cycles, 300) == (Cycle(1, 50, 60, Answer.YES), Cycle(2, 100))


def test_an_open_case_is_not_reopened_and_a_closed_one_not_closed_again() -> None:
	cycles = (Cycle(1, 100),)
	assert reopened(cycles, 300) is cycles
	once = closed(cycles, 200, Answer.NO)
	assert closed(once, 300, Answer.YES) is once
	assert closed((), 300, Answer.YES) == ()
