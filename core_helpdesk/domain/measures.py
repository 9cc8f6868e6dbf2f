"""Counts, rates and percentiles of a report, exact and from plain values.

Imports the standard library only; whoever shows a figure words it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from collections.abc import Sequence

SOLVED_WITHIN = 24 * 3600
"""The time in which an escalated ticket is to be solved.

Units: absolute seconds.
Policy: TSM-01, TSM-02
"""


@dataclass(slots=True)
class Tally:
	"""The figures of one line of a report: a department, a country, a group, a category, or all together.

	`kept` are cycles solved without an escalation, `levels` counts escalations by level, `failed` those of
	level 1 that were not solved within 24 hours.
	Units: `times_to_solve` are absolute seconds from opening to the last solution.
	Policy: QA-12, TSM-02, TSM-M1
	"""

	received: int = 0
	solved: int = 0
	open: int = 0
	reopened: int = 0
	kept: int = 0
	failed: int = 0
	levels: Counter[int] = field(default_factory=Counter)
	times_to_solve: list[int] = field(default_factory=list)

	@property
	def within_standard(self) -> float | None:
		"""The share of decided cycles that were solved in time; None before any is decided."""
		return share(self.kept, self.kept + self.levels[1])

	@property
	def escalated_share(self) -> float | None:
		return share(self.levels[1], self.received)

	def time_to_solve(self, percent: int) -> int | None:
		return percentile(self.times_to_solve, percent)


def share(part: int, whole: int) -> float | None:
	"""`part` of `whole` between 0 and 1, None when there is nothing to take a part of."""
	return part / whole if whole else None


def percentile(values: Sequence[int], percent: int) -> int | None:
	"""The smallest of the values that at least `percent` % of them do not exceed; None without values."""
	if not values:
		return None
	rank = -(-len(values) * percent // 100)
	return sorted(values)[max(rank, 1) - 1]
