"""Whose figures a reader may see, and which of them were asked for: of departments, countries, groups and categories.

Policy: CORE-13, TSM-12
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_lines import Cell
from core_helpdesk.reports import readers

if TYPE_CHECKING:
	from core_helpdesk.domain.quality import Area
	from core_helpdesk.domain.ticket_facts import Place
	from core_helpdesk.domain.ticket_lines import Cells
	from core_helpdesk.reports.readers import Reader

NARROWING = tuple(dimension.value for dimension in Dimension)


class Choice(NamedTuple):
	"""Who reads, and what they narrowed the report to: `only` is by what a place is."""

	reader: Reader
	only: dict[str, str]

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

	def cells(self, counted: Cells) -> Cells:
		"""The cells of the places that the reader sees and asked for."""
		found: defaultdict[Place, Cell] = defaultdict(Cell)
		for place, cell in counted.items():
			seen = self.seen(place)
			if seen:
				found[seen].take(cell)
		return dict(found)


def asked(filters: dict[str, Any] | None) -> Choice:
	"""What the present user asks for.

	Raises: PermissionError for anybody who is no reader.
	"""
	reader = readers.reader(readers.OF_TICKETS)
	return Choice(reader, readers.chosen_of(filters, *NARROWING))
