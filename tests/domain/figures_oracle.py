"""A second way to the figures of tickets: from the raw changes alone, second by second of their own.

It shares with the code under test the names of the measures and nothing else. Months are told by the calendar on the
wall, so that a month of a zone with daylight saving has the hours that it has.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
	import random
	from zoneinfo import ZoneInfo

GROUPS = ("", "Riyadh", "Dubai", "Cairo", "Berlin")
CATEGORIES = ("", "Claim", "Inquiry")
DAY = 86_400


class Change(NamedTuple):
	"""What is done to a ticket: a new `group`, `category`, `state` ("Open", "Paused", "Resolved"), or `finished`."""

	at: int
	what: str
	value: object


class Escalated(NamedTuple):
	"""A level that came before the ticket's change number `step`; `answered` is when its clock ended, 0 if never, -1 if
	its ticket was merged."""

	step: int
	at: int
	level: int
	group: str
	category: str
	answered: int


@dataclass
class Ticket:
	"""What was done to one ticket, and what its clock made of it."""

	name: str
	changes: list[Change]
	escalated: list[Escalated] = field(default_factory=list)


def random_changes(chance: random.Random, first: int, last: int) -> list[Change]:
	"""A ticket's life: most are simple, some are passed round, reopened, merged and taken up again."""
	at = chance.randrange(first, last)
	changes = [
		Change(at, "category", chance.choice(CATEGORIES)),
		Change(at, "group", chance.choice(GROUPS[1:] if chance.random() < 0.9 else GROUPS)),
	]
	state, finished = "Open", False
	for _step in range(chance.choice((1, 1, 2, 3, 4, 6, 9))):
		# A flip within a second leaves nothing behind; an end and a beginning within one do.
		at += 0 if chance.random() < 0.1 else int(chance.expovariate(1 / (1.5 * DAY))) + 1
		roll = chance.random()
		if roll < 0.3:
			changes.append(Change(at, "group", chance.choice(GROUPS)))
		elif roll < 0.4:
			changes.append(Change(at, "category", chance.choice(CATEGORIES)))
		elif roll < 0.47:
			finished = not finished
			changes.append(Change(at, "finished", finished))
		elif state == "Resolved":
			state = "Open"
			changes.append(Change(at, "state", state))
		else:
			state = chance.choice(("Resolved", "Resolved", "Paused", "Open"))
			changes.append(Change(at, "state", state))
	return changes


class Moment(NamedTuple):
	"""How a ticket stands after a change."""

	step: int
	at: int
	group: str
	category: str
	status: str


class Span(NamedTuple):
	"""A stretch in one group: how the ticket stood before and after it, and the change by which it was over."""

	last: int
	start: int
	end: int
	group: str
	category: str
	before: str
	after: str


Key = tuple[str, str, str]
NEVER = 1 << 60


def moments(changes: list[Change]) -> list[Moment]:
	stands = {"group": "", "category": "", "state": "Open", "finished": False}
	found = []
	for step, change in enumerate(changes):
		stands[change.what] = change.value
		status = "gone" if stands["finished"] else "closed" if stands["state"] == "Resolved" else "live"
		found.append(Moment(step, change.at, stands["group"], stands["category"], status))
	return found


def spans(found: list[Moment]) -> list[Span]:
	"""The stretches in groups, those of no length left out where the ticket only passed through."""
	begun: list[Span] = []
	before = Moment(-1, 0, "", "", "")
	is_in = is_reopened = False
	for now in found:
		is_reopened |= (before.status, now.status) == ("closed", "live")
		goes_on = is_in and now.status == "live" and now.group == before.group
		if goes_on:
			begun[-1] = begun[-1]._replace(category=now.category)
		elif is_in:
			begun[-1] = begun[-1]._replace(last=now.step, end=now.at, after=now.status)
		if now.status == "live" and now.group and not goes_on:
			came_from = "closed" if is_reopened and before.status != "gone" else before.status
			is_reopened = False
			if is_in and begun[-1].start == now.at:
				came_from = begun.pop().before
			begun.append(Span(-1, now.at, NEVER, now.group, now.category, came_from, ""))
		is_in = now.status == "live" and bool(now.group)
		before = now
	return begun


@dataclass
class Oracle:
	"""Counts by (month, group, category), the times of what was closed, and all stretches."""

	zone: ZoneInfo
	counts: defaultdict[Key, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
	times: defaultdict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
	held: list[Span] = field(default_factory=list)

	def take(self, ticket: Ticket, now: int) -> None:
		found = moments(ticket.changes)
		reopenings = [
			after.step
			for before, after in pairwise(found)
			if (before.status, after.status) == ("closed", "live")
		]
		counted_from = 0
		for number, span in enumerate(spans(found)):
			how = self._how_begun(span, is_first=number == 0)
			counted_from = counted_from if how == "moved_in" else span.start
			self._add(how, span.start, span)
			self.held.append(span)
			if span.end == NEVER:
				continue
			how = {"live": "moved_out"}.get(span.after, span.after)
			self._add(how, span.end, span)
			if how == "closed":
				self.times[self._key(span.end, span)].append(span.end - counted_from)
				cycle = max((step for step in reopenings if step < span.last), default=-1)
				if not any(cycle < level.step <= span.last for level in ticket.escalated):
					self._add("kept", span.end, span)
		for level in ticket.escalated:
			self._escalation(level, now)

	def open_at_end(self, month: str) -> Counter[tuple[str, str]]:
		"""Open tickets by group and category when the month ended."""
		return Counter(
			(span.group, span.category)
			for span in self.held
			if self._month(span.start) <= month and (span.end == NEVER or self._month(span.end) > month)
		)

	def _how_begun(self, span: Span, *, is_first: bool) -> str:
		# One that no group ever had is received by the first that has it, whatever happened to it before.
		return (
			"received"
			if is_first
			else {"closed": "reopened", "gone": "taken_on"}.get(span.before, "moved_in")
		)

	def _escalation(self, level: Escalated, now: int) -> None:
		if level.level > 1:
			self._add("to_general_manager", level.at, level)
			return
		self._add("escalated", level.at, level)
		self._add("missed", level.at, level)
		limit = level.at + DAY
		if limit < now and level.answered != -1:
			self._add("answer_due", limit, level)
			if not level.answered or level.answered > limit:
				self._add("failed", limit, level)

	def _add(self, what: str, at: int, where: Span | Escalated) -> None:
		self.counts[self._key(at, where)][what] += 1

	def _key(self, at: int, where: Span | Escalated) -> Key:
		return self._month(at), where.group, where.category

	def _month(self, at: int) -> str:
		return datetime.fromtimestamp(at, self.zone).strftime("%Y-%m")
