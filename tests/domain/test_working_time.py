"""Literal cases of counting working time: shifts, breaks, days off, seasons, changes of the clock."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from core_helpdesk.domain.errors import BadAmount, NoWorkingTime, OutOfTable
from core_helpdesk.domain.working_time import (
	ELAPSED,
	DayException,
	Holiday,
	Season,
	Weekend,
	WorkCalendar,
	parse_hours,
)
from tests.domain.working_time_cases import SATURDAY_SUNDAY, at, make_calendar, make_rules, shown

HOUR = 3600

# 2026-03-01 is a Sunday: with Friday and Saturday off, the first day of the working week.
COUNTED = [
	("2026-03-01 09:00", 2 * HOUR, "2026-03-01 11:00", "within the morning"),
	("2026-03-01 09:00", 3 * HOUR, "2026-03-01 12:00", "complete exactly when the break begins"),
	("2026-03-01 09:00", 3 * HOUR + 60, "2026-03-01 13:01", "over the break"),
	("2026-03-01 09:00", 7 * HOUR, "2026-03-01 17:00", "complete exactly at closing time"),
	("2026-03-01 09:00", 8 * HOUR, "2026-03-02 09:00", "over night"),
	("2026-03-01 06:30", 8 * HOUR, "2026-03-01 17:00", "from before opening"),
	("2026-03-01 12:00", 4 * HOUR, "2026-03-01 17:00", "from the moment the break begins"),
	("2026-03-01 12:30", HOUR, "2026-03-01 14:00", "from within the break"),
	("2026-03-01 17:00", HOUR, "2026-03-02 09:00", "from closing time"),
	("2026-03-02 00:00", HOUR, "2026-03-02 09:00", "from midnight"),
	("2026-03-05 16:00", 2 * HOUR, "2026-03-08 09:00", "over the weekend"),
	("2026-03-06 10:00", 8 * HOUR, "2026-03-08 17:00", "from a day off"),
	("2026-03-01 08:00", 40 * HOUR, "2026-03-05 17:00", "a whole week"),
	("2026-03-01 08:00", 41 * HOUR, "2026-03-08 09:00", "a week and an hour"),
]


@pytest.mark.parametrize(("start", "seconds", "due", "case"), COUNTED, ids=[case for *_, case in COUNTED])
def test_count_is_due_when_its_last_second_has_been_worked(start, seconds, due, case):
	calendar = make_calendar()
	assert shown(calendar.add(at(start), seconds)) == due
	assert calendar.elapsed(at(start), at(due)) == seconds


@pytest.mark.parametrize(
	"start", ["2026-03-01 09:00", "2026-03-01 12:30", "2026-03-06 10:00", "2026-03-01 17:00"]
)
def test_nothing_to_count_is_complete_at_once_whatever_the_hour(start):
	assert make_calendar().add(at(start), 0) == at(start)


def test_elapsed_time_of_no_length_is_nothing_and_backwards_is_negative():
	calendar = make_calendar()
	assert calendar.elapsed(at("2026-03-01 09:00"), at("2026-03-01 09:00")) == 0
	assert calendar.elapsed(at("2026-03-01 11:00"), at("2026-03-01 09:00")) == -2 * HOUR


def test_holiday_is_not_counted():
	calendar = make_calendar(holidays=(Holiday(date(2026, 3, 2), "Founding Day"),))
	assert shown(calendar.add(at("2026-03-01 16:00"), 2 * HOUR)) == "2026-03-03 09:00"


def test_exception_makes_a_working_day_of_a_weekend_day_and_of_a_holiday():
	calendar = make_calendar(
		holidays=(Holiday(date(2026, 3, 2), "Founding Day"),),
		exceptions=(
			DayException(date(2026, 3, 2), parse_hours("10:00-11:00"), "Stocktaking"),
			DayException(date(2026, 3, 6), parse_hours("09:00-10:00"), "Stocktaking"),
		),
	)
	assert shown(calendar.add(at("2026-03-01 17:00"), HOUR)) == "2026-03-02 11:00"
	assert shown(calendar.add(at("2026-03-05 17:00"), HOUR)) == "2026-03-06 10:00"


def test_exception_without_hours_is_a_day_off():
	calendar = make_calendar(exceptions=(DayException(date(2026, 3, 2), (), "Removal"),))
	assert shown(calendar.add(at("2026-03-01 17:00"), HOUR)) == "2026-03-03 09:00"


def test_season_has_its_own_hours_on_its_first_and_last_day():
	ramadan = Season("Ramadan", date(2026, 2, 18), date(2026, 3, 19), parse_hours("10:00-15:00"))
	calendar = make_calendar(seasons=(ramadan,))
	assert shown(calendar.add(at("2026-02-17 16:00"), 2 * HOUR)) == "2026-02-18 11:00"
	assert shown(calendar.add(at("2026-03-19 14:00"), 2 * HOUR)) == "2026-03-22 09:00"


def test_half_day_closes_early_also_in_a_season():
	calendar = make_calendar(
		zone="Asia/Dubai",
		weekends=(Weekend(None, frozenset({5, 6}), {4: parse_hours("08:00-12:00")}),),
		seasons=(Season("Ramadan", date(2026, 2, 18), date(2026, 3, 19), parse_hours("09:00-16:00")),),
	)
	# 2026-04-03 is a Friday after Ramadan, 2026-03-06 one within it.
	assert (
		shown(calendar.add(at("2026-04-03 11:00", "Asia/Dubai"), 2 * HOUR), "Asia/Dubai")
		== "2026-04-06 09:00"
	)
	assert (
		shown(calendar.add(at("2026-03-06 11:00", "Asia/Dubai"), 2 * HOUR), "Asia/Dubai")
		== "2026-03-09 10:00"
	)


def test_weekday_has_its_own_hours():
	calendar = make_calendar(weekday_hours={3: parse_hours("08:00-10:00"), 0: ()})
	assert shown(calendar.add(at("2026-03-05 09:00"), 2 * HOUR)) == "2026-03-08 09:00"
	assert shown(calendar.add(at("2026-03-08 17:00"), HOUR)) == "2026-03-10 09:00"


def test_weekend_changes_on_the_date_of_the_law():
	# Saudi Arabia, 2013: Thursday 06-27 is the last Thursday off, Saturday 06-29 the first Saturday off.
	weekends = (Weekend(None, frozenset({3, 4})), Weekend(date(2013, 6, 28), frozenset({4, 5})))
	calendar = make_calendar("2013-01-01", "2013-12-31", weekends=weekends)
	assert shown(calendar.add(at("2013-06-19 17:00"), HOUR)) == "2013-06-22 09:00"
	assert shown(calendar.add(at("2013-06-26 17:00"), HOUR)) == "2013-06-30 09:00"
	assert shown(calendar.add(at("2013-07-03 17:00"), HOUR)) == "2013-07-04 09:00"


def test_shift_over_midnight_is_two_intervals_without_a_gap():
	calendar = make_calendar(hours=parse_hours("22:00-24:00,00:00-06:00"), weekends=())
	assert shown(calendar.add(at("2026-03-01 23:00"), 2 * HOUR)) == "2026-03-02 01:00"
	assert shown(calendar.add(at("2026-03-01 22:00"), 8 * HOUR)) == "2026-03-02 06:00"


def test_round_the_clock_counts_like_absolute_time():
	calendar = make_calendar(hours=parse_hours("00:00-24:00"), weekends=())
	start = at("2026-03-01 23:17")
	assert calendar.add(start, 100 * HOUR) == ELAPSED.add(start, 100 * HOUR)
	assert calendar.elapsed(start, start + 987_654) == ELAPSED.elapsed(start, start + 987_654)


def test_many_short_intervals_a_day_are_each_counted():
	every_hour = tuple((hour * HOUR, hour * HOUR + 600) for hour in range(24))
	calendar = make_calendar(hours=every_hour, weekends=())
	assert calendar.elapsed(at("2026-03-01 00:00"), at("2026-03-02 00:00")) == 24 * 600
	assert shown(calendar.add(at("2026-03-01 00:00"), 12 * 600)) == "2026-03-01 11:10"


# The night in which the clock is changed, with a shift from 22:00 to 06:00: (zone, evening, true length).
NIGHTS = [
	("Africa/Cairo", "2026-04-23", 7, "Egypt forward at midnight"),
	("Africa/Cairo", "2026-10-29", 9, "Egypt back at midnight"),
	("Asia/Amman", "2022-02-24", 7, "Jordan forward at midnight, for the last time"),
	("Asia/Amman", "2021-10-28", 9, "Jordan back"),
	("Asia/Amman", "2022-10-27", 8, "Jordan stays on summer time"),
	("Asia/Beirut", "2026-03-28", 7, "Lebanon forward at midnight"),
	("Asia/Beirut", "2026-10-24", 9, "Lebanon back"),
	("Europe/Berlin", "2026-03-28", 7, "Europe forward"),
	("Europe/Berlin", "2026-10-24", 9, "Europe back"),
	("Asia/Riyadh", "2026-03-28", 8, "no change of the clock"),
]


@pytest.mark.parametrize(("zone", "evening", "hours", "case"), NIGHTS, ids=[case for *_, case in NIGHTS])
def test_night_in_which_the_clock_is_changed_has_its_true_length(zone, evening, hours, case):
	year = evening[:4]
	night = parse_hours("22:00-24:00,00:00-06:00")
	calendar = make_calendar(f"{year}-01-01", f"{year}-12-31", zone=zone, hours=night, weekends=())
	assert (
		calendar.elapsed(at(f"{evening} 22:00", zone), at(f"{evening} 22:00", zone) + 12 * HOUR)
		== hours * HOUR
	)


def test_opening_hours_follow_the_local_clock_through_the_year():
	calendar = make_calendar(zone="Africa/Cairo", hours=parse_hours("09:00-17:00"))
	assert calendar.add(at("2026-04-23 17:00", "Africa/Cairo"), HOUR) == at(
		"2026-04-26 10:00", "Africa/Cairo"
	)
	# The night lost an hour, so there was one hour less to wait.
	closing, opening = at("2026-04-23 17:00", "Africa/Cairo"), at("2026-04-26 09:00", "Africa/Cairo")
	assert opening - closing == (64 - 1) * HOUR


def test_interval_in_the_hour_left_out_has_no_length():
	calendar = make_calendar(zone="Europe/Berlin", hours=parse_hours("02:00-03:00,08:00-09:00"), weekends=())
	sunday = at("2026-03-29 00:00", "Europe/Berlin")
	assert calendar.elapsed(sunday, at("2026-03-30 00:00", "Europe/Berlin")) == HOUR


def test_interval_in_the_repeated_hour_counts_both_times():
	zone = "Europe/Berlin"
	calendar = make_calendar(zone=zone, hours=parse_hours("02:15-02:45"), weekends=())
	sunday, monday = at("2026-10-25 00:00", zone), at("2026-10-26 00:00", zone)
	assert calendar.elapsed(sunday, monday) == 2 * 1800
	assert calendar.add(sunday, 1800) == at("2026-10-25 02:45", zone)
	assert calendar.add(sunday, 1800 + 60) == at("2026-10-25 02:16", zone, fold=1)


def test_date_that_a_country_left_out_has_no_working_time():
	# Samoa went from Thursday 2011-12-29 straight to Saturday 2011-12-31.
	zone = "Pacific/Apia"
	calendar = make_calendar("2011-12-01", "2012-01-31", zone=zone, weekends=SATURDAY_SUNDAY)
	assert calendar.add(at("2011-12-29 16:00", zone), 2 * HOUR) == at("2012-01-02 09:00", zone)
	assert calendar.add_working_days(at("2011-12-29 10:00", zone), 1) == at("2012-01-02 17:00", zone)


def test_calendar_without_working_time_is_refused():
	with pytest.raises(NoWorkingTime, match="no working time from 2026-01-01 to 2026-01-31") as refused:
		make_calendar("2026-01-01", "2026-01-31", weekends=(Weekend(None, frozenset(range(7))),))
	assert refused.value.first == date(2026, 1, 1)


def test_moments_and_counts_beyond_the_table_are_refused():
	calendar = make_calendar("2026-01-01", "2026-12-31")
	inside, outside = at("2026-12-31 09:00"), at("2027-01-01 00:01")
	for question in (
		lambda: calendar.add(inside, 100 * HOUR),
		lambda: calendar.add(outside, HOUR),
		lambda: calendar.add(at("2025-12-31 23:59"), 0),
		lambda: calendar.elapsed(inside, outside),
		lambda: calendar.elapsed(outside, inside),
		lambda: calendar.elapsed(at("2025-12-31 23:59"), inside),
		lambda: calendar.add_working_days(inside, 1),
		lambda: calendar.working_days(inside, outside),
		lambda: calendar.explain(inside, outside),
		lambda: make_calendar("2026-12-31", "2026-01-01"),
	):
		with pytest.raises(OutOfTable, match="covers"):
			question()
	assert calendar.elapsed(inside, at("2027-01-01 00:00")) == 7 * HOUR


def test_time_is_not_counted_backwards():
	calendar = make_calendar()
	with pytest.raises(BadAmount, match="Cannot count -1: time cannot be counted backwards"):
		calendar.add(at("2026-03-01 09:00"), -1)
	with pytest.raises(BadAmount, match="Cannot count -2: days cannot be counted backwards"):
		calendar.add_working_days(at("2026-03-01 09:00"), -2)


def test_calendar_survives_being_sent_to_another_process():
	calendar = make_calendar()
	copy = pickle.loads(pickle.dumps(calendar))
	assert copy.add(at("2026-03-01 09:00"), 8 * HOUR) == calendar.add(at("2026-03-01 09:00"), 8 * HOUR)


def test_equal_rules_are_one_key_of_a_cache():
	first, second = make_rules(weekday_hours={0: ()}), make_rules(weekday_hours={0: ()})
	assert first == second
	assert hash(first) == hash(second)
	assert make_rules() != first
	assert WorkCalendar.compile(first, date(2026, 1, 1), date(2026, 1, 31)).rules is first
