"""What happened in a stretch of days: whole months from what was kept of them when they were closed, the rest counted now.

So a year costs no more than the days at its ends, whatever happened in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain import ticket_corrections
from core_helpdesk.domain.ticket_corrections import Correction
from core_helpdesk.domain.ticket_lines import Cell
from core_helpdesk.domain.ticket_measures import MEASURES, OPEN
from core_helpdesk.reports import closed_months, ticket_counts
from core_helpdesk.reports.days import ONE_DAY, Days

if TYPE_CHECKING:
	from collections.abc import Iterable

	from core_helpdesk.domain.ticket_lines import Cells
	from core_helpdesk.reports.ticket_places import Choice


class Stretch(NamedTuple):
	"""Some of the days: a closed month, as 2026-10, or what lies between these and is counted now."""

	days: Days
	month: str


class Counted(NamedTuple):
	"""What the reader sees of the days: by place, all in each closed month, and by how much these would be others today."""

	cells: Cells
	months: dict[Days, Counter[str]]
	corrected: Correction


def stretches(days: Days) -> list[Stretch]:
	"""The days in their order, as few stretches as there can be."""
	whole = {part.month: part for part in days.months() if part.month}
	found, first = [], days.first
	for month in sorted(closed_months.versions(whole)) if whole else ():
		if first < whole[month].first:
			found.append(Stretch(Days(first, whole[month].first - ONE_DAY), ""))
		found.append(Stretch(whole[month], month))
		first = whole[month].last + ONE_DAY
	return [*found, Stretch(Days(first, days.last), "")] if first <= days.last else found


def counted(days: Days, choice: Choice, now: int) -> Counted:
	"""What happened on these days in the places that the reader sees and asked for, exact.

	What is open stands at the end of the last stretch alone; events add up.
	Units: `now`, seconds since the epoch, is the end of days that are not over.
	Policy: QA-16, CORE-13
	"""
	cells: defaultdict[tuple, Cell] = defaultdict(Cell)
	months, corrected = {}, Correction()
	*before, last = stretches(days)
	for stretch in (*before, last):
		own = choice.cells(_of(stretch, choice, now, None if stretch is last else MEASURES))
		correction = _correction(stretch, choice)
		if stretch is not last:
			_without_open([*(cell.counts for cell in own.values()), correction.counts])
		corrected.take(correction)
		if stretch.month:
			months[stretch.days] = sum((cell.counts for cell in own.values()), Counter())
		for place, cell in own.items():
			if any(cell.counts.values()):
				cells[place].take(cell)
	return Counted(dict(cells), months, corrected)


def _of(stretch: Stretch, choice: Choice, now: int, names: Iterable[str] | None) -> Cells:
	if stretch.month:
		return closed_months.cells(stretch.month, now)
	# To count what was open long ago reads all that was closed since.
	return ticket_counts.cells(stretch.days.period(now), choice.seen, names)


def _correction(stretch: Stretch, choice: Choice) -> Correction:
	found = closed_months.corrections(stretch.month) if stretch.month else {}
	return ticket_corrections.total(found, choice.seen)


def _without_open(found: Iterable[Counter[str]]) -> None:
	for counts in found:
		counts.pop(OPEN, None)
