"""Counting whole columns: the same answers and the same refusals as counting one by one."""

from __future__ import annotations

import random

import pytest

from core_helpdesk.domain.errors import BadAmount, OutOfTable
from tests.domain.working_time_cases import at, make_calendar

pytest.importorskip("numpy")

HOUR = 3600


def test_long_columns_say_the_same_as_single_counts():
	calendar = make_calendar("2020-01-01", "2030-12-31", zone="Africa/Cairo")
	dice = random.Random(20260301)
	starts = [dice.randrange(calendar.first_epoch, calendar.last_epoch - 400 * 86_400) for _ in range(40_000)]
	lengths = [dice.randrange(200 * 86_400) for _ in starts]
	amounts = [dice.choice((0, dice.randrange(200 * HOUR))) for _ in starts]
	ends = [start + length for start, length in zip(starts, lengths, strict=True)]
	for column, single, second in (
		(calendar.elapsed_column, calendar.elapsed, ends),
		(calendar.add_column, calendar.add, amounts),
		(calendar.add_working_days_column, calendar.add_working_days, [amount % 90 for amount in amounts]),
	):
		expected = [single(start, value) for start, value in zip(starts, second, strict=True)]
		assert column(starts, second).tolist() == expected


def test_one_amount_serves_the_whole_column():
	calendar = make_calendar()
	starts = [at("2026-03-01 09:00"), at("2026-03-05 16:00")]
	assert calendar.add_column(starts, 2 * HOUR).tolist() == [at("2026-03-01 11:00"), at("2026-03-08 09:00")]
	assert calendar.add_working_days_column(starts, 1).tolist() == [
		at("2026-03-02 17:00"),
		at("2026-03-08 17:00"),
	]
	assert calendar.elapsed_column(starts, at("2026-03-05 17:00")).tolist() == [39 * HOUR, HOUR]


def test_empty_columns_stay_empty():
	assert make_calendar().add_column([], 5).tolist() == []
	assert make_calendar().elapsed_column([], []).tolist() == []


def test_last_interval_of_the_table_is_reached():
	calendar = make_calendar("2026-03-01", "2026-03-01", hours=((82_800, 86_400),))
	start, end = at("2026-03-01 00:00"), at("2026-03-02 00:00")
	assert calendar.elapsed_column([start, end], [end, end]).tolist() == [HOUR, 0]
	assert calendar.add_column([start], HOUR).tolist() == [end]
	assert calendar.add_working_days_column([start], 0).tolist() == [end]


def test_one_row_beyond_the_table_refuses_the_column():
	calendar = make_calendar("2026-01-01", "2026-12-31")
	inside, outside = at("2026-06-01 09:00"), at("2027-01-01 00:01")
	for question in (
		lambda: calendar.elapsed_column([inside, inside], [inside, outside]),
		lambda: calendar.add_column([inside, outside], 1),
		lambda: calendar.add_column([inside, inside], [1, 10_000 * HOUR]),
		lambda: calendar.add_working_days_column([inside, inside], [1, 300]),
	):
		with pytest.raises(OutOfTable, match="covers 2026-01-01 to 2026-12-31"):
			question()


def test_negative_amount_in_a_column_is_refused():
	with pytest.raises(BadAmount, match="-7"):
		make_calendar().add_column([at("2026-03-01 09:00")] * 2, [1, -7])
