"""The rule of working days: the one table, and the reports that explain it."""

from __future__ import annotations

from datetime import date

import pytest

from core_helpdesk.domain.working_time import DayException, DayLine, Holiday, Season, Weekend, parse_hours
from tests.domain.working_time_cases import at, make_calendar, shown

# Sunday to Thursday 08:00-12:00 and 13:00-17:00; holiday on Tuesday 2026-03-10; Thursday 2026-03-12 until 12:00.
RULE = [
	("2026-03-01 09:00", 1, "2026-03-02 17:00", "the day of receipt is not counted"),
	("2026-03-01 06:00", 1, "2026-03-02 17:00", "before opening counts as received that day"),
	("2026-03-01 00:00", 1, "2026-03-02 17:00", "midnight belongs to the day that begins"),
	("2026-03-01 08:00", 1, "2026-03-02 17:00", "at opening"),
	("2026-03-01 12:30", 1, "2026-03-02 17:00", "in the break counts as received that day"),
	("2026-03-01 16:59", 1, "2026-03-02 17:00", "just before closing"),
	("2026-03-01 17:00", 1, "2026-03-03 17:00", "at closing counts as received on the next working day"),
	("2026-03-01 23:59", 1, "2026-03-03 17:00", "after closing counts as received on the next working day"),
	("2026-03-06 10:00", 1, "2026-03-09 17:00", "on a day off counts as received on the next working day"),
	("2026-03-05 17:00", 1, "2026-03-09 17:00", "after closing before the weekend"),
	("2026-03-05 10:00", 1, "2026-03-08 17:00", "over the weekend"),
	("2026-03-01 09:00", 5, "2026-03-08 17:00", "five days are a week"),
	("2026-03-01 09:00", 10, "2026-03-16 17:00", "ten days over a holiday"),
	("2026-03-09 09:00", 1, "2026-03-11 17:00", "over a holiday"),
	("2026-03-10 09:00", 1, "2026-03-12 12:00", "received on a holiday, due when the half day closes"),
	("2026-03-11 09:00", 1, "2026-03-12 12:00", "due when the half day closes"),
	("2026-03-12 12:30", 1, "2026-03-16 17:00", "after the half day has closed"),
	("2026-03-01 09:00", 0, "2026-03-01 17:00", "no day at all: the day of receipt closes"),
	("2026-03-06 09:00", 0, "2026-03-08 17:00", "no day at all, received on a day off"),
]


def ruled_calendar():
	return make_calendar(
		holidays=(Holiday(date(2026, 3, 10), "Founding Day"),),
		exceptions=(DayException(date(2026, 3, 12), parse_hours("08:00-12:00"), "Inventory"),),
	)


@pytest.mark.parametrize(("start", "days", "due", "case"), RULE, ids=[case for *_, case in RULE])
def test_working_days_are_due_at_the_closing_time_of_the_last_one(start, days, due, case):
	calendar = ruled_calendar()
	assert shown(calendar.add_working_days(at(start), days)) == due
	assert calendar.working_days(at(start), at(due)) == days
	assert calendar.working_days(at(start), at(due) - 1) == max(0, days - 1)


def test_no_working_days_are_over_before_the_start():
	assert ruled_calendar().working_days(at("2026-03-05 10:00"), at("2026-03-01 10:00")) == 0


def test_working_days_follow_the_weekend_in_force():
	weekends = (Weekend(None, frozenset({3, 4})), Weekend(date(2013, 6, 28), frozenset({4, 5})))
	calendar = make_calendar("2013-01-01", "2013-12-31", weekends=weekends)
	# From Wednesday 2013-06-26, ten days over the change of the weekend.
	assert shown(calendar.add_working_days(at("2013-06-26 09:00"), 10)) == "2013-07-11 17:00"
	# A Saturday before the change is a working day, the Saturday after it is none.
	assert shown(calendar.add_working_days(at("2013-06-19 09:00"), 1)) == "2013-06-22 17:00"
	assert shown(calendar.add_working_days(at("2013-06-26 09:00"), 1)) == "2013-06-30 17:00"


