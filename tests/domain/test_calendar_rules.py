"""What a calendar's rules accept, refuse and say about a date."""

from __future__ import annotations

from datetime import date

import pytest

from core_helpdesk.domain.calendar_rules import DayPlan, checked_hours
from core_helpdesk.domain.errors import BadInterval, BadSeason, OverlappingIntervals, UnknownTimeZone
from core_helpdesk.domain.working_time import (
	DayException,
	Holiday,
	Season,
	Weekend,
	format_hours,
	parse_hours,
)
from tests.domain.working_time_cases import make_rules


@pytest.mark.parametrize(
	("text", "hours"),
	[
		("08:00-17:00", ((28800, 61200),)),
		("08:00-12:00,13:00-17:00", ((28800, 43200), (46800, 61200))),
		("13:00-17:00\n08:00-12:00\n", ((28800, 43200), (46800, 61200))),
		(" 8:00 – 12:30 ، 13:00—17:00 ", ((28800, 45000), (46800, 61200))),
		("٠٨:٠٠-١٧:٠٠", ((28800, 61200),)),
		("00:00-24:00", ((0, 86400),)),
		("08:00-12:00,12:00-17:00", ((28800, 43200), (43200, 61200))),
	],
)
def test_hours_are_read_as_people_write_them(text, hours):
	assert parse_hours(text) == hours
	assert parse_hours(format_hours(hours)) == hours


@pytest.mark.parametrize(
	("text", "error", "message"),
	[
		("", BadInterval, "no hours are given"),
		(" , ", BadInterval, "no hours are given"),
		("morning", BadInterval, "'morning': expected for example 08:00-12:00"),
		("08:00", BadInterval, "'08:00': expected"),
		("08:00-12", BadInterval, "'08:00-12': expected"),
		("08:60-12:00", BadInterval, "an hour has 60 minutes"),
		("08:00-25:00", BadInterval, "'08:00-25:00': a day has 24 hours"),
		("12:00-12:00", BadInterval, "'12:00-12:00': it is empty"),
		("22:00-06:00", BadInterval, "'22:00-06:00': it runs past midnight; write two intervals"),
		("08:00-12:00,11:30-17:00", OverlappingIntervals, "08:00-12:00 and 11:30-17:00"),
		("08:00-12:00,08:00-12:00", OverlappingIntervals, "08:00-12:00 and 08:00-12:00"),
	],
)
def test_hours_that_are_none_are_refused_with_the_reason(text, error, message):
	with pytest.raises(error, match=message):
		parse_hours(text)


def test_every_place_for_hours_is_checked():
	overlap = ((28800, 43200), (39600, 61200))
	for wrong in (
		lambda: make_rules(hours=overlap),
		lambda: make_rules(weekday_hours={0: overlap}),
		lambda: Weekend(None, frozenset({5}), {4: overlap}),
		lambda: Season("Ramadan", date(2026, 2, 18), date(2026, 3, 19), overlap),
		lambda: DayException(date(2026, 2, 18), overlap, "Inventory"),
	):
		with pytest.raises(OverlappingIntervals):
			wrong()


def test_hours_are_put_in_order():
	assert checked_hours([(46800, 61200), (28800, 43200)]) == ((28800, 43200), (46800, 61200))
	assert make_rules(hours=((46800, 61200), (28800, 43200))) == make_rules()


@pytest.mark.parametrize("zone", ["Asia/Riyad", "", "../etc/passwd", "Mars/Olympus"])
def test_unknown_time_zone_is_refused(zone):
	with pytest.raises(UnknownTimeZone, match="Unknown time zone"):
		make_rules(zone=zone)


def test_season_that_ends_before_it_begins_is_refused():
	with pytest.raises(BadSeason, match="Ramadan ends on 2026-02-18, before it begins on 2026-03-19"):
		Season("Ramadan", date(2026, 3, 19), date(2026, 2, 18), ())


def test_more_particular_rule_decides_about_a_date():
	hours = {
		name: ((n * 3600, n * 3600 + 60),) for n, name in enumerate(("usual", "weekday", "season", "half"))
	}
	rules = make_rules(
		hours=hours["usual"],
		weekday_hours={0: hours["weekday"]},
		weekends=(Weekend(None, frozenset({5}), {4: hours["half"]}),),
		seasons=(
			Season("Ramadan", date(2026, 3, 2), date(2026, 3, 8), hours["season"], estimated=True),
			Season("Summer", date(2026, 3, 8), date(2026, 3, 9), ()),
		),
		holidays=(Holiday(date(2026, 3, 4), "Eid", True), Holiday(date(2026, 3, 5), "Founding Day")),
		exceptions=(DayException(date(2026, 3, 5), (), "Moved office"),),
	)
	assert rules.day(date(2026, 3, 1)) == DayPlan(hours["usual"])
	assert rules.day(date(2026, 3, 2)) == DayPlan(hours["season"], "Ramadan", "season", True)
	assert rules.day(date(2026, 3, 4)) == DayPlan((), "Eid", "holiday", True)
	assert rules.day(date(2026, 3, 5)) == DayPlan((), "Moved office", "exception")
	assert rules.day(date(2026, 3, 6)) == DayPlan(hours["half"], "Half day", "half-day")
	assert rules.day(date(2026, 3, 7)) == DayPlan((), "Weekend", "weekend")
	assert rules.day(date(2026, 3, 8)) == DayPlan(hours["season"], "Ramadan", "season", True)
	assert rules.day(date(2026, 3, 9)) == DayPlan((), "Summer", "season")
	assert rules.day(date(2026, 3, 16)) == DayPlan(hours["weekday"])


def test_certain_holiday_decides_before_an_estimated_one_of_the_same_date():
	day = date(2026, 12, 25)
	rules = make_rules(holidays=(Holiday(day, "Isra'", True), Holiday(day, "Christmas")))
	assert rules.day(day) == DayPlan((), "Christmas", "holiday")


def test_before_the_first_weekend_in_force_every_day_is_worked():
	rules = make_rules(weekends=(Weekend(date(2026, 3, 7), frozenset({5})),))
	assert rules.day(date(2026, 2, 28)).kind == "working"
	assert rules.day(date(2026, 3, 7)).kind == "weekend"
