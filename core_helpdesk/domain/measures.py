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
	if not values:
		return None
	rank = -(-len(values) * percent // 100)
	return sorted(values)[max(rank, 1) - 1]
