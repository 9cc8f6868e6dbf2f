"""Counts the facts of tickets in the database: legs and escalations, by the domain's own measures.

The keys of the two tables hold all that is counted, so that a month costs what happened in it, whatever lies before.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Min
from pypika.terms import Function

from core_helpdesk.domain.period import Period
from core_helpdesk.domain.ticket_facts import LAPSED, Answer, Ended, Place
from core_helpdesk.domain.ticket_lines import Cell
from core_helpdesk.domain.ticket_measures import MEASURES, OPEN, Measure, Source

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

	from pypika.dialects import QueryBuilder
	from pypika.queries import Table
	from pypika.terms import Criterion, Term

LEG, ESCALATION = "Ticket Leg", "Ticket Escalation"
DOCTYPES = {Source.STAYS: LEG, Source.ESCALATIONS: ESCALATION}
FIELDS = {
	"began": "from_epoch",
	"by": "began_by",
	"ended": "to_epoch",
	"how": "ended_by",
	"kept": "kept",
	"at": "escalated_epoch",
	"level": "level",
	"clock": "clock",
	"target": "target",
	"answer_due": "answer_due_epoch",
}
"""The columns of the facts' fields."""
PLACE = ("country", "department", "group_category", "team", "ticket_category")
PLACES_AT_ONCE = 1000
# About so many closings are fetched at once, however many days are asked for.
CLOSINGS_AT_ONCE = 50_000


class Facts(NamedTuple):
	"""A kind of facts that happen at one moment: the measures that count them, and what tells these apart."""

	source: Source
	moment: str
	measures: dict[str, Measure]

	@property
	def fields(self) -> tuple[str, ...]:
		"""What the measures ask of a fact, beside what had come of it."""
		return tuple(dict.fromkeys(name for one in self.measures.values() for name in one.where))

	@property
	def values(self) -> dict[str, list]:
		"""The values of the fields of which every measure asks one."""
		asked = {name: [one.where.get(name) for one in self.measures.values()] for name in self.fields}
		return {
			name: [getattr(value, "value", value) for value in dict.fromkeys(values)]
			for name, values in asked.items()
			if None not in values
		}

	@property
	def asks_answer(self) -> bool:
		return any(one.answers for one in self.measures.values())


class Alike:
	"""Facts that no measure tells apart."""

	def __init__(self, fields: Iterable[str], values: Iterable[object], answer: str) -> None:
		self.__dict__.update(zip(fields, values, strict=True))
		self.answer = answer


def _kinds() -> list[Facts]:
	kinds: dict[tuple[Source, str], dict[str, Measure]] = defaultdict(dict)
	for name, measure in MEASURES.items():
		kinds[measure.source, measure.moment][name] = measure
	return [Facts(*key, measures) for key, measures in kinds.items()]


KINDS = _kinds()


class Tally:
	"""Counts by the numbers of places, and for each a row in which the place can be read.

	A group that was renamed stands in older rows under its new name, but under the number of its old one.
	"""

	def __init__(self) -> None:
		self.cells: defaultdict[int, Cell] = defaultdict(Cell)
		self.samples: dict[int, tuple[str, str]] = {}

	def add(self, number: int, doctype: str, sample: str, names: Iterable[str], count: int) -> None:
		for name in names:
			self.cells[number].counts[name] += count
			self.samples.setdefault(number, (doctype, sample))

	def places(self) -> dict[int, Place]:
		"""What the numbers stand for now."""
		found: dict[int, Place] = {}
		for doctype in DOCTYPES.values():
			names = {name: number for number, (of, name) in self.samples.items() if of == doctype}
			for name, *words in _rows(doctype, list(names)):
				found[names[name]] = Place(*(word or "" for word in words))
		return found

	def by_place(self, places: Mapping[int, Place] | None = None) -> dict[Place, Cell]:
		"""The counts of every place; `places` are what the numbers stand for, if that has been read already."""
		found: defaultdict[Place, Cell] = defaultdict(Cell)
		for number, place in (self.places() if places is None else places).items():
			if number in self.cells:
				found[place].take(self.cells[number])
		return dict(found)


def cells(
	period: Period, wanted: Callable[[Place], object] | None = None, names: Iterable[str] | None = None
) -> dict[Place, Cell]:
	"""What happened in the period in every place that is wanted, and what was open there at its end; exact.

	Of all measures or of those named alone. The times of closings, of which there are many, are read for the places
	that are wanted alone.
	Policy: QA-12, QA-16, TSM-M1
	"""
	tally = counted(period, names)
	places = tally.places()
	here = {number for number, place in places.items() if wanted is None or wanted(place)}
	found: defaultdict[Place, Cell] = defaultdict(Cell)
	for number in here:
		found[places[number]].take(tally.cells[number])
	closings = {number: count for number in here if (count := tally.cells[number]["closed"])}
	for number, seconds in _times(period, closings, of_all=len(here) == len(places)):
		# What came in since the places were read is of the next count.
		if number in here:
			found[places[number]].times.append(seconds)
	return dict(found)


def counted(period: Period, names: Iterable[str] | None = None) -> Tally:
	"""The counts of these measures, of all without names; without the times.

	Raises: KeyError for a measure that is not known.
	"""
	tally = Tally()
	wanted = {OPEN, *MEASURES} if names is None else set(names)
	for kind in kinds(wanted):
		for _part, *counted_at_once in alike(kind, period):
			tally.add(*counted_at_once)
	if OPEN in wanted:
		_count_open(tally, period)
	return tally


