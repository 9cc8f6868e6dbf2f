"""Lines of a report on tickets: counts and times, put together from cells by country, department, group or category.

A cell holds what happened in one place. Counts add up, and so any choice of places has its figures; times are kept
one by one, so that medians are those of the choice and no guess.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core_helpdesk.domain.measures import percentiles, rank, share
from core_helpdesk.domain.ticket_measures import CAME, MEASURES, OPEN, WENT, Source, is_open

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Mapping, Sequence

	from core_helpdesk.domain.period import Period
	from core_helpdesk.domain.ticket_facts import Dimension, Place, Raised, Stay
	from core_helpdesk.domain.ticket_measures import Measure

	Cells = Mapping[Place, "Cell"]

# More times than these are not put in order all at once.
MANY = 100_000
NEAR = 12
"""Times are near each other whose seconds differ in so many last binary digits: within some 68 minutes."""

OF_STAYS = {name: measure for name, measure in MEASURES.items() if measure.source is Source.STAYS}
OF_ESCALATIONS = {name: measure for name, measure in MEASURES.items() if measure.source is Source.ESCALATIONS}


@dataclass(slots=True)
class Cell:
	"""What happened in one place, or in several together.

	Units: `times` are the absolute seconds that each closing took, in any order; eight bytes each, as a year has millions.
	Policy: QA-12, QA-16, TSM-M1
	"""

	counts: Counter[str] = field(default_factory=Counter)
	times: array[int] = field(default_factory=lambda: array("q"))

	def __post_init__(self) -> None:
		if not isinstance(self.times, array):
			self.times = array("q", self.times)

	def __getitem__(self, name: str) -> int:
		"""The count of a measure, 0 if nothing was counted."""
		return self.counts[name]

	@property
	def within_standard(self) -> float | None:
		"""The share of decided cycles that were closed in time; None before any is decided.

		Policy: TSM-M1
		"""
		return share(self["kept"], self["kept"] + self["missed"])

	@property
	def solved_in_time(self) -> float | None:
		"""The share of the escalations whose 24 hours ended that were solved in them; None without any.

		Policy: TSM-01, TSM-02
		"""
		return share(self["answer_due"] - self["failed"], self["answer_due"])

	@property
	def balance(self) -> int:
		"""By how much the open tickets of a place grew: what came less what went."""
		return sum(map(self.__getitem__, CAME)) - sum(map(self.__getitem__, WENT))

	def times_to_close(self, *percents: int) -> tuple[int | None, ...]:
		"""The seconds that so many percent of the closings did not exceed, by nearest rank; None without any."""
		of_times = _of_many if len(self.times) > MANY else percentiles
		return of_times(self.times, *percents)

	def take(self, other: Cell) -> None:
		"""Counts what another cell counts, too."""
		self.counts.update(other.counts)
		self.times += other.times


def _of_many(times: Sequence[int], *percents: int) -> tuple[int, ...]:
	"""As `percentiles`, and as exact: of all times no more are put in order than those near the ones that are sought."""
	near = Counter(map(NEAR.__rrshift__, times))
	return tuple(_ranked(times, near, rank(len(times), percent)) for percent in percents)


def _ranked(times: Sequence[int], near: Counter[int], sought: int) -> int:
	for part in sorted(near):
		if sought <= near[part]:
			break
		sought -= near[part]
	first, beyond = part << NEAR, part + 1 << NEAR
	return sorted(seconds for seconds in times if first <= seconds < beyond)[sought - 1]


def cells(stays: Iterable[Stay], raised: Iterable[Raised], period: Period) -> dict[Place, Cell]:
	"""What happened in the period in every place, and what was open there at its end.

	Policy: QA-12, QA-16
	"""
	found: defaultdict[Place, Cell] = defaultdict(Cell)
	for stay in stays:
		for name in _counted(OF_STAYS, stay, period):
			found[stay.place].counts[name] += 1
			if name == "closed":
				found[stay.place].times.append(stay.seconds_to_close)
		if is_open(stay, period):
			found[stay.place].counts[OPEN] += 1
	for fact in raised:
		for name in _counted(OF_ESCALATIONS, fact, period):
			found[fact.place].counts[name] += 1
	return dict(found)


def _counted(measures: Mapping[str, Measure], fact: Stay | Raised, period: Period) -> list[str]:
	return [name for name, measure in measures.items() if measure.counts(fact, period)]


def total(found: Cells) -> Cell:
	"""All cells together."""
	whole = Cell()
	for cell in found.values():
		whole.take(cell)
	return whole


def lines(found: Cells, by: Dimension) -> dict[str, Cell]:
	"""The cells put together by country, department, group category, group or ticket category."""
	told: defaultdict[str, Cell] = defaultdict(Cell)
	for place, cell in found.items():
		told[getattr(place, by.value)].take(cell)
	return dict(told)


def chosen(found: Cells, wanted: Callable[[Place], bool]) -> dict[Place, Cell]:
	"""The cells of the places that are wanted."""
	return {place: cell for place, cell in found.items() if wanted(place)}
