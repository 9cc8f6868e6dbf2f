"""Counts, rates and percentiles of a report, exact and from plain values.

Imports the standard library only; whoever shows a figure words it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from collections.abc import Sequence

SOLVED_WITHIN = 24 * 3600
"""The time in which an escalated ticket is to be solved.

Units: absolute seconds.
Policy: TSM-01, TSM-02
"""


def share(part: int, whole: int) -> float | None:
	"""`part` of `whole` between 0 and 1, None when there is nothing to take a part of."""
	return part / whole if whole else None


def percentile(values: Sequence[int], percent: int) -> int | None:
	"""The smallest of the values that at least `percent` % of them do not exceed; None without values."""
	return percentiles(values, percent)[0]


def percentiles(values: Sequence[int], *percents: int) -> tuple[int | None, ...]:
	"""As `percentile`, of several percents; the values are put in order once."""
	ordered = sorted(values)
	return tuple(ordered[rank(len(ordered), percent) - 1] if ordered else None for percent in percents)


def rank(count: int, percent: int) -> int:
	"""Which of so many values in order, from 1 on, at least `percent` % of them do not exceed."""
	return max(-(-count * percent // 100), 1)
