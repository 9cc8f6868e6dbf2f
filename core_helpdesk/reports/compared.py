"""A report that compares days with as many before: all together, the days before, the change, then each part.

Policy: QA-16, TSM-14
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from frappe import _

from core_helpdesk.reports import month_rows
from core_helpdesk.reports.days import WEEK
from core_helpdesk.reports.ticket_words import ALL

if TYPE_CHECKING:
	from collections.abc import Mapping

	from core_helpdesk.reports.answer import Row
	from core_helpdesk.reports.days import Days
	from core_helpdesk.reports.month_rows import Meanings, Tone, Values


@dataclass(frozen=True, slots=True)
class Part:
	"""One line: what the page asks its records by, what it is called, and further cells of text."""

	key: str
	label: str
	values: Values
	cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
	"""The figures of these days, of as many before, and of each part, by name; `shown` are those of the columns.

	`today` are the figures of these days as they would be with what was found late of closed months; none without any.
	"""

	days: Days
	shown: tuple[str, ...]
	meanings: Meanings
	tone: Tone
	this: Values
	last: Values
	parts: list[Part]
	today: Values | None = None

	def rows(self, whole: str) -> list[Row]:
		"""All rows, under this label for the first."""
		before = _("Week Before") if self.days.length == WEEK else _("Days Before", context="Ticket Figures")
		return [
			{**self._row(whole, self.this), **drill(ALL, self.days), "bold": 1},
			{**self._row(before, self.last), **drill(ALL, self.days.before())},
			month_rows.change(self.shown, self.meanings, self.this, self.last),
			*month_rows.corrections(self.shown, self.meanings, self.today or self.this, self.this),
			*(
				{**self._row(part.label, part.values), **part.cells, **drill(part.key, self.days)}
				for part in self.parts
			),
		]

	def _row(self, label: str, values: Values) -> Row:
		return month_rows.row(label, self.shown, self.meanings, values, self.tone)

	def head(self, labels: Mapping[str, str]) -> list[dict[str, Any]]:
		return month_rows.head(labels, self.meanings, self.this, self.last, self.tone)


def drill(part: str, days: Days) -> Row:
	"""Says to the page which records the figures of a line are of."""
	return {"drill": {"part": part, **days.since_until}}
