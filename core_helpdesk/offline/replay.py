"""Runs recorded tickets through the rules: what would have escalated, when, to whom and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.clock import Clock, Kind, TicketState, changed, current_level
from core_helpdesk.domain.escalation import Fired, settled
from core_helpdesk.domain.ticket_stays import Way
from core_helpdesk.offline.csv_files import Change
from core_helpdesk.offline.replay_rules import ReplayRules

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator
	from zoneinfo import ZoneInfo

	from core_helpdesk.domain.clock import Level
	from core_helpdesk.offline.csv_files import Export, Ticket
	from core_helpdesk.offline.replay_rules import PolicyFile
	from core_helpdesk.offline.words import Words


class Escalation(NamedTuple):
	"""A level that fired, with what it had counted."""

	ticket: str
	fired: Fired
	level: Level
	policy: str
	began: int


@dataclass(slots=True)
class Life:
	"""What became of one ticket until the end of the replay.

	Units: `closed` are the moments at which it was closed, in whichever group or none, in seconds since the epoch.
	"""

	ticket: Ticket
	clock: Clock
	way: Way
	closed: list[int] = field(default_factory=list)
	escalations: list[Escalation] = field(default_factory=list)


def rules_for(file: PolicyFile, export: Export, until: int, say: Words) -> ReplayRules:
	"""The rules for all moments between the first ticket and the end of a replay.

	The calendars reach a year further on both sides: a count may begin long before it is due.
	"""
	first = min(export.earliest, until)
	years = [datetime.fromtimestamp(moment, file.zone).year for moment in (first, until)]
	return ReplayRules(file, years[0] - 1, years[1] + 1, say)


def replay(tickets: Iterable[Ticket], rules: ReplayRules, until: int) -> Iterator[Life]:
	"""The life of every ticket opened by `until`; what is due at `until` fires, what changes later does not count.

	Policy: TSM-08, QA-03
	"""
	for ticket in tickets:
		if ticket.opened <= until:
			yield _live(ticket, rules, until)


def history(ticket: Ticket) -> list[Change]:
	"""The changes of a ticket in the order in which they apply; none is earlier than its opening."""
	changes = list(ticket.changes)
	if ticket.resolved and all(change.state is None for change in changes):
		changes.append(Change(ticket.resolved, state=TicketState.RESOLVED))
	held = [change._replace(at=max(change.at, ticket.opened)) for change in changes]
	return sorted(held, key=lambda change: change.at)


def sorted_escalations(lives: Iterable[Life]) -> list[Escalation]:
	"""All escalations by due moment, ticket, cycle and level."""
	fired = (escalation for life in lives for escalation in life.escalations)
	return sorted(fired, key=lambda item: (item.fired.due, item.ticket, item.fired.cycle, item.fired.level))


def reason(escalation: Escalation, zone: ZoneInfo, say: Words) -> str:
	"""Why a level fired, in words."""
	fired, level = escalation.fired, escalation.level
	amount = f"{level.seconds / 3600:g}"
	since = written(escalation.began, zone)[:-3]
	if fired.level == 1:
		if level.kind is Kind.WORKING:
			return say(
				"{0} working hours without a solution, counted since {1} ({2})",
				amount,
				since,
				escalation.policy,
			)
		return say("{0} hours without a solution, counted since {1} ({2})", amount, since, escalation.policy)
	if level.kind is Kind.WORKING:
		return say(
			"{0} working hours without a solution after level {1} of {2}", amount, fired.level - 1, since
		)
	return say("{0} hours without a solution after level {1} of {2}", amount, fired.level - 1, since)


def written(epoch: int, zone: ZoneInfo) -> str:
	"""A moment as written in the files, in the policy's time zone."""
	return (datetime.fromtimestamp(epoch, zone)).strftime("%Y-%m-%d %H:%M:%S")


def _live(ticket: Ticket, rules: ReplayRules, until: int) -> Life:
	clock = changed(Clock(), ticket.opened, rules, group=ticket.group, category=ticket.category)
	life = Life(ticket, clock, Way(ticket.name))
	life.way.follow(Clock(), clock, ticket.opened, rules.file.place(clock.group, clock.category))
	for change in history(ticket):
		if change.at > until:
			break
		_fire(life, change.at, rules)
		before = life.clock
		life.clock = changed(before, change.at, rules, group=change.group, state=change.state)
		if before.is_live and not life.clock.is_live:
			life.closed.append(change.at)
		life.way.follow(before, life.clock, change.at, rules.file.place(life.clock.group, ticket.category))
	_fire(life, until + 1, rules)
	return life


def _fire(life: Life, before: int, rules: ReplayRules) -> None:
	for clock, fired in settled(life.clock, before, rules):
		level, counting = current_level(life.clock, rules), life.clock
		if level is not None:
			item = Escalation(life.ticket.name, fired, level, counting.policy, counting.began)
			life.escalations.append(item)
		life.clock = clock
