"""What a group or policy would have done to past tickets: a replay under today's rules and under proposed ones.

Values in, counters out: no frappe, no reading of the time of day, nothing is changed. Seconds are since the
epoch (UTC), 0 means "none". Memory follows the number of groups and targets, not that of tickets.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.clock import Clock, TicketState, changed
from core_helpdesk.domain.escalation import settled
from core_helpdesk.domain.proposal import AsOf, ProposedRules

if TYPE_CHECKING:
	from collections.abc import Callable, Hashable, Iterable, Mapping

	from core_helpdesk.domain.policy import Rules
	from core_helpdesk.domain.proposal import PastTicket, Proposal

EVERY = 10_000
HOUR, DAY = 3600, 86_400
RESOLVED = TicketState.RESOLVED  # to look it up in its class each time costs more than the comparison
THURSDAY = 3
"""The weekday of the epoch, Monday being 0."""


class Stay(NamedTuple):
	"""The time a ticket was in one group and not resolved."""

	group: str
	start: int
	end: int


@dataclass(slots=True)
class Figures:
	"""What happened under one set of rules.

	`received` counts tickets by group, each ticket once for a group; `escalated` counts by group, level and target;
	`hours` by hour of the week in local time, Monday first.
	Units: `load` is seconds that tickets were in a group and not resolved.
	Policy: QA-03
	"""

	received: Counter[str] = field(default_factory=Counter)
	load: Counter[str] = field(default_factory=Counter)
	escalated: Counter[tuple[str, int, str]] = field(default_factory=Counter)
	hours: Counter[int] = field(default_factory=Counter)

	@property
	def by_level(self) -> Counter[tuple[int, str]]:
		"""Escalations by level and target."""
		return _summed((key[1:], count) for key, count in self.escalated.items())

	@property
	def by_hour(self) -> list[int]:
		"""Escalations by hour of the day, 24 of them."""
		found = _summed((hour % 24, count) for hour, count in self.hours.items())
		return [found[hour] for hour in range(24)]

	@property
	def by_weekday(self) -> list[int]:
		"""Escalations by day of the week, Monday first."""
		found = _summed((hour // 24, count) for hour, count in self.hours.items())
		return [found[day] for day in range(7)]

	def plus(self, other: Figures) -> Figures:
		return Figures(
			_summed([*self.received.items(), *other.received.items()]),
			_summed([*self.load.items(), *other.load.items()]),
			_summed([*self.escalated.items(), *other.escalated.items()]),
			_summed([*self.hours.items(), *other.hours.items()]),
		)


class Impact(NamedTuple):
	"""The figures of today's and of the proposed rules, and of how many tickets the proposal concerned.

	`before` and `after` are the same of the tickets alone that the proposal concerned.
	Policy: QA-03
	"""

	tickets: int
	concerned: int
	today: Figures
	proposed: Figures
	before: Figures
	after: Figures


def change(today: Mapping[Hashable, int], proposed: Mapping[Hashable, int]) -> dict[Hashable, int]:
	"""What is more (or less, negative) in the second of two counts; what is the same is left out."""
	keys = dict.fromkeys([*today, *proposed])
	return {key: more for key in keys if (more := proposed.get(key, 0) - today.get(key, 0))}


@dataclass(slots=True)
class _World:
	"""One set of rules, with what came of the tickets replayed under it."""

	rules: AsOf
	until: int
	offset: Callable[[int], int]
	figures: Figures = field(default_factory=Figures)

	def replay(self, ticket: PastTicket, stays: list[Stay], group_of: Callable[[str], str]) -> None:
		received, load = self.figures.received, self.figures.load
		seen = set()
		for group, start, end in stays:
			if group:
				seen.add(group)
				load[group] += end - start
		for group in seen:
			received[group] += 1
		if self._may_escalate(ticket.category, stays):
			end = stays[-1].end
			self._escalate(ticket, group_of, end if end < self.until else self.until + 1)

	def _may_escalate(self, category: str, stays: list[Stay]) -> bool:
		"""False if level 1 could not be due in any stay even if no pause had held its count up.

		Most tickets are solved long before; they need no clock.
		"""
		for group, start, end in stays:
			due = self.rules.earliest_due(group, category, start)
			if due < end or due == end == self.until:
				return True
		return False

	def _escalate(self, ticket: PastTicket, group_of: Callable[[str], str], before: int) -> None:
		"""Counts what was due before the ticket was solved for good, or before the replay was over."""
		group = group_of(ticket.group)
		clock = changed(Clock(), ticket.opened, self.rules, group=group, category=ticket.category)
		for at, group, state in ticket.changes:
			if at >= before:
				break
			clock = self._settled(clock, at)
			moved = None if group is None else group_of(group)
			clock = changed(clock, at, self.rules, group=moved, state=state)
		self._settled(clock, before)

	def _settled(self, clock: Clock, before: int) -> Clock:
		for after, fired in settled(clock, before, self.rules):
			local = fired.due + self.offset(fired.due)
			self.figures.escalated[fired.group, fired.level, fired.target] += 1
			self.figures.hours[(local // DAY + THURSDAY) % 7 * 24 + local % DAY // HOUR] += 1
			clock = after
		return clock


def impact(
	tickets: Iterable[PastTicket],
	rules: Rules,
	proposal: Proposal,
	until: int,
	*,
	offset: Callable[[int], int],
	progress: Callable[[int], None] = lambda done: None,
	every: int = EVERY,
) -> Impact:
	"""Both sets of figures, for tickets opened by `until`, as if the rules of that moment had always been in force.

	`offset` gives what is to be added to a moment for local time; `progress` is told the number of tickets read,
	after each `every` of them. A ticket that the proposal does not concern is replayed once, for both.

	Units: seconds.
	Raises: OutOfTable if a calendar does not reach to where a count leads.
	Policy: QA-03
	"""
	today, proposed = AsOf(rules, until), ProposedRules(rules, until, proposal=proposal)
	same, before, after = (_World(each, until, offset) for each in (today, today, proposed))
	read = concerned = counted = 0
	for read, ticket in enumerate(tickets, 1):
		if read % every == 0:
			progress(read)
		if ticket.opened > until:
			continue
		counted += 1
		stays = _stays(ticket, _as_it_was, until)
		if not proposal.concerns(ticket):
			same.replay(ticket, stays, _as_it_was)
			continue
		concerned += 1
		before.replay(ticket, stays, _as_it_was)
		if proposal.takes(ticket):
			instead = proposal.taking.group_instead
			after.replay(ticket, _stays(ticket, instead, until), instead)
		else:
			after.replay(ticket, stays, _as_it_was)
	totals = (same.figures.plus(each.figures) for each in (before, after))
	return Impact(counted, concerned, *totals, before.figures, after.figures)


def _stays(ticket: PastTicket, group_of: Callable[[str], str], until: int) -> list[Stay]:
	"""The stays of a ticket until the end of the replay, the last of which may still go on then."""
	stays: list[Stay] = []
	group, is_live, start = group_of(ticket.group), True, ticket.opened
	for at, moved_to, state in ticket.changes:
		if at > until:
			break
		group_after = group if moved_to is None else group_of(moved_to)
		live_after = is_live if state is None else state is not RESOLVED
		if is_live and not (live_after and group_after == group):
			stays.append(Stay(group, start, at))
			start = at
		elif live_after and not is_live:
			start = at
		group, is_live = group_after, live_after
	if is_live:
		stays.append(Stay(group, start, until))
	return stays


def _as_it_was(group: str) -> str:
	return group


def _summed(counts: Iterable[tuple[Hashable, int]]) -> Counter:
	total: Counter = Counter()
	for key, count in counts:
		total[key] += count
	return total
