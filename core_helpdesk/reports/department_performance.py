"""The report Department Performance: how departments handle tickets in any stretch of days, beside as many before.

Counted by the measures of the QA Monthly Report; each figure leads to the records that make it.

Policy: QA-16, CORE-13
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_lines import lines, total
from core_helpdesk.domain.ticket_measures import MEASURES, OPEN, Source
from core_helpdesk.reports import (
	behind,
	days,
	month_rows,
	readers,
	ticket_counts,
	ticket_days,
	ticket_places,
	ticket_trends,
)
from core_helpdesk.reports import ticket_words as words
from core_helpdesk.reports.answer import Answer, Column, column
from core_helpdesk.reports.answer import lines as drawn_lines
from core_helpdesk.reports.compared import Compared, Part
from core_helpdesk.reports.names import Names
from core_helpdesk.reports.ticket_month_rows import GREEN, LOW, RED, in_order

if TYPE_CHECKING:
	from collections.abc import Mapping

	from core_helpdesk.domain.ticket_facts import Place
	from core_helpdesk.domain.ticket_lines import Cell
	from core_helpdesk.reports.days import Days
	from core_helpdesk.reports.ticket_days import Counted
	from core_helpdesk.reports.ticket_places import Choice

REPORT = "Department Performance"
FILTERS = ("since", "until", "by", *ticket_places.NARROWING)
DAYS_BACK = 30
SHOWN = tuple(name for name in words.SHOWN if name not in ("taken_on", "gone"))
DRAWN = ("received", "closed", "escalated")
BLUE = "#4299e1"


class Wanted(NamedTuple):
	"""What is asked for.

	Units: `now` is seconds since the epoch.
	"""

	choice: Choice
	days: Days
	by: Dimension
	now: int

	def counted(self, days: Days) -> Counted:
		"""What happened in these days in the places that the reader sees and asked for."""
		return ticket_days.counted(days, self.choice, self.now)

	def holds(self, place: Place, part: str) -> bool:
		"""Whether the place belongs to a line that the reader has."""
		seen = self.choice.seen(place)
		return bool(seen) and part in (words.ALL, getattr(seen, self.by.value))


def asked(filters: dict[str, Any] | None) -> Wanted:
	"""Raises: PermissionError for anybody who is no reader; ValidationError for more days than a report tells."""
	choice, now = ticket_places.asked(filters), config.now_epoch()
	default = days.ending(days.today(now), DAYS_BACK)
	by = readers.chosen(filters, "by")
	dimension = Dimension(by) if by in ticket_places.NARROWING else Dimension.DEPARTMENT
	return Wanted(choice, days.asked(filters, default), dimension, now)


def run(filters: dict[str, Any] | None) -> Answer:
	"""Raises: PermissionError for anybody who is no reader.

	Policy: QA-16
	"""
	wanted = asked(filters)
	last = words.values(total(wanted.counted(wanted.days.before()).cells))
	found = wanted.counted(wanted.days)
	whole = total(found.cells)
	this, today = words.values(whole), words.values(found.corrected.applied(whole))
	if not any(this.values()) and not any(last.values()):
		return Answer(columns(wanted.by), [], message(wanted, has_rows=False))
	parts = _parts(wanted, found)
	compared = Compared(wanted.days, SHOWN, words.meanings(), words.tone, this, last, parts, today)
	return Answer(
		columns(wanted.by),
		compared.rows(_("All Tickets")),
		message(wanted, has_rows=True),
		chart(wanted, found.months),
		compared.head(words.head_labels()),
	)


def _parts(wanted: Wanted, found: Counted) -> list[Part]:
	names = Names()
	return [
		Part(name, words.part_named(wanted.by, name, names), words.values(cell))
		for name, cell in in_order(lines(found.cells, wanted.by))
	]


def columns(by: Dimension) -> list[Column]:
	figures = month_rows.columns(SHOWN, words.meanings(), words.definitions())
	return [column("part", words.dimension_named(by), width=190), *figures]


def message(wanted: Wanted, *, has_rows: bool) -> str:
	if not has_rows:
		nothing = readers.why_nothing(wanted.choice.reader, wanted.choice.only)
		return nothing or _("No ticket was counted in these days.")
	compared = _("{0}, beside as many days before.").format(wanted.days.in_words())
	return f"{compared} {_('A ticket counts for the group that has it. Hours are by the clock.')}"


def chart(wanted: Wanted, months: Mapping[Days, Mapping[str, int]]) -> dict[str, Any] | None:
	"""What came, was closed and escalated, day by day, week by week or month by month; `months` are what is closed."""
	parts = wanted.days.parts()
	counted = {**_drawn(wanted, [part for part in parts if part not in months]), **months}
	called = {
		_("Received", context="Ticket Figures"): "received",
		_("Closed", context="Ticket Figures"): "closed",
		_("Escalated", context="Ticket Figures"): "escalated",
	}
	values = {label: [counted[part][name] for part in parts] for label, name in called.items()}
	points = [days.point(part.first, wanted.days.length) for part in parts]
	drawn = drawn_lines(points, values, [BLUE, GREEN, RED])
	return {**drawn, **LOW} if drawn else None


def _drawn(wanted: Wanted, parts: list[Days]) -> dict[Days, Cell]:
	counted = ticket_trends.some(DRAWN, [part.period(wanted.now) for part in parts])
	return {part: total(wanted.choice.cells(cells)) for part, cells in zip(parts, counted, strict=True)}


def records(filters: dict[str, Any], figure: str, part: str) -> dict[str, Any]:
	"""The stays or escalations behind a figure of one line, or of all with `ticket_words.ALL`: as many as it says.

	Raises: PermissionError; ValidationError for more than a list can show, and for what is no figure.
	Policy: QA-16, CORE-13
	"""
	wanted = asked(filters)
	name = words.BEHIND.get(figure, figure)
	if name != OPEN and name not in MEASURES:
		behind.refuse_unknown(figure, REPORT)
	period = wanted.days.period(wanted.now)
	tally = ticket_counts.counted(period, [name])
	numbers = [number for number, place in tally.places().items() if wanted.holds(place, part)]
	count = sum(tally.cells[number][name] for number in numbers)
	behind.refuse_many(count, REPORT)
	rows = ticket_counts.tickets(name, period, numbers).run() if count else []
	source = MEASURES[name].source if name != OPEN else Source.STAYS
	return behind.listed(ticket_counts.DOCTYPES[source], (row for row, _ticket in rows), REPORT)
