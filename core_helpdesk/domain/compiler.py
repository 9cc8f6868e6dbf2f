"""Turns the rules of a calendar into tables of integers.

All time zones, daylight saving and history end here; imports the standard library only.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.calendar_rules import DAY
from core_helpdesk.domain.errors import NoWorkingTime, OutOfTable

if TYPE_CHECKING:
	from collections.abc import Iterator
	from zoneinfo import ZoneInfo

	from core_helpdesk.domain.calendar_rules import CalendarRules

BUCKET_BITS = 14
"""A bucket has 2**14 seconds, four and a half hours: in most calendars one interval at most ends in it."""

BEYOND = 1 << 62
"""Later than every moment of a table."""

PROBE = 4 * DAY
"""No zone changed its clock twice within less than a week since 1970."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Tables(NamedTuple):
	"""A compiled calendar: lists over its working intervals and working days, in order, and where to start looking.

	A moment within an interval, less `idle`, is the working time until then. The `first_` lists have an entry for
	each bucket: of time since `origin`, or for `first_total` of working time.
	"""

	origin: int
	limit: int
	ends: list[int]  # when the interval ends; a sentinel follows the last
	idle: list[int]  # its beginning less `worked`; a sentinel
	worked: list[int]  # seconds worked before it begins; then the seconds of the whole table
	totals: list[int]  # seconds worked when it ends
	closings: list[int]  # when the working day ends; a sentinel
	first_end: list[int]  # the place in `ends` of the first one after the bucket's beginning
	first_total: list[int]  # the place in `totals` of the first one not below the bucket's beginning
	first_closing: list[int]  # the place in `closings` of the first one after the bucket's beginning


def build_tables(rules: CalendarRules, first: date, last: date) -> Tables:
	"""The tables for the local dates from `first` to `last`, both included.

	Raises: OutOfTable if `last` is before `first`, NoWorkingTime if nobody works on any of the dates.
	"""
	if last < first:
		raise OutOfTable(first, last)
	origin = midnight(rules.timezone, first)
	limit = midnight(rules.timezone, last + timedelta(days=1))
	ends, idle, totals, closings = _added_up(rules, origin, limit)
	if not totals:
		raise NoWorkingTime(first, last)
	buckets = (limit - origin >> BUCKET_BITS) + 1
	return Tables(
		origin,
		limit,
		ends=[*ends, BEYOND],
		idle=[*idle, BEYOND],
		worked=[0, *totals],
		totals=totals,
		closings=[*closings, BEYOND],
		first_end=_first_beyond(ends, origin, buckets),
		first_total=_first_beyond(totals, -1, (totals[-1] >> BUCKET_BITS) + 1),
		first_closing=_first_beyond(closings, origin, buckets),
	)


def _added_up(rules: CalendarRules, origin: int, limit: int) -> tuple[list[int], ...]:
	ends, idle, totals, total = [], [], [], 0
	closing_of: dict[int, int] = {}
	for day, begin, end in pieces(rules, origin, limit):
		ends.append(end)
		idle.append(begin - total)
		total += end - begin
		totals.append(total)
		closing_of[day] = end
	return ends, idle, totals, sorted(closing_of.values())


def _first_beyond(values: list[int], origin: int, buckets: int) -> list[int]:
	"""For each bucket since `origin` the index of the first value after the bucket's beginning."""
	indices: list[int] = []
	for index, value in enumerate(values):
		missing = (value - origin - 1 >> BUCKET_BITS) + 1 - len(indices)
		if missing > 0:
			indices += [index] * missing
	return indices + [len(values)] * (buckets - len(indices))


def pieces(rules: CalendarRules, origin: int, limit: int) -> Iterator[tuple[int, int, int]]:
	"""The working time from `origin` to `limit` in order, as (local date, begin, end) without a break.

	A moment is working time if the local clock then shows working hours of the local date. So the hour that a
	change of the clock leaves out has no length, and the hour that is repeated counts twice.

	Units: epoch seconds; the local date as days since 1970-01-01.
	"""
	for begin, end, offset in offsets(rules.timezone, origin, limit):
		for day in range((begin + offset) // DAY, (end + offset - 1) // DAY + 1):
			start_of_day = day * DAY - offset
			for opening, closing in rules.day(local_date(day)).hours:
				opens = max(start_of_day + opening, begin)
				closes = min(start_of_day + closing, end)
				if opens < closes:
					yield day, opens, closes


def offsets(zone: ZoneInfo, origin: int, limit: int) -> Iterator[tuple[int, int, int]]:
	"""The stretches (begin, end, seconds ahead of UTC) during which the local clock is not changed."""
	begin, offset = origin, utc_offset(zone, origin)
	for before, after in pairwise([*range(origin, limit, PROBE), limit]):
		later = utc_offset(zone, after)
		if later != offset:
			change = _change_of_clock(zone, before, after)
			yield begin, change, offset
			begin, offset = change, later
	if begin < limit:
		yield begin, limit, offset


def _change_of_clock(zone: ZoneInfo, before: int, after: int) -> int:
	later = utc_offset(zone, after)
	while after - before > 1:
		middle = (before + after) // 2
		if utc_offset(zone, middle) == later:
			after = middle
		else:
			before = middle
	return after


def utc_offset(zone: ZoneInfo, at: int) -> int:
	"""How far the local clock is ahead of UTC at a moment.

	Units: seconds.
	"""
	ahead = (_EPOCH + timedelta(seconds=at)).astimezone(zone).utcoffset()
	return ahead.days * DAY + ahead.seconds if ahead else 0


def midnight(zone: ZoneInfo, day: date) -> int:
	"""The moment at which a local date begins.

	Units: epoch seconds.
	"""
	return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def local_date(day: int) -> date:
	"""The date that is `day` days after 1970-01-01."""
	return date.fromordinal(_EPOCH.toordinal() + day)
