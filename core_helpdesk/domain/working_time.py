"""Counts time: absolute time, and the working time of a calendar.

All moments are integer seconds since the epoch (UTC), all intervals half-open: [start, end).
Imports the standard library only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from core_helpdesk.domain.calendar_rules import (
	CalendarRules,
	DayException,
	DayPlan,
	Holiday,
	Hours,
	Season,
	Weekend,
	format_hours,
	parse_hours,
)
from core_helpdesk.domain.compiler import BUCKET_BITS, Tables, build_tables
from core_helpdesk.domain.errors import BadAmount, OutOfTable
from core_helpdesk.domain.explanation import DayLine, explain, explain_working_days

if TYPE_CHECKING:
	from datetime import date

	from core_helpdesk.domain.columns import ArrayLike, Column, Columns

__all__ = [
	"ELAPSED",
	"CalendarRules",
	"DayException",
	"DayLine",
	"DayPlan",
	"Holiday",
	"Hours",
	"Season",
	"Timer",
	"Weekend",
	"WorkCalendar",
	"format_hours",
	"parse_hours",
]


class Timer(Protocol):
	"""A way of counting time."""

	def add(self, start: int, seconds: int) -> int:
		"""The moment when `seconds` have been counted since `start`."""
		...

	def elapsed(self, start: int, end: int) -> int:
		"""The seconds counted in [start, end)."""
		...


class _ElapsedTime:
	__slots__ = ()

	def add(self, start: int, seconds: int) -> int:
		return start + seconds

	def elapsed(self, start: int, end: int) -> int:
		return end - start


ELAPSED: Timer = _ElapsedTime()
"""Counts absolute time: day and night, weekend and holiday.

