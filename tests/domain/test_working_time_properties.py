"""Random calendars against the minute-by-minute oracle, and what must hold for every calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core_helpdesk.domain.errors import NoWorkingTime, OutOfTable
from core_helpdesk.domain.working_time import (
	CalendarRules,
	DayException,
	Holiday,
	Season,
	Weekend,
	WorkCalendar,
)
from tests.domain import brute_force_time

# Zones, each with a date near which its clock is changed.
CHANGES = [
	("Asia/Riyadh", date(2026, 3, 1)),
	("Africa/Cairo", date(2026, 4, 24)),
	("Africa/Cairo", date(2026, 10, 30)),
	("Asia/Amman", date(2021, 10, 29)),
	("Asia/Beirut", date(2026, 3, 29)),
	("Europe/Berlin", date(2026, 10, 25)),
	("Africa/Casablanca", date(2026, 2, 15)),
	("America/St_Johns", date(2010, 11, 7)),
	("Australia/Lord_Howe", date(2026, 4, 5)),
	("America/New_York", date(2026, 3, 8)),
	("Pacific/Apia", date(2011, 12, 30)),
	("Asia/Kathmandu", date(2026, 5, 1)),
]
MINUTE = 60
DAY = 86_400
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@st.composite
def some_hours(draw, least=0):
	edges = sorted(draw(st.sets(st.integers(0, 96), min_size=2 * least, max_size=8)))
	return tuple((begin * 900, end * 900) for begin, end in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def some_rules(draw):
	zone, changed = draw(st.sampled_from(CHANGES))

	def near():
		return st.integers(-6, 6).map(lambda n: changed + timedelta(days=n))

	weekdays = st.frozensets(st.integers(0, 6), max_size=3)
	half_days = st.dictionaries(st.integers(0, 6), some_hours(1), max_size=1)
	first = draw(near())
	return changed, CalendarRules(
		zone=zone,
		hours=draw(some_hours(1)),
		weekday_hours=draw(st.dictionaries(st.integers(0, 6), some_hours(), max_size=2)),
		weekends=(
			Weekend(None, draw(weekdays), draw(half_days)),
			Weekend(draw(near()), draw(weekdays), draw(half_days)),
		),
		seasons=(
			Season("Season", first, first + timedelta(days=draw(st.integers(0, 4))), draw(some_hours())),
		),
		holidays=tuple(Holiday(day, "Holiday") for day in draw(st.lists(near(), max_size=2))),
		exceptions=tuple(
			DayException(day, draw(some_hours()), "Exception") for day in draw(st.lists(near(), max_size=2))
		),
	)


@st.composite
def some_calendar(draw):
	"""A calendar of four weeks around a change of the clock, and the moment in the middle of it."""
	changed, rules = draw(some_rules())
	try:
		calendar = WorkCalendar.compile(rules, changed - timedelta(days=14), changed + timedelta(days=14))
	except NoWorkingTime:
		assume(False)
	middle = datetime(changed.year, changed.month, changed.day, tzinfo=timezone.utc)
	return calendar, int(middle.timestamp())


near_middle = st.integers(-5 * 1440, 3 * 1440).map(lambda minutes: minutes * MINUTE)
up_to_three_days = st.integers(0, 3 * 1440).map(lambda minutes: minutes * MINUTE)


@unhurried
@given(some_calendar(), near_middle, up_to_three_days)
def test_elapsed_time_is_what_the_local_clock_showed_minute_by_minute(drawn, offset, length):
	calendar, middle = drawn
	start = middle + offset
	expected = brute_force_time.elapsed(calendar.rules, start, start + length)
	assert calendar.elapsed(start, start + length) == expected


@unhurried
@given(some_calendar(), near_middle, st.integers(0, 1200).map(lambda minutes: minutes * MINUTE))
def test_due_moment_is_where_counting_minute_by_minute_ends(drawn, offset, seconds):
	calendar, middle = drawn
	start = middle + offset
	expected = brute_force_time.add(calendar.rules, start, seconds, start + 6 * DAY)
	assume(expected is not None)
	assert calendar.add(start, seconds) == expected


@settings(unhurried, max_examples=50)
@given(some_calendar(), near_middle, st.integers(0, 4))
def test_working_days_are_the_dates_on_which_somebody_works(drawn, offset, days):
	calendar, middle = drawn
	start = middle + offset
	expected = brute_force_time.add_working_days(calendar.rules, start, days, start + 6 * DAY)
	assume(expected is not None)
	assert calendar.add_working_days(start, days) == expected


@unhurried
@given(some_calendar(), st.integers(-12 * DAY, 8 * DAY), st.integers(1, 60 * 3600))
def test_adding_and_elapsed_time_are_inverse(drawn, offset, seconds):
	calendar, middle = drawn
	start = middle + offset
	try:
		due = calendar.add(start, seconds)
	except OutOfTable:
		assert calendar.elapsed(start, calendar.last_epoch) < seconds
		return
	assert calendar.elapsed(start, due) == seconds
	assert calendar.elapsed(start, due - 1) == seconds - 1


@unhurried
@given(some_calendar(), st.integers(-12 * DAY, 8 * DAY), st.integers(0, 20 * 3600), st.integers(0, 20 * 3600))
def test_counting_in_two_steps_is_counting_in_one(drawn, offset, first, second):
	calendar, middle = drawn
	start = middle + offset
	assume(calendar.elapsed(start, calendar.last_epoch) >= first + second)
	assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@unhurried
@given(some_calendar(), st.lists(st.integers(-12 * DAY, 12 * DAY), min_size=3, max_size=3).map(sorted))
def test_elapsed_time_adds_up_and_never_falls(drawn, offsets):
	calendar, middle = drawn
	start, between, end = (middle + offset for offset in offsets)
	whole = calendar.elapsed(start, end)
	assert whole == calendar.elapsed(start, between) + calendar.elapsed(between, end)
	assert 0 <= calendar.elapsed(start, between) <= whole <= end - start
	assert calendar.elapsed(end, start) == -whole


@unhurried
@given(some_calendar(), st.integers(-12 * DAY, 5 * DAY), st.integers(0, 5 * DAY), st.integers(0, 30 * 3600))
def test_later_start_is_never_due_earlier(drawn, offset, later, seconds):
	calendar, middle = drawn
	start = middle + offset
	assume(calendar.elapsed(start + later, calendar.last_epoch) >= seconds)
	assert calendar.add(start, seconds) <= calendar.add(start + later, seconds)


@unhurried
@given(some_calendar(), st.integers(-10 * DAY, 8 * DAY), st.integers(0, 4 * DAY))
def test_explanation_adds_up_to_what_was_counted(drawn, offset, length):
	calendar, middle = drawn
	start, end = middle + offset, middle + offset + length
	lines = calendar.explain(start, end)
	intervals = sorted(interval for line in lines for interval in line.counted)
	assert sum(line.seconds for line in lines) == calendar.elapsed(start, end)
	assert all(start <= begin < finish <= end for begin, finish in intervals)
	assert all(earlier[1] <= later[0] for earlier, later in pairwise(intervals))
	assert all(line.reason for line in lines if not line.counted)
	assert all(later.day - earlier.day == timedelta(days=1) for earlier, later in pairwise(lines))


@unhurried
@given(
	some_calendar(), st.lists(st.tuples(st.integers(-12 * DAY, 6 * DAY), st.integers(0, 6 * DAY)), min_size=1)
)
def test_columns_say_the_same_as_single_counts(drawn, rows):
	pytest.importorskip("numpy")
	calendar, middle = drawn
	starts = [middle + offset for offset, _ in rows]
	ends = [middle + offset + length for offset, length in rows]
	elapsed = [calendar.elapsed(start, end) for start, end in zip(starts, ends, strict=True)]
	assert calendar.elapsed_column(starts, ends).tolist() == elapsed
	assert calendar.add_column(starts, elapsed).tolist() == [
		calendar.add(start, seconds) for start, seconds in zip(starts, elapsed, strict=True)
	]
	days = [calendar.working_days(start, end) for start, end in zip(starts, ends, strict=True)]
	due = _each(calendar.add_working_days, starts, days)
	if due is None:
		with pytest.raises(OutOfTable):
			calendar.add_working_days_column(starts, days)
	else:
		assert calendar.add_working_days_column(starts, days).tolist() == due


def _each(count, starts, amounts):
	try:
		return [count(start, amount) for start, amount in zip(starts, amounts, strict=True)]
	except OutOfTable:
		return None
