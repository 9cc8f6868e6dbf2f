"""The QA Monthly Report: tickets of a month beside the month before, by country, department, group or category.

Each reader counts what they answer for, and each figure leads to the records that make it.

Policy: QA-12, QA-16, CORE-13, TSM-M1
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from frappe import _

from core_helpdesk import config, months, shown
from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_lines import Cell, lines, total
from core_helpdesk.domain.ticket_measures import MEASURES, OPEN, Source
from core_helpdesk.reports import (
	behind,
	closed_months,
	quality_figures,
	readers,
	ticket_counts,
	ticket_month_rows,
)
from core_helpdesk.reports import ticket_words as words
from core_helpdesk.reports.answer import Answer

if TYPE_CHECKING:
	from core_helpdesk.domain.quality import Area
	from core_helpdesk.domain.ticket_facts import Place
	from core_helpdesk.domain.ticket_lines import Cells
	from core_helpdesk.reports.readers import Reader

REPORT = "QA Monthly Report"
NARROWING = tuple(dimension.value for dimension in Dimension)
FURTHER = "further"
"""Chosen in place of what tickets are told apart by."""
FILTERS = ("month", "by", *NARROWING)


class Wanted(NamedTuple):
	"""What is asked for; `month` is as 2026-10, `only` narrows by what a place is."""

	reader: Reader
	month: str
	by: Dimension
	only: dict[str, str]
	now: int

	def seen(self, place: Place) -> Place | None:
		"""The place as the reader sees it; None if they do not see it, or did not ask for it.

		A group that does not exist for them is none, wherever its tickets are counted.
		Policy: CORE-13, TSM-12
		"""
		if not self.reader.sees(place.department, place.country):
			return None
		if not self.reader.knows([place.group]):
			place = place._replace(group="")
		asked_for = all(getattr(place, name) == value for name, value in self.only.items())
		return place if asked_for else None

	def sees(self, area: Area) -> bool:
		"""Whether the reader sees a department in a country, and asked for it; what is asked of groups does not matter."""
		asked_for = all(value == self.only.get(name, value) for name, value in area._asdict().items())
		return asked_for and self.reader.sees(*area)


class Counted(NamedTuple):
	"""The month that is asked for, all of the one before, and by how much a closed one would be another today."""

	wanted: Wanted
	this: Cells
	whole: Cell
	last: Cell
	corrected: Cell

	def lines(self) -> dict[str, Cell]:
		return lines(self.this, self.wanted.by)


def run(filters: dict[str, Any] | None) -> Answer:
	"""Raises: PermissionError for anybody who is no reader.

	Policy: QA-12
	"""
	wanted = asked(filters)
	if readers.chosen(filters, "by") == FURTHER:
		return _further(wanted)
	this = cells(wanted, wanted.month)
	last = total(cells(wanted, months.before(wanted.month)))
	corrected = total(_of_reader(wanted, closed_months.corrections(wanted.month)))
	counted = Counted(wanted, this, total(this), last, corrected)
	rows = ticket_month_rows.rows(counted)
	return Answer(
		ticket_month_rows.columns(wanted.by),
		rows,
		message(wanted, has_rows=bool(rows)),
		ticket_month_rows.chart(counted),
		[*ticket_month_rows.summary(counted), *quality_figures.summary(_compared(wanted))] if rows else [],
	)


def _compared(wanted: Wanted) -> quality_figures.Compared:
	return quality_figures.compared(wanted.month, wanted.now, wanted.sees)


def _further(wanted: Wanted) -> Answer:
	"""All that the report tells beside the figures of tickets."""
	found = _compared(wanted)
	text = _("Tracing counts for the department of the group that handles the case.")
	return Answer(
		quality_figures.columns(found),
		quality_figures.rows(found, wanted.month),
		readers.why_nothing(wanted.reader, {}) or text,
		summary=quality_figures.summary(found),
	)


def asked(filters: dict[str, Any] | None) -> Wanted:
	"""Raises: PermissionError for anybody who is no reader."""
	reader = readers.reader(readers.OF_TICKETS)
	now = config.now_epoch()
	given = readers.chosen_of(filters, *FILTERS)
	month, by = given.get("month", ""), given.get("by", "")
	return Wanted(
		reader,
		month if months.is_month(month) and month <= months.of(now) else months.last_closed(now),
		Dimension(by) if by in NARROWING else Dimension.DEPARTMENT,
		{name: given[name] for name in NARROWING if name in given},
		now,
	)


def cells(wanted: Wanted, month: str) -> Cells:
	"""What happened in the month in the places that the reader sees and asked for."""
	return _of_reader(wanted, closed_months.cells(month, wanted.now))


def _of_reader(wanted: Wanted, counted: Cells) -> Cells:
	found: defaultdict[Place, Cell] = defaultdict(Cell)
	for place, cell in counted.items():
		seen = wanted.seen(place)
		if seen:
			found[seen].take(cell)
	return dict(found)


def message(wanted: Wanted, *, has_rows: bool) -> str:
	if not has_rows:
		return readers.why_nothing(wanted.reader, wanted.only) or _("No ticket was counted in this month.")
	text = _("A ticket counts for the group that has it. Hours are by the clock.")
	closed = closed_months.closed_on(wanted.month)
	return (
		f"{text} {_('Closed on {0}: these figures are final.').format(shown.day(closed))}" if closed else text
	)


def tickets(filters: dict[str, Any], figure: str, part: str) -> dict[str, Any]:
	"""The records behind a figure of one line, or of all lines with `ticket_words.ALL`: as many as it says, and of which kind.

	Raises: PermissionError; ValidationError for more than a list can show, and for what is no figure.
	Policy: QA-12
	"""
	wanted = asked(filters)
	if readers.chosen(filters, "by") == FURTHER:
		return _records(wanted, figure, part)
	name = words.BEHIND.get(figure, figure)
	if name != OPEN and name not in MEASURES:
		behind.refuse_unknown(figure, REPORT)
	window = months.window(wanted.month, wanted.now)
	tally = ticket_counts.counted(window, [name])
	numbers = [number for number, place in tally.places().items() if _is_in(place, part, wanted)]
	count = sum(tally.cells[number][name] for number in numbers)
	behind.refuse_many(count, REPORT)
	rows = ticket_counts.tickets(name, window, numbers).run() if count else []
	source = MEASURES[name].source if name != OPEN else Source.STAYS
	return behind.listed(ticket_counts.DOCTYPES[source], [row for row, _ticket in rows], REPORT)


def _records(wanted: Wanted, figure: str, part: str) -> dict[str, Any]:
	"""What one of the further figures counts, in the month that is asked for or in the one before."""
	month = months.before(wanted.month) if figure == "last" else wanted.month
	found = quality_figures.records(month, wanted.now, wanted.sees, part)
	if found is None:
		behind.refuse_unknown(part, REPORT)
	return behind.listed(*found, REPORT)


def _is_in(place: Place, part: str, wanted: Wanted) -> bool:
	"""Whether the place belongs to a line that the reader has."""
	seen = wanted.seen(place)
	return bool(seen) and part in (words.ALL, getattr(seen, wanted.by.value))
