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

ROWS_AT_ONCE = 16_384
"""So many rows, with all they are looked up in, stay in the processor's own memory."""


class _Ordered:
	"""Ascending values and, for each bucket, the first of them to look at."""

	def __init__(self, values: list[int], first_of: list[int], origin: int) -> None:
		self.values = np.array(values, np.int64)
		self.first_of = np.array(first_of, np.int64)
		self.origin = origin
		buckets = (self.values[self.values < BEYOND] - origin - 1) >> BUCKET_BITS
		self.most_in_bucket = int(np.bincount(buckets).max())

	def first_beyond(self, moments: Column) -> Column:
		"""For each moment the place of the first value after it."""
		places = self.first_of.take((moments - self.origin) >> BUCKET_BITS, mode="clip")
		for _ in range(self.most_in_bucket):
			places += self.values.take(places, mode="clip") <= moments
		return places


class Columns:
	"""The tables of one calendar as arrays."""

	def __init__(self, tables: Tables, first: date, last: date) -> None:
		self.first = first
		self.last = last
		self.origin = tables.origin
		self.limit = tables.limit
		self.total = tables.totals[-1]
		self.idle = np.array(tables.idle, np.int64)
		self.worked = np.array(tables.worked, np.int64)
		self.ends = _Ordered(tables.ends, tables.first_end, tables.origin)
		self.totals = _Ordered(tables.totals, tables.first_total, -1)
		self.lead = self.ends.values[:-1] - self.totals.values
		self.closings = _Ordered(tables.closings, tables.first_closing, tables.origin)

	def add(self, starts: ArrayLike, seconds: ArrayLike) -> Column:
		"""Raises: BadAmount, OutOfTable."""
		return self._in_parts(self._add, self._moments(starts), self._amounts(seconds))

	def elapsed(self, starts: ArrayLike, ends: ArrayLike) -> Column:
		"""Raises: OutOfTable."""
		return self._in_parts(self._elapsed, self._moments(starts), self._moments(ends))

	def add_working_days(self, starts: ArrayLike, days: ArrayLike) -> Column:
		"""Raises: BadAmount, OutOfTable."""
		return self._in_parts(self._add_working_days, self._moments(starts), self._amounts(days))

	def _add(self, starts: Column, seconds: Column) -> Column:
		wanted = self._worked_before(starts) + seconds
		if wanted.max() > self.total:
			raise OutOfTable(self.first, self.last)
		# The first total that is not below what is wanted: the first beyond what is wanted less one.
		due = self.lead.take(self.totals.first_beyond(wanted - 1), mode="clip") + wanted
		return due if seconds.min() else np.where(seconds == 0, starts, due)

	def _elapsed(self, starts: Column, ends: Column) -> Column:
		return self._worked_before(ends) - self._worked_before(starts)

	def _add_working_days(self, starts: Column, days: Column) -> Column:
		places = self.closings.first_beyond(starts) + days
		if places.max() >= len(self.closings.values) - 1:
			raise OutOfTable(self.first, self.last)
		return self.closings.values.take(places, mode="clip")

	def _worked_before(self, moments: Column) -> Column:
		places = self.ends.first_beyond(moments)
		within = moments - self.idle.take(places, mode="clip")
		return np.maximum(within, self.worked.take(places, mode="clip"), out=within)

	def _moments(self, moments: ArrayLike) -> Column:
		column = np.asarray(moments, np.int64)
		if column.size and (column.min() < self.origin or column.max() > self.limit):
			raise OutOfTable(self.first, self.last)
		return column

	def _amounts(self, amounts: ArrayLike) -> Column:
		column = np.asarray(amounts, np.int64)
		if column.size and (least := int(column.min())) < 0:
			raise BadAmount(least, "time cannot be counted backwards")
		return column

	def _in_parts(self, count: Callable[..., Column], *columns: Column) -> Column:
		columns = np.broadcast_arrays(*columns)
		result = np.empty(columns[0].shape, np.int64)
		for begin in range(0, len(result), ROWS_AT_ONCE):
			part = slice(begin, begin + ROWS_AT_ONCE)
			result[part] = count(*(column[part] for column in columns))
		return result
