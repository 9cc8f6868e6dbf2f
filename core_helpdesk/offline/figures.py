"""The figures of a report, counted from the lives of replayed tickets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.measures import SOLVED_WITHIN
from core_helpdesk.domain.period import Period
from core_helpdesk.domain.ticket_facts import Began, Dimension, Raised
from core_helpdesk.domain.ticket_lines import Cell, cells, lines, total

if TYPE_CHECKING:
	from collections.abc import Iterable, Mapping
	from zoneinfo import ZoneInfo

	from core_helpdesk.domain.ticket_facts import Place
	from core_helpdesk.offline.replay import Escalation, Life
	from core_helpdesk.offline.replay_rules import PolicyFile

CLOSED_STEPS = (4, 8, 24, 48, 120)
"""Limits of the classes of time to close, in hours."""


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


class Line(NamedTuple):
	"""A line of the report: what happened, and its escalations by level."""

	cell: Cell
	levels: Counter[int]


@dataclass
class Figures:
	"""All counts of one replay: by place, as the reports of a site have them, and what only a replay tells.

	`levels` are escalations by place and level; `homeless` counts tickets that no group ever had.
	"""

	cells: dict[Place, Cell]
	levels: dict[Place, Counter[int]]
	tickets: int = 0
	homeless: int = 0
	targets: Counter[str] = field(default_factory=Counter)
	unsolved: list[Unsolved] = field(default_factory=list)
	received_on: Counter[date] = field(default_factory=Counter)
	escalated_on: Counter[date] = field(default_factory=Counter)

	@cached_property
	def total(self) -> Line:
		return Line(total(self.cells), sum(self.levels.values(), Counter()))

	def by(self, dimension: Dimension) -> dict[str, Line]:
		"""The lines by country, department, group or ticket category; names as they stand in the files."""
		levels: dict[str, Counter[int]] = {}
		for place, counted in self.levels.items():
			levels.setdefault(getattr(place, dimension.value), Counter()).update(counted)
		found = lines(self.cells, dimension)
		return {name: Line(cell, levels.get(name, Counter())) for name, cell in found.items()}

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

	def closed_classes(self) -> list[int]:
		"""How many closings came within each step of CLOSED_STEPS, and how many took longer."""
		counts = [0] * (len(CLOSED_STEPS) + 1)
		for seconds in self.total.cell.times:
			counts[next((n for n, hours in enumerate(CLOSED_STEPS) if seconds <= hours * 3600), -1)] += 1
		return counts


def count(lives: Iterable[Life], file: PolicyFile, until: int) -> Figures:
	"""The figures of all lives until the end of the replay.

	Policy: QA-12, QA-16, TSM-13
	"""
	lives = list(lives)
	stays = [stay for life in lives for stay in life.way.stays]
	raised = [(life, item, _raised(life, item, file)) for life in lives for item in life.escalations]
	# What happens at the very end still counts, as it does in a replay.
	so_far = Period(min((life.ticket.opened for life in lives), default=0), until + 1)
	figures = Figures(cells(stays, [fact for *_of, fact in raised], so_far), {}, tickets=len(lives))
	for stay in stays:
		figures.received_on[_day(stay.began, file.zone)] += stay.by is Began.RECEIVED
	for _life, item, fact in raised:
		figures.levels.setdefault(fact.place, Counter())[fact.level] += 1
		figures.targets[item.fired.target] += 1
		figures.escalated_on[_day(fact.at, file.zone)] += fact.level == 1
	figures.homeless = sum(not life.way.stays for life in lives)
	figures.unsolved = [_unsolved(life) for life in lives if life.clock.is_live and life.clock.level]
	return figures


def _raised(life: Life, escalation: Escalation, file: PolicyFile) -> Raised:
	"""The escalation as a fact; it was answered when the ticket was next closed."""
	fired = escalation.fired
	return Raised(
		life.ticket.name,
		file.place(fired.group, life.ticket.category),
		fired.due,
		fired.level,
		target=fired.target,
		answer_due=fired.due + SOLVED_WITHIN,
		ended=min((at for at in life.closed if at >= fired.due), default=0),
	)


def _unsolved(life: Life) -> Unsolved:
	ticket, last = life.ticket, life.escalations[-1].fired
	return Unsolved(ticket.name, life.clock.group, ticket.category, last.target, ticket.opened, last.due)


def _within(counts: Mapping[date, int], start: date, length: int) -> int:
	return sum(counts.get(start + timedelta(days=n), 0) for n in range(length))


def _day(epoch: int, zone: ZoneInfo) -> date:
	return datetime.fromtimestamp(epoch, zone).date()
