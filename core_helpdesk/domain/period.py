"""A month, a week or a day of a report: a stretch of time that moments lie in or do not."""

from __future__ import annotations

from typing import NamedTuple


class Period(NamedTuple):
	"""[start, end) in epoch seconds, of the days of whoever reads the report."""

	start: int
	end: int

	def holds(self, at: int) -> bool:
		"""True for a moment (0 is none) within the period."""
		return at > 0 and self.start <= at < self.end

	def ends_before(self, at: int) -> bool:
		"""True for a moment (0 is never) that had not come when the period ended."""
		return not at or at >= self.end
