"""Rows, columns, chart and head of the QA Monthly Report, worded for their reader.

First all together, the month before and the change; then each part, the busiest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frappe import _

from core_helpdesk import months
from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.reports import month_rows
from core_helpdesk.reports import ticket_words as words
from core_helpdesk.reports.answer import Column, Row, bars, column
from core_helpdesk.reports.brief_names import brief
from core_helpdesk.reports.names import Names

if TYPE_CHECKING:
	from core_helpdesk.domain.ticket_facts import Dimension
	from core_helpdesk.domain.ticket_lines import Cell
	from core_helpdesk.reports.ticket_month import Counted

# More parts than this are no chart any more.
MOST_BARS = 10
# Room for the rows under it.
LOW = {"height": 180}
GREEN, RED, ORANGE = "#48bb78", "#e53e3e", "#ed8936"


def columns(by: Dimension) -> list[Column]:
	"""`help` says what a figure counts, for whoever points at its head."""
	figures = month_rows.columns(words.SHOWN, words.meanings(), words.definitions())
	return [column("part", words.dimension_named(by), width=190), *figures]


def rows(counted: Counted) -> list[Row]:
	"""None where nothing was counted in either month."""
	if not any(counted.whole.counts.values()) and not any(counted.last.counts.values()):
		return []
	month = counted.wanted.month
	return [
		{**_row(_("All Tickets"), counted.whole), **month_rows.drill(words.ALL, month), "bold": 1},
		{**_row(_("Month Before"), counted.last), **month_rows.drill(words.ALL, months.before(month))},
		_change(counted),
		*month_rows.corrections(
			words.SHOWN, words.meanings(), words.values(counted.today), words.values(counted.whole)
		),
		*_parts(counted),
	]


def _parts(counted: Counted) -> list[Row]:
	by, names = counted.wanted.by, Names()
	return [
		{**_row(words.part_named(by, name, names), cell), **month_rows.drill(name, counted.wanted.month)}
		for name, cell in in_order(counted.lines())
	]


def in_order(lines: dict[str, Cell]) -> list[tuple[str, Cell]]:
	"""The busiest first."""
	return sorted(lines.items(), key=lambda item: (-item[1]["closed"] - item[1][OPEN], item[0]))


def _row(label: str, cell: Cell) -> Row:
	return month_rows.row(label, words.SHOWN, words.meanings(), words.values(cell), words.tone)


def _change(counted: Counted) -> Row:
	this, last = words.values(counted.whole), words.values(counted.last)
	return month_rows.change(words.SHOWN, words.meanings(), this, last)


def summary(counted: Counted) -> list[dict[str, Any]]:
	"""The month's main figures, each with that of the month before."""
	this, last = words.values(counted.whole), words.values(counted.last)
	return month_rows.head(words.head_labels(), words.meanings(), this, last, words.tone)


def chart(counted: Counted, most: int = MOST_BARS) -> dict[str, Any] | None:
	"""What became of the tickets of each part."""
	lines, names = in_order(counted.lines())[:most], Names()
	series = {
		_("In Time"): ("kept", GREEN),
		_("Escalated", context="Ticket Figures"): ("escalated", RED),
		_("Open", context="Ticket Figures"): (OPEN, ORANGE),
	}
	labels = [words.part_named(counted.wanted.by, name, names) for name, _cell in lines]
	drawn = bars(
		labels,
		{label: [cell[name] for _part, cell in lines] for label, (name, _color) in series.items()},
		[color for _name, color in series.values()],
		brief=brief(labels),
	)
	return {**drawn, **LOW} if drawn else None