Policy: TSM-08
"""


class WorkCalendar:
	"""A calendar compiled for a range of dates; counts its working time at the same cost for any distance."""

	__slots__ = (
		"_closings",
		"_columns",
		"_ends",
		"_first_closing",
		"_first_end",
		"_first_total",
		"_idle",
		"_tables",
		"_total",
		"_totals",
		"_worked",
		"first_day",
		"first_epoch",
		"last_day",
		"last_epoch",
		"rules",
	)

	def __init__(self, rules: CalendarRules, first: date, last: date, tables: Tables) -> None:
		self.rules = rules
		self.first_day = first
		self.last_day = last
		self.first_epoch = tables.origin
		self.last_epoch = tables.limit
		self._idle = tables.idle
		self._ends = tables.ends
		self._worked = tables.worked
		self._totals = tables.totals
		self._total = tables.totals[-1]
		self._closings = tables.closings
		self._first_end = tables.first_end
		self._first_total = tables.first_total
		self._first_closing = tables.first_closing
		self._tables = tables
		self._columns: Columns | None = None

	@classmethod
	def compile(cls, rules: CalendarRules, first: date, last: date) -> WorkCalendar:
		"""The calendar for the local dates from `first` to `last`, both included.

		Raises: OutOfTable if `last` is before `first`, NoWorkingTime if nobody works on any of the dates.
		"""
		return cls(rules, first, last, build_tables(rules, first, last))

	def __reduce__(self) -> tuple[object, ...]:
		return WorkCalendar.compile, (self.rules, self.first_day, self.last_day)

	def add(self, start: int, seconds: int) -> int:
		"""The moment when `seconds` of working time have been counted since `start`.

		A count that is complete exactly when an interval ends is due then, not at the next opening; one of
		nothing is complete at `start`, whatever the hour.

		Units: epoch seconds, seconds of working time.
		Raises: BadAmount if `seconds` is negative, OutOfTable.
		Policy: CORE-17
		"""
		first = self.first_epoch
		if seconds <= 0 or not first <= start <= self.last_epoch:
			return self._add_nothing(start, seconds)
		# The look-up is written out here and in `elapsed`: calling it would cost as much as it does.
		ends = self._ends
		i = self._first_end[start - first >> BUCKET_BITS]
		while ends[i] <= start:
			i += 1
		wanted = start - self._idle[i]
		if wanted < self._worked[i]:
			wanted = self._worked[i]
		wanted += seconds
		if wanted > self._total:
			raise OutOfTable(self.first_day, self.last_day)
		totals = self._totals
		i = self._first_total[wanted >> BUCKET_BITS]
		while totals[i] < wanted:
			i += 1
		return ends[i] - totals[i] + wanted

	def _add_nothing(self, start: int, seconds: int) -> int:
		if seconds < 0:
			raise BadAmount(seconds, "time cannot be counted backwards")
		if not self.first_epoch <= start <= self.last_epoch:
			raise OutOfTable(self.first_day, self.last_day)
		return start

	def elapsed(self, start: int, end: int) -> int:
		"""The working time in [start, end); negative if `end` is before `start`.

		Units: epoch seconds, seconds of working time.
		Raises: OutOfTable.
		Policy: CORE-17
		"""
		first = self.first_epoch
		if not first <= start <= end <= self.last_epoch:
			return self._elapsed_backwards(start, end)
		ends, idle, worked, first_end = self._ends, self._idle, self._worked, self._first_end
		i = first_end[start - first >> BUCKET_BITS]
		while ends[i] <= start:
			i += 1
		before = start - idle[i]
		if before < worked[i]:
			before = worked[i]
		i = first_end[end - first >> BUCKET_BITS]
		while ends[i] <= end:
			i += 1
		until = end - idle[i]
		return (until if until > worked[i] else worked[i]) - before

	def _elapsed_backwards(self, start: int, end: int) -> int:
		if start <= end:
			raise OutOfTable(self.first_day, self.last_day)
		return -self.elapsed(end, start)

	def add_working_days(self, start: int, days: int) -> int:
		"""The closing time of the working day that is `days` working days after the day of receipt.

		The day of receipt is not counted. What is received on a day off, or once the day has closed, counts as
		received on the next working day; what is received before opening, or in a break, as received that day.

		Units: epoch seconds, working days.
		Raises: BadAmount if `days` is negative, OutOfTable.
		Policy: TRC-03, CX-2.1
		"""
		if days < 0:
			raise BadAmount(days, "days cannot be counted backwards")
		i = self._day_of_receipt(start) + days
		if i >= len(self._closings) - 1:
			raise OutOfTable(self.first_day, self.last_day)
		return self._closings[i]

	def working_days(self, start: int, end: int) -> int:
		"""How many working days, by the rule of `add_working_days`, are over at `end`; 0 if none.

		Units: epoch seconds.
		Raises: OutOfTable.
		Policy: TRC-03, CX-2.1
		"""
		return max(0, self._day_of_receipt(end) - self._day_of_receipt(start) - 1)

	def _day_of_receipt(self, at: int) -> int:
		"""The place in the list of closing times of the day on which something received at `at` counts."""
		if not self.first_epoch <= at <= self.last_epoch:
			raise OutOfTable(self.first_day, self.last_day)
		closings = self._closings
		i = self._first_closing[at - self.first_epoch >> BUCKET_BITS]
		while closings[i] <= at:
			i += 1
		return i

	def add_column(self, starts: ArrayLike, seconds: ArrayLike) -> Column:
		"""`add` for a column of moments, with one amount for all or one for each."""
		return self._in_columns().add(starts, seconds)

	def elapsed_column(self, starts: ArrayLike, ends: ArrayLike) -> Column:
		"""`elapsed` for columns of moments."""
		return self._in_columns().elapsed(starts, ends)

	def add_working_days_column(self, starts: ArrayLike, days: ArrayLike) -> Column:
		"""`add_working_days` for a column of moments, with one number of days for all or one for each."""
		return self._in_columns().add_working_days(starts, days)

	def _in_columns(self) -> Columns:
		if self._columns is None:
			from core_helpdesk.domain.columns import Columns  # numpy is needed only here

			self._columns = Columns(self._tables, self.first_day, self.last_day)
		return self._columns

	def explain(self, start: int, end: int) -> list[DayLine]:
		"""For each local date that [start, end) touches: the intervals counted, or why there are none.

		Units: epoch seconds.
		Raises: OutOfTable.
		"""
		self.elapsed(start, end)
		return explain(self.rules, start, end)

	def explain_working_days(self, start: int, days: int) -> list[DayLine]:
		"""For each local date until `add_working_days` is due: whether it was counted, and why not.

		Units: epoch seconds, working days.
		Raises: BadAmount, OutOfTable.
		Policy: TRC-03, CX-2.1
		"""
		return explain_working_days(self.rules, start, self.add_working_days(start, days))
