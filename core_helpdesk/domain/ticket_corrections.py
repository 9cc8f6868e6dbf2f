"""By how much figures of tickets that were kept would be others today: counts and times, by place.

Differences add up as the figures do, and so any choice of places has its own. Values in, values out.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core_helpdesk.domain.ticket_facts import Place
from core_helpdesk.domain.ticket_lines import Cell

if TYPE_CHECKING:
	from collections.abc import Callable, Mapping

	from core_helpdesk.domain.ticket_lines import Cells

	Corrections = Mapping[Place, "Correction"]

PLACE = len(Place._fields)


@dataclass(slots=True)
class Correction:
	"""What is counted in a place today and was not then, less what was counted then and is not today.

	Units: `came` and `gone` are the seconds of closings that are counted today alone, and of those that were then alone.
	Policy: QA-12, QA-M1
	"""

	counts: Counter[str] = field(default_factory=Counter)
	came: Counter[int] = field(default_factory=Counter)
	gone: Counter[int] = field(default_factory=Counter)

	def __bool__(self) -> bool:
		return any(self.counts.values()) or any(self.came.values()) or any(self.gone.values())

	def take(self, other: Correction) -> None:
		"""Corrects what another correction corrects, too."""
		self.counts.update(other.counts)
		self.came.update(other.came)
		self.gone.update(other.gone)

	def applied(self, then: Cell) -> Cell:
		"""What these figures would be today."""
		counts = Counter(then.counts)
		counts.update(self.counts)
		times = then.times
		if self.came or self.gone:
			kept = Counter(times)
			kept.update(self.came)
			kept.subtract(self.gone)
			times = array("q", kept.elements())
		return Cell(counts, times)


def between(then: Cells, today: Cells) -> dict[Place, Correction]:
	"""The corrections of the places that are counted otherwise today than then."""
	found = {}
	for place in {**then, **today}:
		correction = _of(then.get(place, Cell()), today.get(place, Cell()))
		if correction:
			found[place] = correction
	return found


def _of(then: Cell, today: Cell) -> Correction:
	counts = Counter(today.counts)
	counts.subtract(then.counts)
	before, now = Counter(then.times), Counter(today.times)
	return Correction(Counter({name: by for name, by in counts.items() if by}), now - before, before - now)


def total(found: Corrections, wanted: Callable[[Place], object] = lambda _place: True) -> Correction:
	"""The corrections of the places that are wanted, together."""
	whole = Correction()
	for place, correction in found.items():
		if wanted(place):
			whole.take(correction)
	return whole


def written(found: Corrections) -> str:
	"""Corrections as text, in the order of their places; empty for none."""
	rows = [
		[*place, dict(sorted(each.counts.items())), _listed(each.came), _listed(each.gone)]
		for place, each in sorted(found.items())
	]
	return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) if rows else ""


def _listed(times: Counter[int]) -> list[int]:
	return sorted(times.elements())


def read(text: str | None) -> dict[Place, Correction]:
	"""`written` undone; places that have become one by a renaming are one."""
	found: defaultdict[Place, Correction] = defaultdict(Correction)
	for row in json.loads(text or "[]"):
		# An earlier release kept no times that are gone.
		counts, *times = row[PLACE:]
		found[Place(*row[:PLACE])].take(Correction(Counter(counts), *map(Counter, times)))
	return dict(found)
