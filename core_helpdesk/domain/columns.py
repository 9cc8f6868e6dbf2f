"""Counts the working time of whole columns at once, on the same tables as the single count.

Needs numpy; imported only by who asks for a column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core_helpdesk.domain.compiler import BEYOND, BUCKET_BITS
from core_helpdesk.domain.errors import BadAmount, OutOfTable

if TYPE_CHECKING:
	from collections.abc import Callable
	from datetime import date

	import numpy.typing as npt

	from core_helpdesk.domain.compiler import Tables

	ArrayLike = npt.ArrayLike
	Column = npt.NDArray[np.int64]

ROWS_AT_ONCE = 8_192
"""So many rows, with all they are looked up in, stay in the processor's own memory."""


class _Ordered:
	"""Ascending values, counted from `origin`, and for each bucket the first of them to look at."""

	def __init__(self, values: list[int], first_of: list[int], origin: int) -> None:
		self.values = np.array(values, np.int64) - origin
		self.first_of = np.array(first_of, np.intp)
		buckets = (self.values[self.values < BEYOND // 2] - 1) >> BUCKET_BITS
		self.most_in_bucket = int(np.bincount(buckets).max())

	def first_beyond(self, sought: Column) -> Column:
		"""For each number the place of the first value after it."""
		places = self.first_of.take(sought >> BUCKET_BITS, mode="clip")
		for _ in range(self.most_in_bucket):
			places += self.values.take(places, mode="clip") <= sought
		return places


class Columns:
	"""The tables of one calendar as arrays; moments are counted from its origin."""

	def __init__(self, tables: Tables, first: date, last: date) -> None:
		self.first = first
		self.last = last
		self.origin = tables.origin
		self.length = tables.limit - tables.origin
		self.total = tables.totals[-1]
		self.worked = np.array(tables.worked, np.int64)
		self.idle = np.array(tables.idle, np.int64) - tables.origin
		self.ends = _Ordered(tables.ends, tables.first_end, tables.origin)
		# What is sought is the first total that is not below an amount: the first that plus one is beyond it.
		self.totals = _Ordered(tables.totals, tables.first_total, -1)
		self.lead = np.array(tables.ends[:-1], np.int64) - np.array(tables.totals, np.int64)
		self.closings = _Ordered(tables.closings, tables.first_closing, tables.origin)

	def add(self, starts: ArrayLike, seconds: ArrayLike) -> Column:
		"""Raises: BadAmount, OutOfTable."""
		return _in_parts(self._add, starts, seconds)

	def elapsed(self, starts: ArrayLike, ends: ArrayLike) -> Column:
		"""Raises: OutOfTable."""
		return _in_parts(self._elapsed, starts, ends)

	def add_working_days(self, starts: ArrayLike, days: ArrayLike) -> Column:
		"""Raises: BadAmount, OutOfTable."""
		return _in_parts(self._add_working_days, starts, days)

	def _add(self, starts: Column, seconds: Column, due: Column) -> None:
		least = _check_amounts(seconds)
		wanted = self._worked_before(starts) + seconds
		if wanted.max() > self.total:
			raise OutOfTable(self.first, self.last)
		np.add(self.lead.take(self.totals.first_beyond(wanted), mode="clip"), wanted, out=due)
		if least == 0:
			np.copyto(due, starts, where=seconds == 0)

	def _elapsed(self, starts: Column, ends: Column, elapsed: Column) -> None:
		np.subtract(self._worked_before(ends), self._worked_before(starts), out=elapsed)

	def _add_working_days(self, starts: Column, days: Column, due: Column) -> None:
		_check_amounts(days)
		places = self.closings.first_beyond(self._since_origin(starts)) + days
		if places.max() >= len(self.closings.values) - 1:
			raise OutOfTable(self.first, self.last)
		np.add(self.closings.values.take(places, mode="clip"), self.origin, out=due)

	def _worked_before(self, moments: Column) -> Column:
		within = self._since_origin(moments)
		places = self.ends.first_beyond(within)
		within -= self.idle.take(places, mode="clip")
		return np.maximum(within, self.worked.take(places, mode="clip"), out=within)

	def _since_origin(self, moments: Column) -> Column:
		since = moments - self.origin
		# A moment before the origin is, read without its sign, larger than every length.
		if since.view(np.uint64).max() > self.length:
			raise OutOfTable(self.first, self.last)
		return since


def _check_amounts(amounts: Column) -> int:
	if (least := int(amounts.min())) < 0:
		raise BadAmount(least, "time cannot be counted backwards")
	return least


def _in_parts(count: Callable[[Column, Column, Column], None], *columns: ArrayLike) -> Column:
	first, second = np.broadcast_arrays(*(np.atleast_1d(np.asarray(column, np.int64)) for column in columns))
	result = np.empty(first.shape, np.int64)
	for begin in range(0, len(result), ROWS_AT_ONCE):
		part = slice(begin, begin + ROWS_AT_ONCE)
		count(first[part], second[part], result[part])
	return result