def kinds(names: Iterable[str]) -> Iterator[Facts]:
	"""The kinds of facts that these measures count, each with those of the measures that count it."""
	wanted = set(names)
	for kind in KINDS:
		if measures := {name: one for name, one in kind.measures.items() if name in wanted}:
			yield kind._replace(measures=measures)


def some(names: Iterable[str], period: Period) -> dict[Place, Cell]:
	"""The counts of these measures alone, in every place."""
	return counted(period, names).by_place()


def alike(
	kind: Facts, period: Period, starts: Sequence[int] = ()
) -> Iterator[tuple[int, int, str, str, list[str], int]]:
	"""The facts of a kind in the period, as many at once as no measure tells apart: in which part of the period, and
	what a tally adds.

	Units: `starts` are when the parts begin, in seconds since the epoch; the first of them is 1, and 0 is all of it.
	"""
	table = frappe.qb.DocType(DOCTYPES[kind.source])
	moment = table[FIELDS[kind.moment]]
	asked = [table[FIELDS[name]] for name in kind.fields]
	if kind.asks_answer:
		asked.append(_answer(table))
	if starts:
		asked.insert(0, Function("interval", moment, *starts))
	query = (
		frappe.qb.from_(table)
		.select(*asked, table.place, Count("*"), Min(table.name))
		.where(within(moment, period))
		.groupby(*asked, table.place)
	)
	for name, values in kind.values.items():
		query = query.where(table[FIELDS[name]].isin(values))
	for *values, place, count, sample in query.run():
		part = values.pop(0) if starts else 0
		answer = values.pop() if kind.asks_answer else ""
		fact = Alike(kind.fields, values, answer)
		names = [name for name, measure in kind.measures.items() if measure.fits(fact)]
		yield part, place, DOCTYPES[kind.source], sample, names, count


def _answer(table: Table) -> Term:
	"""What had come of an escalation when its answer was due, as the domain says it."""
	in_time = (table.ended_epoch > 0) & (table.ended_epoch <= table.answer_due_epoch)
	return (
		Case()
		.when(table.ended_epoch == LAPSED, Answer.LAPSED.value)
		.when(in_time, Answer.IN_TIME.value)
		.else_(Answer.NONE.value)
	)


def within(moment: Term, period: Period) -> Criterion:
	"""Whether a moment of the table lies in the period; 0, which is none, never does."""
	return (moment >= max(period.start, 1)) & (moment < period.end)


def _count_open(tally: Tally, period: Period) -> None:
	leg = frappe.qb.DocType(LEG)
	for ended in (leg.to_epoch == 0, leg.to_epoch >= max(period.end, 1)):
		query = (
			frappe.qb.from_(leg)
			.select(leg.place, Count("*"), Min(leg.name))
			.where(ended & (leg.from_epoch < period.end))
			.groupby(leg.place)
		)
		for place, count, sample in query.run():
			tally.add(place, LEG, sample, [OPEN], count)


def _times(period: Period, closings: dict[int, int], *, of_all: bool) -> Iterator[tuple[int, int]]:
	"""Of every closing in the places of these numbers its number, and the seconds that it took.

	`closings` are how many there are, by number; `of_all` says that there are no others.
	"""
	leg = frappe.qb.DocType(LEG)
	query = frappe.qb.from_(leg).select(leg.place, leg.seconds_to_close)
	query = query.where(leg.ended_by == Ended.CLOSED.value)
	if not of_all:
		query = query.where(leg.place.isin(sorted(closings)))
	count = sum(closings.values())
	for part in _slices(period, -(-count // CLOSINGS_AT_ONCE)):
		yield from query.where(within(leg.to_epoch, part)).run()


def _slices(period: Period, count: int) -> Iterator[Period]:
	"""The period in so many parts, of one length but for the last; none of them if `count` is 0."""
	length = -(-(period.end - period.start) // max(count, 1))
	for number in range(count):
		start = period.start + number * length
		yield Period(start, min(start + length, period.end))


def _rows(doctype: str, names: list[str]) -> Iterator[tuple]:
	for first in range(0, len(names), PLACES_AT_ONCE):
		part = {"name": ("in", names[first : first + PLACES_AT_ONCE])}
		yield from frappe.get_all(doctype, part, ["name", *PLACE], as_list=True, order_by=None)


def tickets(name: str, period: Period, wanted: Iterable[int]) -> QueryBuilder:
	"""The query for the rows behind a figure, in the places of these numbers: as many as it counts.

	Raises: KeyError for a measure that is not known.
	Policy: QA-12
	"""
	measure = MEASURES[name] if name != OPEN else None
	table = frappe.qb.DocType(DOCTYPES[measure.source] if measure else LEG)
	query = (
		frappe.qb.from_(table).select(table.name, table.reference_name).where(table.place.isin(list(wanted)))
	)
	return query.where(_of(table, measure, period))


def _of(table: Table, measure: Measure | None, period: Period) -> Criterion:
	if measure is None:
		return (table.from_epoch < period.end) & ((table.to_epoch == 0) | (table.to_epoch >= period.end))
	condition = within(table[FIELDS[measure.moment]], period)
	for name, value in measure.where.items():
		condition &= table[FIELDS[name]] == getattr(value, "value", value)
	if measure.answers:
		condition &= _answer(table).isin([answer.value for answer in measure.answers])
	return condition