def test_working_day_of_a_season_closes_at_its_hours():
	ramadan = Season("Ramadan", date(2026, 2, 18), date(2026, 3, 19), parse_hours("10:00-15:00"))
	calendar = make_calendar(seasons=(ramadan,))
	assert shown(calendar.add_working_days(at("2026-03-15 09:00"), 1)) == "2026-03-16 15:00"
	assert shown(calendar.add_working_days(at("2026-03-15 15:30"), 1)) == "2026-03-17 15:00"


def test_each_date_of_a_count_is_explained():
	ramadan = Season(
		"Ramadan", date(2026, 3, 11), date(2026, 3, 11), parse_hours("10:00-15:00"), estimated=True
	)
	calendar = make_calendar(
		holidays=(Holiday(date(2026, 3, 10), "Founding Day", estimated=True),),
		seasons=(ramadan,),
		exceptions=(DayException(date(2026, 3, 12), parse_hours("08:00-09:00"), "Inventory"),),
		weekends=(Weekend(None, frozenset({4, 5}), {6: parse_hours("08:00-10:00")}),),
	)

	def span(day, begin, end):
		return (at(f"{day} {begin}"), at(f"{day} {end}"))

	# From Thursday 16:00 to the next Thursday 08:30.
	assert calendar.explain(at("2026-03-05 16:00"), at("2026-03-12 08:30")) == [
		DayLine(date(2026, 3, 5), (span("2026-03-05", "16:00", "17:00"),), 3600, "", "working"),
		DayLine(date(2026, 3, 6), (), 0, "Weekend", "weekend"),
		DayLine(date(2026, 3, 7), (), 0, "Weekend", "weekend"),
		DayLine(date(2026, 3, 8), (span("2026-03-08", "08:00", "10:00"),), 7200, "Half day", "half-day"),
		DayLine(
			date(2026, 3, 9),
			(span("2026-03-09", "08:00", "12:00"), span("2026-03-09", "13:00", "17:00")),
			28800,
			"",
			"working",
		),
		DayLine(date(2026, 3, 10), (), 0, "Founding Day", "holiday", True),
		DayLine(date(2026, 3, 11), (span("2026-03-11", "10:00", "15:00"),), 18000, "Ramadan", "season", True),
		DayLine(date(2026, 3, 12), (span("2026-03-12", "08:00", "08:30"),), 1800, "Inventory", "exception"),
	]


def test_day_reached_only_outside_its_hours_says_so():
	calendar = make_calendar()
	lines = calendar.explain(at("2026-03-01 18:00"), at("2026-03-02 09:00"))
	assert [(line.day.day, line.seconds, line.reason, line.kind) for line in lines] == [
		(1, 0, "Outside working hours", "outside"),
		(2, 3600, "", "working"),
	]


def test_explanation_ends_with_the_last_date_that_was_touched():
	lines = make_calendar().explain(at("2026-03-01 09:00"), at("2026-03-02 00:00"))
	assert [line.day for line in lines] == [date(2026, 3, 1)]


@pytest.mark.parametrize(
	("start", "expected"),
	[
		("2026-03-09 09:00", [(9, "Day of receipt"), (10, "Founding Day"), (11, ""), (12, "Inventory")]),
		(
			"2026-03-05 18:00",
			[
				(5, "Outside working hours"),
				(6, "Weekend"),
				(7, "Weekend"),
				(8, "Day of receipt"),
				(9, ""),
				(10, "Founding Day"),
				(11, ""),
			],
		),
	],
)
def test_working_days_are_explained_with_the_day_of_receipt(start, expected):
	calendar = ruled_calendar()
	lines = calendar.explain_working_days(at(start), 2)
	assert [(line.day.day, line.reason) for line in lines] == expected
	assert sum(1 for line in lines if line.counted) == 2
	assert lines[-1].counted[-1][1] == calendar.add_working_days(at(start), 2)
