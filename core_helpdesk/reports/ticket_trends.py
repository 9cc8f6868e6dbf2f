"""Counts of tickets over days, weeks or months, as a chart draws them: one query for a kind of facts, however many points.

Policy: QA-16, TSM-14
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core_helpdesk.domain.period import Period
from core_helpdesk.reports.ticket_counts import Tally, alike, kinds

if TYPE_CHECKING:
	from collections.abc import Iterable, Sequence

	from core_helpdesk.domain.ticket_facts import Place
	from core_helpdesk.domain.ticket_lines import Cell


def some(names: Iterable[str], periods: Sequence[Period]) -> list[dict[Place, Cell]]:
	"""The counts of these measures of events, in every place, in each of the periods; exact.

	The periods come in their order. Those that follow without a gap are counted together, and what a place is called is
	read once for all.
	"""
	wanted, whole = list(kinds(names)), Tally()
	tallies = [Tally() for _period in periods]
	for run in _runs(periods):
		starts = [periods[point].start for point in run]
		together = Period(starts[0], periods[run[-1]].end)
		for kind in wanted:
			for part, *counted in alike(kind, together, starts):
				for tally in (tallies[run[part - 1]], whole):
					tally.add(*counted)
	places = whole.places()
	return [tally.by_place(places) for tally in tallies]


def _runs(periods: Sequence[Period]) -> list[list[int]]:
	"""The numbers of the periods that follow each other without a gap; those of which nothing has begun are in none."""
	found: list[list[int]] = []
	for number, period in enumerate(periods):
		if period.start >= period.end:
			continue
		if found and periods[found[-1][-1]].end == period.start:
			found[-1].append(number)
		else:
			found.append([number])
	return found
