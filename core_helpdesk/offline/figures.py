"""The figures of a report, counted from the lives of replayed tickets."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.measures import SOLVED_WITHIN, Tally

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator, Mapping
	from zoneinfo import ZoneInfo

	from core_helpdesk.offline.replay import Escalation, Life
	from core_helpdesk.offline.replay_rules import PolicyFile

SOLVED_STEPS = (4, 8, 24, 48, 120)
"""Limits of the classes of time to solve, in hours."""


class Bin(NamedTuple):
	"""A stretch of the period, by its first day, with what happened in it."""

	first: date
	received: int
	escalated: int


class Unsolved(NamedTuple):
	"""A ticket that escalated in its present cycle and is not solved.

	Units: `opened` and `escalated`, its last escalation, are seconds since the epoch.
	"""

	ticket: str
	group: str
	category: str
	target: str
	opened: int
	escalated: int


@dataclass(slots=True)
class Figures:
	"""All counts of one replay; the keys of a breakdown are names as they stand in the files."""

	total: Tally = field(default_factory=Tally)
	departments: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
	countries: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
	groups: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
	categories: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
	targets: Counter[str] = field(default_factory=Counter)
	unsolved: list[Unsolved] = field(default_factory=list)
	received_on: Counter[date] = field(default_factory=Counter)
	escalated_on: Counter[date] = field(default_factory=Counter)

	def bins(self) -> list[Bin]:
		"""What happened by day, or by week or thirty days when the period is long."""
		days = {*self.received_on, *self.escalated_on}
		if not days:
			return []
		first, last = min(days), max(days)
		length = next(size for size in (1, 7, 30, 365) if (last - first).days < 70 * size or size == 365)
		starts = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, length)]
		return [
			Bin(start, _within(self.received_on, start, length), _within(self.escalated_on, start, length))
			for start in starts
		]

	def solved_classes(self) -> list[int]:
		"""How many tickets were solved within each step of SOLVED_STEPS, and how many took longer."""
		counts = [0] * (len(SOLVED_STEPS) + 1)
		for seconds in self.total.times_to_solve:
			counts[next((n for n, hours in enumerate(SOLVED_STEPS) if seconds <= hours * 3600), -1)] += 1
		return counts


def count(lives: Iterable[Life], file: PolicyFile, until: int) -> Figures:
	"""The figures of all lives until the end of the replay.

	Policy: QA-12, QA-16, TSM-13
	"""
	figures = Figures()
	for life in lives:
		_count_ticket(figures, life, file)
		for escalation in life.escalations:
			_count_escalation(figures, life, escalation, file, until)
	return figures


def _within(counts: Mapping[date, int], start: date, length: int) -> int:
	return sum(counts.get(start + timedelta(days=n), 0) for n in range(length))


def _count_ticket(figures: Figures, life: Life, file: PolicyFile) -> None:
	ticket, clock = life.ticket, life.clock
	figures.received_on[_day(ticket.opened, file.zone)] += 1
	for tally in _tallies(
		figures, file, {stay.group for stay in life.stays} or {ticket.group}, ticket.category
	):
		tally.received += 1
	for tally in _tallies(figures, file, {clock.group}, ticket.category):
		tally.open += clock.is_live
		tally.reopened += life.reopened
		if life.solved and not clock.is_live:
			tally.solved += 1
			tally.times_to_solve.append(life.solved[-1].at - ticket.opened)
	if clock.is_live and clock.level:
		last = life.escalations[-1].fired
		figures.unsolved.append(
			Unsolved(ticket.name, clock.group, ticket.category, last.target, ticket.opened, last.due)
		)
	for solution in life.solved:
		for tally in _tallies(figures, file, {solution.group}, ticket.category):
			tally.kept += solution.kept


def _count_escalation(
	figures: Figures, life: Life, escalation: Escalation, file: PolicyFile, until: int
) -> None:
	fired = escalation.fired
	limit = fired.due + SOLVED_WITHIN
	in_time = any(fired.due <= solution.at <= limit for solution in life.solved)
	has_failed = fired.level == 1 and limit <= until and not in_time
	figures.targets[fired.target] += 1
	figures.escalated_on[_day(fired.due, file.zone)] += fired.level == 1
	for tally in _tallies(figures, file, {fired.group}, life.ticket.category):
		tally.levels[fired.level] += 1
		tally.failed += has_failed


def _tallies(figures: Figures, file: PolicyFile, groups: set[str], category: str) -> Iterator[Tally]:
	"""Every line that a ticket belongs to while it is in one of these groups, each once."""
	yield figures.total
	yield figures.categories[category]
	for group in groups:
		yield figures.groups[group]
	facts = [file.facts(group) for group in groups]
	for department in {fact.department for fact in facts}:
		yield figures.departments[department]
	for country in {fact.country for fact in facts}:
		yield figures.countries[country]


def _day(epoch: int, zone: ZoneInfo) -> date:
	return datetime.fromtimestamp(epoch, zone).date()
