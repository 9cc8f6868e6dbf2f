"""The QA Monthly Report: tickets of a month beside the month before, by country, department, group or category.

Each reader counts what they answer for, and each figure leads to the records that make it.

Policy: QA-12, QA-16, CORE-13, TSM-M1
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from frappe import _

from core_helpdesk import config, months, shown
from core_helpdesk.domain import ticket_corrections
from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_lines import lines, total
from core_helpdesk.domain.ticket_measures import MEASURES, OPEN, Source
from core_helpdesk.reports import (
	behind,
	closed_months,
	quality_figures,
	readers,
	ticket_counts,
	ticket_month_rows,
	ticket_places,
)
from core_helpdesk.reports import ticket_words as words
from core_helpdesk.reports.answer import Answer

if TYPE_CHECKING:
	from core_helpdesk.domain.ticket_facts import Place
	from core_helpdesk.domain.ticket_lines import Cell, Cells
	from core_helpdesk.reports.ticket_places import Choice

REPORT = "QA Monthly Report"
FURTHER = "further"
"""Chosen in place of what tickets are told apart by."""
FILTERS = ("month", "by", *ticket_places.NARROWING)


class Wanted(NamedTuple):
	"""What is asked for; `month` is as 2026-10.

	Units: `now` is seconds since the epoch.
	"""

	choice: Choice
	month: str
	by: Dimension
	now: int


class Counted(NamedTuple):
	"""The month that is asked for, all of the one before, and all of a closed one as it would be counted today."""

	wanted: Wanted
	this: Cells
	whole: Cell
	last: Cell
	today: Cell

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
	whole, last = total(this), total(cells(wanted, months.before(wanted.month)))
	corrected = ticket_corrections.total(closed_months.corrections(wanted.month), wanted.choice.seen)
	counted = Counted(wanted, this, whole, last, corrected.applied(whole))
	rows = ticket_month_rows.rows(counted)
	return Answer(
		ticket_month_rows.columns(wanted.by),
		rows,
		message(wanted, has_rows=bool(rows)),
		ticket_month_rows.chart(counted),
		[*ticket_month_rows.summary(counted), *quality_figures.summary(_compared(wanted))] if rows else [],
	)


def _compared(wanted: Wanted) -> quality_figures.Compared:
	return quality_figures.compared(wanted.month, wanted.now, wanted.choice.sees)


def _further(wanted: Wanted) -> Answer:
	"""All that the report tells beside the figures of tickets."""
	found = _compared(wanted)
	text = _("Tracing counts for the department of the group that handles the case.")
	return Answer(
		quality_figures.columns(found),
		quality_figures.rows(found, wanted.month),
		readers.why_nothing(wanted.choice.reader, {}) or text,
		summary=quality_figures.summary(found),
	)


def asked(filters: dict[str, Any] | None) -> Wanted:
	"""Raises: PermissionError for anybody who is no reader."""
	choice, now = ticket_places.asked(filters), config.now_epoch()
	month, by = readers.chosen(filters, "month"), readers.chosen(filters, "by")
	return Wanted(
		choice,
		month if months.is_month(month) and month <= months.of(now) else months.last_closed(now),
		Dimension(by) if by in ticket_places.NARROWING else Dimension.DEPARTMENT,
		now,
	)


def cells(wanted: Wanted, month: str) -> Cells:
	"""What happened in the month in the places that the reader sees and asked for."""
	return wanted.choice.cells(closed_months.cells(month, wanted.now))


def message(wanted: Wanted, *, has_rows: bool) -> str:
	if not has_rows:
		nothing = readers.why_nothing(wanted.choice.reader, wanted.choice.only)
		return nothing or _("No ticket was counted in this month.")
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
	found = quality_figures.records(month, wanted.now, wanted.choice.sees, part)
	if found is None:
		behind.refuse_unknown(part, REPORT)
	return behind.listed(*found, REPORT)


def _is_in(place: Place, part: str, wanted: Wanted) -> bool:
	"""Whether the place belongs to a line that the reader has."""
	seen = wanted.choice.seen(place)
	return bool(seen) and part in (words.ALL, getattr(seen, wanted.by.value))
