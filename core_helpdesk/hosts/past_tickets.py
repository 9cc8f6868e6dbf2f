"""What became of tickets: their groups and statuses since they were opened, as exactly as the site knows.

Changes of status are recorded by the host only, in the ticket's activity; this app records stays in groups, which
are more exact than the host's notes and are used from the first one on. Where nobody recorded how a ticket came to
its present status, it is taken to have come there when it was solved, else when its row was last written. The group
before the first recorded move, and the category before a change of it, are recorded nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk.domain.clock import TicketState
from core_helpdesk.domain.proposal import PastChange, PastTicket
from core_helpdesk.hosts import hd_team, ticket_history
from core_helpdesk.hosts.hd_ticket import DOCTYPE
from core_helpdesk.hosts.ticket_history import Noted

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator, Mapping

	from core_helpdesk.hosts.ticket_history import RecordedTicket

OPEN, RESOLVED = TicketState.OPEN, TicketState.RESOLVED
AT, BY_MOMENT = itemgetter(0), itemgetter(0, 1)


class Leg(NamedTuple):
	"""A stay in a group; `end` is 0 while it lasts.

	Units: seconds since the epoch.
	"""

	cycle: int
	group: str
	start: int
	end: int


class Past(NamedTuple):
	"""A ticket's group when it was opened, what changed since, oldest first, and since when it is over, if it is.

	`assumed` says that nobody recorded when it came to its present status.
	"""

	group: str
	changes: list[Noted]
	over_since: int = 0
	assumed: bool = False


class Reader(NamedTuple):
	"""What all tickets are read with."""

	states: Mapping[str, TicketState]
	hidden: frozenset[str]

	@classmethod
	def of_site(cls) -> Reader:
		return cls(ticket_history.states(), frozenset(hd_team.hidden_teams()))

	def past(self, ticket: RecordedTicket, noted: list[Noted], legs: list[Leg]) -> Past:
		moved = [change for change in noted if change.event == "group"]
		known = [change for change in noted if change.event == "state" and change.value in self.states]
		first = self.first_group(ticket, moved, legs)
		moves = self.moves(ticket, moved, legs) if legs else moved
		assumed = self.unrecorded(ticket, known, legs)
		statuses = [*known, assumed] if assumed else known
		# What was saved together is one moment: the new state begins in the new group.
		changes = sorted([*self.entered(first, moves), *statuses], key=BY_MOMENT)
		over_since = statuses[-1].at if statuses and self.is_over(ticket.status) else 0
		return Past(first, changes, over_since, assumed is not None)

	def first_group(self, ticket: RecordedTicket, moved: list[Noted], legs: list[Leg]) -> str:
		"""The group of an opened ticket: the first known one, unless a note says that it was put there later."""
		first = legs[0].group if legs else ticket.group
		was_put_there = moved and (not legs or moved[0].at <= legs[0].start)
		return "" if was_put_there or first in self.hidden else first

	def moves(self, ticket: RecordedTicket, moved: list[Noted], legs: list[Leg]) -> list[Noted]:
		"""The moves by notes until stays were recorded, and by stays from then on."""
		earlier = [change for change in moved if change.at <= legs[0].start]
		# Stays do not tell whether a ticket left its group before it was solved, or by it.
		left = [change for change in moved[len(earlier) :] if not change.value]
		stays = _moves_of(legs, left=not ticket.group and not self.is_over(ticket.status))
		return sorted([*earlier, *left, *stays], key=AT)

	def entered(self, group: str, moves: list[Noted]) -> Iterator[Noted]:
		"""The moves into another group than before that is not hidden."""
		for move in moves:
			if move.value != group and move.value not in self.hidden:
				yield move
				group = move.value

	def unrecorded(self, ticket: RecordedTicket, known: list[Noted], legs: list[Leg]) -> Noted | None:
		"""The change to the present status where the last one recorded leads to another state."""
		last = self.states[known[-1].value] if known else OPEN
		if self.states.get(ticket.status, last) is last:
			return None
		at = ticket.modified
		if self.is_over(ticket.status):
			at = ticket.resolved or (legs[-1].end if legs else 0) or ticket.modified
		return Noted(max(at, known[-1].at if known else 0), "state", ticket.status)

	def is_over(self, status: str) -> bool:
		return self.states.get(status) is RESOLVED


@dataclass(slots=True)
class Seen:
	"""How many tickets were read, and of how many of them something is not known.

	`without_first` had a group later on, and nobody knows which before; of `assumed` nobody recorded when they came
	to their present status.
	"""

	tickets: int = 0
	without_first: int = 0
	assumed: int = 0


def past_tickets(since: int, until: int, seen: Seen) -> Iterator[PastTicket]:
	"""The tickets of a time as the study of a request replays them, read page by page; `seen` counts along.

	Units: seconds since the epoch.
	Policy: QA-03
	"""
	reader = Reader.of_site()
	for batch in ticket_history.batches(since):
		names = [ticket.name for ticket in batch]
		noted, legs = ticket_history.noted(names), legs_of(names)
		for ticket in batch:
			if ticket.created > until:
				continue
			past = reader.past(ticket, noted[ticket.name], legs[ticket.name])
			seen.tickets += 1
			seen.assumed += past.assumed
			seen.without_first += not past.group and any(change.event == "group" for change in past.changes)
			yield _past_ticket(ticket, past, reader.states)


def _past_ticket(ticket: RecordedTicket, past: Past, states: Mapping[str, TicketState]) -> PastTicket:
	changes: list[PastChange] = []
	for at, event, value in past.changes:
		at = max(at, ticket.created)
		group, state = (value, None) if event == "group" else (None, states[value])
		if changes and changes[-1].at == at:
			# What was saved together is one change: nobody received a ticket that was solved as it came.
			before = changes.pop()
			group, state = before.group if group is None else group, state or before.state
		changes.append(PastChange(at, group, state))
	return PastTicket(ticket.created, past.group, ticket.category, tuple(changes))


def legs_of(names: Iterable[str]) -> dict[str, list[Leg]]:
	"""The recorded stays in groups of these tickets, by ticket, oldest first."""
	found: dict[str, list[Leg]] = {name: [] for name in names}
	rows = frappe.db.sql(  # nosemgrep: fixed text, values by parameters
		"""select reference_name, cycle, team, from_epoch, to_epoch from `tabTicket Leg`
			where reference_doctype = %(doctype)s and reference_name in %(names)s order by from_epoch""",
		{"doctype": DOCTYPE, "names": tuple(found) or ("",)},
	)
	for ticket, *values in rows:
		if ticket in found:
			found[ticket].append(Leg(*values))
	return found


def _moves_of(legs: list[Leg], *, left: bool) -> Iterator[Noted]:
	"""Entering each stay, and leaving it for no group; `left` says that the last one ended so."""
	for leg, following in zip_longest(legs, legs[1:]):
		yield Noted(leg.start, "group", leg.group)
		alone = leg.cycle == following.cycle and following.start > leg.end if following else left
		if leg.end and alone:
			yield Noted(leg.end, "group", "")
