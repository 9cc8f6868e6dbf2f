"""When reports are due and delivered: literal cases, what must hold for every schedule, and a slow second way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_helpdesk.domain.errors import NoWorkingTime
from core_helpdesk.domain.period import Period
from core_helpdesk.domain.report_schedule import Rhythm, Schedule, change_weekday, delivery_due, runs_due
from core_helpdesk.domain.working_time import DayException, Holiday, Weekend, parse_hours
from tests.domain import report_oracle
from tests.domain.report_cases import (
	DAY,
	HOUR,
	country,
	moments_near,
	some_calendar,
	some_schedule,
	unhurried,
)
from tests.domain.working_time_cases import at, make_calendar, shown

FRIDAY, SUNDAY = 4, 6
ALL_WEEK = frozenset(range(7))


def schedule(rhythm=Rhythm.DAILY, clock="07:00", zone="Asia/Riyadh", **facts):
	hours, minutes = map(int, clock.split(":"))
	return Schedule("report", rhythm, hours * HOUR + minutes * 60, ZoneInfo(zone), **facts)


def due_between(which, after, until, makers="SA"):
	zone = which.zone.key
	return runs_due(which, country(makers), at(after, zone), at(until, zone))


# The month, and when its report is made by Saudi Arabia's calendar.
MONTHS = [
	("2026-10", "2026-11-01 07:00", "the first is a Sunday"),
	("2026-04", "2026-05-03 07:00", "the first is a Friday"),
	("2026-07", "2026-08-02 07:00", "the first is a Saturday"),
	("2026-12", "2027-01-03 07:00", "the year before"),
	("2024-02", "2024-03-03 07:00", "a leap year"),
	("2026-02", "2026-03-01 07:00", "no leap year"),
	("2025-03", "2025-04-03 07:00", "after Eid, which ended on the second"),
	("2022-04", "2022-05-05 07:00", "after Eid, the whole of the week before a weekend"),
]


@pytest.mark.parametrize(("month", "due", "case"), MONTHS, ids=[case for *_, case in MONTHS])
def test_month_is_reported_on_the_first_working_day_after_it(month, due, case):
	first = date.fromisoformat(f"{month}-01")
	following = (first + timedelta(days=31)).replace(day=1)
	found = due_between(
		schedule(Rhythm.MONTHLY), f"{following} 00:00", f"{following + timedelta(days=27)} 00:00"
	)
	assert [(run.period_key, shown(run.due)) for run in found] == [(month, due)]
	assert found[0].period == Period(at(f"{first} 00:00"), at(f"{following} 00:00"))
	assert found[0].key == ("report", month)


def test_first_working_day_is_that_of_the_makers():
	asked = (schedule(Rhythm.MONTHLY), "2026-08-01 00:00", "2026-08-28 00:00")
	assert [shown(run.due) for run in due_between(*asked, makers="AE")] == ["2026-08-03 07:00"]
	assert [shown(run.due) for run in due_between(*asked, makers="SA")] == ["2026-08-02 07:00"]


WEEKS = [
	(SUNDAY, "2026-11-22", "2026-11-15..2026-11-21", "2026-11-22 07:00", "an ordinary week"),
	(0, "2026-11-23", "2026-11-16..2026-11-22", "2026-11-23 07:00", "another weekday"),
	(FRIDAY, "2026-11-20", "2026-11-13..2026-11-19", "2026-11-22 07:00", "set on a weekend"),
	(SUNDAY, "2025-03-30", "2025-03-23..2025-03-29", "2025-04-03 07:00", "over Eid"),
	(SUNDAY, "2027-01-03", "2026-12-27..2027-01-02", "2027-01-03 07:00", "over the new year"),
	(SUNDAY, "2024-03-03", "2024-02-25..2024-03-02", "2024-03-03 07:00", "over a leap day"),
]


@pytest.mark.parametrize(("weekday", "day", "key", "due", "case"), WEEKS, ids=[case for *_, case in WEEKS])
def test_week_is_reported_on_the_first_working_day_from_its_weekday_on(weekday, day, key, due, case):
	end = date.fromisoformat(day)
	found = due_between(
		schedule(Rhythm.WEEKLY, weekday=weekday), f"{day} 00:00", f"{end + timedelta(days=6)} 00:00"
	)
	assert [(run.period_key, shown(run.due)) for run in found] == [(key, due)]
	assert found[0].period == Period(at(f"{end - timedelta(days=7)} 00:00"), at(f"{day} 00:00"))


def test_weeks_of_a_feast_longer_than_a_week_are_due_together_the_older_first():
	feast = tuple(Holiday(date(2026, 11, 1) + timedelta(days=n), "Feast") for n in range(16))
	found = runs_due(
		schedule(Rhythm.WEEKLY),
		make_calendar(holidays=feast),
		at("2026-10-25 12:00"),
		at("2026-11-22 12:00"),
	)
	assert [(run.period_key[:10], shown(run.due)) for run in found] == [
		("2026-10-25", "2026-11-17 07:00"),
		("2026-11-01", "2026-11-17 07:00"),
		("2026-11-08", "2026-11-17 07:00"),
		("2026-11-15", "2026-11-22 07:00"),
	]


def test_day_is_reported_every_day_weekend_and_feast_included():
	found = due_between(schedule(), "2025-03-27 12:00", "2025-04-03 12:00")
	assert [(run.period_key, shown(run.due)) for run in found] == [
		("2025-03-27", "2025-03-28 07:00"),
		("2025-03-28", "2025-03-29 07:00"),
		("2025-03-29", "2025-03-30 07:00"),
		("2025-03-30", "2025-03-31 07:00"),
		("2025-03-31", "2025-04-01 07:00"),
		("2025-04-01", "2025-04-02 07:00"),
		("2025-04-02", "2025-04-03 07:00"),
	]
	assert found[0].period == Period(at("2025-03-27 00:00"), at("2025-03-28 00:00"))


@pytest.mark.parametrize(
	("after", "until", "expected"),
	[
		("2026-11-20 08:00", "2026-11-23 08:00", ["2026-11-20", "2026-11-21", "2026-11-22"]),
		("2026-11-20 06:59", "2026-11-20 07:00", ["2026-11-19"]),
		("2026-11-20 07:00", "2026-11-20 07:01", []),
		("2026-11-20 07:00", "2026-11-21 06:59", []),
		("2026-11-20 07:00", "2026-11-20 07:00", []),
		("2026-11-21 07:00", "2026-11-20 07:00", []),
		("2024-02-28 12:00", "2024-03-01 12:00", ["2024-02-28", "2024-02-29"]),
		("2026-12-31 06:00", "2027-01-01 08:00", ["2026-12-30", "2026-12-31"]),
	],
)
def test_runs_are_those_after_one_moment_until_another_however_long_nobody_asked(after, until, expected):
	assert [run.period_key for run in due_between(schedule(), after, until)] == expected


def test_seventy_two_hours_without_scheduler_lose_neither_week_nor_month():
	# From the last Thursday of January 2026 until Sunday, the first of February.
	asked = ("2026-01-29 08:00", "2026-02-01 08:00")
	keys = [run.period_key for rhythm in Rhythm for run in due_between(schedule(rhythm), *asked)]
	assert keys == ["2026-01-29", "2026-01-30", "2026-01-31", "2026-01-25..2026-01-31", "2026-01"]


CHANGED_CLOCKS = [
	("Africa/Cairo", "00:30", "2026-04-24", "2026-04-24 01:30", "left out after midnight"),
	("Africa/Cairo", "00:00", "2026-04-24", "2026-04-24 01:00", "midnight left out"),
	("Africa/Cairo", "01:00", "2026-04-24", "2026-04-24 01:00", "just after the hour left out"),
	("Africa/Cairo", "23:30", "2026-10-29", "2026-10-29 23:30", "repeated before midnight"),
	("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29 03:30", "left out at night"),
	("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25 02:30", "repeated at night"),
	("Asia/Amman", "00:30", "2021-10-29", "2021-10-29 00:30", "repeated after midnight"),
	("America/St_Johns", "00:00", "2010-11-07", "2010-11-07 00:00", "midnight repeated"),
]


@pytest.mark.parametrize(
	("zone", "clock", "day", "due", "case"), CHANGED_CLOCKS, ids=[case for *_, case in CHANGED_CLOCKS]
)
def test_changed_clock_makes_one_run_of_a_time_left_out_or_repeated(zone, clock, day, due, case):
	first = at(f"{day} 12:00", zone) - 3 * DAY
	found = runs_due(schedule(clock=clock, zone=zone), country("EG"), first, first + 6 * DAY)
	assert len(found) == 6
	reported = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
	assert [run.due for run in found if run.period_key == reported] == [at(due, zone)]


def test_run_of_a_date_that_is_over_again_for_an_hour_is_due_all_the_same():
	zone = "America/St_Johns"
	due = at("2010-11-07 00:00", zone)
	assert shown(due + 300, zone) == "2010-11-06 23:05"
	found = runs_due(schedule(clock="00:00", zone=zone), country("SA"), due - 60, due + 300)
	assert [(run.period_key, run.due) for run in found] == [("2010-11-06", due)]


def test_days_and_months_have_the_hours_that_they_have():
	def hours(rhythm, after, until):
		run = due_between(schedule(rhythm, zone="Africa/Cairo"), after, until, "EG")[0]
		return run.period_key, (run.period.end - run.period.start) / HOUR

	assert hours(Rhythm.DAILY, "2026-04-25 00:00", "2026-04-25 12:00") == ("2026-04-24", 23)
	assert hours(Rhythm.DAILY, "2026-10-30 00:00", "2026-10-30 12:00") == ("2026-10-29", 25)
	assert hours(Rhythm.MONTHLY, "2026-05-01 00:00", "2026-05-20 00:00") == ("2026-04", 30 * 24 - 1)
	assert hours(Rhythm.MONTHLY, "2026-11-01 00:00", "2026-11-20 00:00") == ("2026-10", 31 * 24 + 1)
	assert hours(Rhythm.WEEKLY, "2026-04-26 00:00", "2026-05-01 00:00") == ("2026-04-19..2026-04-25", 167)


# When it is due in Riyadh, whose it is, and when it is delivered by that country's clock.
DELIVERIES = [
	("2026-11-22 07:00", "SA", "2026-11-22 07:00", "Sunday, a working day"),
	("2026-11-22 07:00", "EG", "2026-11-22 06:00", "at once, by the clock of Cairo"),
	("2026-11-22 07:00", "AE", "2026-11-23 07:00", "Sunday is a day off in the UAE"),
	("2026-11-20 07:00", "SA", "2026-11-22 07:00", "Friday is a day off in Saudi Arabia"),
	("2026-11-20 07:00", "EG", "2026-11-22 07:00", "Friday is a day off in Egypt"),
	("2026-11-20 07:00", "AE", "2026-11-20 08:00", "Friday is a half day in the UAE"),
	("2026-11-21 07:00", "AE", "2026-11-23 07:00", "Saturday is a day off in the UAE"),
	("2025-03-30 07:00", "SA", "2025-04-03 07:00", "Eid in Saudi Arabia"),
	("2025-04-03 07:00", "SA", "2025-04-03 07:00", "the day after Eid"),
	("2026-09-23 07:00", "SA", "2026-09-24 07:00", "National Day of Saudi Arabia"),
	("2026-09-23 07:00", "EG", "2026-09-23 07:00", "no holiday elsewhere"),
	("2026-12-31 07:00", "SA", "2026-12-31 07:00", "the last day of the year"),
	("2027-01-01 07:00", "AE", "2027-01-04 07:00", "New Year and the weekend after it"),
]


@pytest.mark.parametrize(
	("due", "code", "expected", "case"), DELIVERIES, ids=[case for *_, case in DELIVERIES]
)
def test_report_is_delivered_on_a_working_day_of_the_recipient(due, code, expected, case):
	calendar = country(code)
	delivered = delivery_due(schedule(), at(due), calendar)
	assert shown(delivered, calendar.rules.zone) == expected


def test_day_of_a_recipient_is_that_of_their_own_clock():
	# Half past midnight on Sunday in Riyadh is still Saturday in Cairo.
	delivered = delivery_due(schedule(clock="00:30"), at("2026-11-22 00:30"), country("EG"))
	assert shown(delivered, "Africa/Cairo") == "2026-11-22 00:30"
	assert shown(delivered) == "2026-11-22 01:30"


def test_set_time_left_out_where_the_recipient_is_comes_later():
	# Waits over a holiday on Thursday for a Friday that has no 00:30, in a country that works on Fridays.
	calendar = make_calendar(
		zone="Africa/Cairo", weekends=(), holidays=(Holiday(date(2026, 4, 23), "Holiday"),)
	)
	delivered = delivery_due(schedule(clock="00:30"), at("2026-04-23 07:00"), calendar)
	assert shown(delivered, "Africa/Cairo") == "2026-04-24 01:30"


def test_report_that_is_ready_in_a_repeated_hour_is_not_delivered_before():
	zone = "America/St_Johns"
	calendar = make_calendar("2010-01-01", "2010-12-31", zone=zone, weekends=(Weekend(None, frozenset({5})),))
	# Saturday's last hour for the second time; Sunday had begun before it.
	ready = at("2010-11-06 23:30", zone, fold=1)
	assert at("2010-11-07 00:00", zone) < ready
	assert delivery_due(schedule(clock="00:00"), ready, calendar) == ready


def test_daily_report_to_those_who_want_it_every_day_waits_for_no_working_day():
	daily = schedule(every_day=True)
	for day in ("2026-11-20", "2026-11-21", "2025-03-30"):
		assert delivery_due(daily, at(f"{day} 07:00"), country("SA")) == at(f"{day} 07:00")


def test_missed_run_that_is_made_up_on_a_day_off_waits_for_the_next_working_day():
	made_up = at("2026-11-20 15:00")
	assert shown(delivery_due(schedule(), made_up, country("SA"))) == "2026-11-22 07:00"
	assert delivery_due(schedule(), at("2026-11-19 15:00"), country("SA")) == at("2026-11-19 15:00")


def feast_from(day):
	first = date.fromisoformat(day)
	return make_calendar(
		holidays=tuple(Holiday(first + timedelta(days=n), "Eid", estimated=True) for n in range(3))
	)


def test_holiday_confirmed_on_another_date_moves_runs_and_deliveries():
	monthly = schedule(Rhythm.MONTHLY)
	asked = (at("2026-10-20 00:00"), at("2026-11-20 00:00"))
	expected, confirmed = feast_from("2026-11-01"), feast_from("2026-11-02")
	assert [shown(run.due) for run in runs_due(monthly, expected, *asked)] == ["2026-11-04 07:00"]
	assert [shown(run.due) for run in runs_due(monthly, confirmed, *asked)] == ["2026-11-01 07:00"]
	assert shown(delivery_due(monthly, at("2026-11-03 07:00"), expected)) == "2026-11-04 07:00"
	assert shown(delivery_due(monthly, at("2026-11-03 07:00"), confirmed)) == "2026-11-05 07:00"


@pytest.mark.parametrize("days", [("2026-11-01", "2026-11-02"), ("2026-11-02", "2026-11-01")])
def test_holiday_confirmed_between_two_questions_loses_no_run_and_repeats_none(days):
	monthly, ledger = schedule(Rhythm.MONTHLY), []
	for hour in range(10 * 24):
		now = at("2026-10-28 00:00") + hour * HOUR
		calendar = feast_from(days[now >= at("2026-11-01 20:00")])
		due = runs_due(monthly, calendar, now - 14 * DAY, now)
		ledger += [run.key for run in due if run.key not in ledger]
	assert ledger == [("report", "2026-10")]


def test_calendar_in_which_nobody_works_any_more_is_refused():
	once = DayException(date(2025, 1, 1), parse_hours("08:00-12:00"), "Opening")
	calendar = make_calendar(weekends=(Weekend(None, ALL_WEEK),), exceptions=(once,))
	with pytest.raises(NoWorkingTime):
		runs_due(schedule(Rhythm.MONTHLY), calendar, at("2026-10-01 00:00"), at("2026-11-20 00:00"))
	with pytest.raises(NoWorkingTime):
		delivery_due(schedule(), at("2026-10-01 07:00"), calendar)
	assert len(runs_due(schedule(), calendar, at("2026-10-01 08:00"), at("2026-10-02 08:00"))) == 1


def test_single_working_day_within_a_year_is_found():
	once = DayException(date(2026, 10, 31), parse_hours("08:00-12:00"), "Opening")
	calendar = make_calendar(weekends=(Weekend(None, ALL_WEEK),), exceptions=(once,))
	assert shown(delivery_due(schedule(), at("2025-10-30 07:00"), calendar)) == "2026-10-31 07:00"


@unhurried
@given(st.data())
def test_runs_are_those_of_the_oracle(data):
	near, drawn = data.draw(some_schedule())
	makers = data.draw(some_calendar(near))
	after, *_, until = moments_near(data.draw, near, 2)
	found = runs_due(drawn, makers, after, until)
	assert [(run.report, *run.period, run.period_key, run.due) for run in found] == [
		tuple(run) for run in report_oracle.runs(drawn, makers.rules, after, until)
	]


@unhurried
@given(st.data())
def test_no_run_is_lost_or_made_twice_however_time_is_cut_into_pieces(data):
	near, drawn = data.draw(some_schedule())
	makers = data.draw(some_calendar(near))
	cuts = moments_near(data.draw, near, 3)
	whole = runs_due(drawn, makers, cuts[0], cuts[-1])
	assert [run for after, until in pairwise(cuts) for run in runs_due(drawn, makers, after, until)] == whole
	assert len({run.key for run in whole}) == len(whole)
	assert all(earlier.period.end == later.period.start for earlier, later in pairwise(whole))
	assert all(run.period.start < run.period.end <= run.due for run in whole)


@unhurried
@given(st.data())
def test_deliveries_are_those_of_the_oracle_on_working_days_and_never_before_the_run(data):
	near, drawn = data.draw(some_schedule())
	recipient = data.draw(some_calendar(near))
	zone = recipient.rules.timezone
	for ready in moments_near(data.draw, near, 3):
		delivered = delivery_due(drawn, ready, recipient)
		assert delivered == report_oracle.delivered(drawn, ready, recipient.rules)
		assert delivered >= ready
		assert drawn.every_day or recipient.rules.day(datetime.fromtimestamp(delivered, zone).date()).hours


# --- Another weekday

# Weeks end before Sunday; on these dates another weekday was chosen. Then the first of the following periods' days.
CHANGED = [
	([("2026-04-07", 2)], ["05", "12", "15", "22"], "in the midst of a week"),
	([("2026-04-05", 2)], ["05", "12", "15", "22"], "on the day on which one begins"),
	([("2026-04-11", 0), ("2026-04-12", 6)], ["05", "12", "13", "19"], "there and back across the end of a week"),
	([("2026-04-07", 0), ("2026-04-08", 6)], ["05", "12", "19", "26"], "there and back within a week"),
	([("2026-04-07", 0), ("2026-04-08", 3)], ["05", "12", "16", "23"], "twice within a week"),
	([("2026-04-07", 2), ("2026-04-13", 6)], ["05", "12", "15", "19"], "before the first week of its own began"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "starts", "case"), CHANGED, ids=[case for *_, case in CHANGED])
def test_another_weekday_begins_where_the_running_week_ends(changes, starts, case):
	which = schedule(Rhythm.WEEKLY, clock="00:00")
	for day, weekday in changes:
		which = change_weekday(which, weekday, date.fromisoformat(day))
	found = runs_due(which, make_calendar(weekends=()), at("2026-04-05 12:00"), at("2026-05-05 12:00"))
	assert [run.period_key[8:10] for run in found][:4] == starts


@unhurried
@given(
	st.integers(0, 6),
	st.dictionaries(
		st.integers(0, 40).map(lambda n: date(2026, 3, 1) + n * timedelta(days=1)), st.integers(0, 6)
	),
)
def test_every_day_belongs_to_one_week_however_often_the_weekday_is_changed(weekday, wishes):
	which = schedule(Rhythm.WEEKLY, clock="00:00", weekday=weekday)
	for day in sorted(wishes):
		which = change_weekday(which, wishes[day], day)
	found = runs_due(which, make_calendar(weekends=()), at("2026-03-01 12:00"), at("2026-05-10 12:00"))
	assert all(earlier.period.end == later.period.start for earlier, later in pairwise(found))
	ends = report_oracle.week_ends(date(2026, 2, 22), date(2026, 5, 10), weekday, wishes)
	assert [date.fromisoformat(run.period_key[:10]) for run in found] == [
		start for start, end in pairwise(ends) if date(2026, 3, 1) < end <= date(2026, 5, 10)
	]
	assert len(which.weekdays) <= len(wishes)
