"""The site's tickets with their past, as the two files that `core-helpdesk replay` reads.

Changes of status are recorded by the host only, in the ticket's activity; this app records stays in groups, which
are more exact than the host's notes and are used from the first one on. Where nobody recorded how a ticket came to
its present status, it is taken to have come there when it was solved, else when its row was last written. The group
before the first recorded move, and the category before a change of it, are recorded nowhere.
"""

from __future__ import annotations

import csv
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone

from core_helpdesk.domain.cells import written
from core_helpdesk.domain.clock import TicketState
from core_helpdesk.hosts import hd_team, hd_ticket, ticket_history
from core_helpdesk.hosts.ticket_history import Noted

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator, Mapping

	from core_helpdesk.hosts.ticket_history import RecordedTicket

TICKET_COLUMNS = ("ticket", "opened_at", "group", "category", "resolved_at", "closed_at")
EVENT_COLUMNS = ("ticket", "at", "event", "value")
LEG = "Ticket Leg"


class Leg(NamedTuple):
	"""A stay in a group; `end` is 0 while it lasts.

	Units: seconds since the epoch.
	"""

	cycle: int
	group: str
	start: int
	end: int


class Past(NamedTuple):
	"""A ticket's group when it was opened, what changed since, oldest first, and since when it is over, if it is."""

	group: str
	changes: list[Noted]
	over_since: int = 0


class Written(NamedTuple):
	"""How much was written, and how many changes to a status that the site no longer has were left out."""

	tickets: int
	changes: int
	left_out: int


class Reader(NamedTuple):
	"""What all tickets are read with."""

	states: Mapping[str, TicketState]
	hidden: frozenset[str]
	zone: ZoneInfo

	def past(self, ticket: RecordedTicket, noted: list[Noted], legs: list[Leg]) -> Past:
		moved = [change for change in noted if change.event == "group"]
		earlier = [change for change in moved if not legs or change.at <= legs[0].start]
		first = self.first_group(ticket, earlier, legs)
		# Stays do not tell whether a ticket left its group before it was solved, or by it.
		left = [change for change in moved[len(earlier) :] if not change.value]
		stays = _moves_of(legs, left=not ticket.group and not self.is_over(ticket.status))
		moves = sorted([*earlier, *left, *stays], key=lambda change: change.at)
		visible = [move for move in moves if move.value not in self.hidden]
		known = [change for change in noted if change.event == "state" and change.value in self.states]
		statuses = [*known, *self.unrecorded(ticket, known, legs)]
		# What was saved together is one moment: the new state begins in the new group.
		changes = sorted([*_without_repeats(first, visible), *statuses], key=lambda change: change[:2])
		return Past(first, changes, statuses[-1].at if statuses and self.is_over(ticket.status) else 0)

	def first_group(self, ticket: RecordedTicket, earlier: list[Noted], legs: list[Leg]) -> str:
		"""The group of an opened ticket: the first known one, unless a note says that it was put there later."""
		first = legs[0].group if legs else ticket.group
		return "" if earlier or first in self.hidden else first

	def unrecorded(self, ticket: RecordedTicket, known: list[Noted], legs: list[Leg]) -> Iterator[Noted]:
		"""The change to the present status where the last one recorded leads to another state."""
		last = self.states[known[-1].value] if known else TicketState.OPEN
		if self.states.get(ticket.status, last) is last:
			return
		at = ticket.modified
		if self.is_over(ticket.status):
			at = ticket.resolved or (legs[-1].end if legs else 0) or ticket.modified
		yield Noted(max(at, known[-1].at if known else 0), "state", ticket.status)

	def is_over(self, status: str) -> bool:
		return self.states.get(status) is TicketState.RESOLVED

	def written(self, at: int) -> str:
		"""A moment in the site's time zone; the second of a repeated hour says so by its offset."""
		if not at:
			return ""
		moment = datetime.fromtimestamp(at, self.zone)
		return moment.isoformat(" ") if moment.fold else f"{moment:%Y-%m-%d %H:%M:%S}"


def export(folder: str) -> Written:
	"""Writes tickets.csv and events.csv into the folder, which is made if it is not there."""
	reader = Reader(
		ticket_history.states(), frozenset(hd_team.hidden_teams()), ZoneInfo(get_system_timezone())
	)
	Path(folder).mkdir(parents=True, exist_ok=True)
	total = Written(0, 0, 0)
	with _csv(folder, "tickets.csv") as first, _csv(folder, "events.csv") as second:
		tickets, events = csv.writer(first, lineterminator="\n"), csv.writer(second, lineterminator="\n")
		tickets.writerow(TICKET_COLUMNS)
		events.writerow(EVENT_COLUMNS)
		for batch in ticket_history.batches():
			added = _write(batch, reader, tickets, events)
			total = Written(*map(sum, zip(total, added, strict=True)))
	return total


def _csv(folder: str, name: str):
	# With a byte order mark a spreadsheet reads Arabic as Arabic.
	return (Path(folder) / name).open("w", encoding="utf-8-sig", newline="")


def _write(batch: list[RecordedTicket], reader: Reader, tickets, events) -> Written:
	names = [ticket.name for ticket in batch]
	noted, legs = ticket_history.noted(names), _legs(names)
	changes = left_out = 0
	for ticket in batch:
		past = reader.past(ticket, noted[ticket.name], legs[ticket.name])
		resolved = ticket.resolved if past.over_since else 0
		moments = [reader.written(at) for at in (ticket.created, resolved, past.over_since)]
		name = written(ticket.name)
		tickets.writerow((name, moments[0], written(past.group), written(ticket.category), *moments[1:]))
		events.writerows(
			(name, reader.written(at), event, written(value)) for at, event, value in past.changes
		)
		changes += len(past.changes)
		left_out += sum(
			change.event == "state" and change.value not in reader.states for change in noted[ticket.name]
		)
	return Written(len(batch), changes, left_out)


def _legs(names: Iterable[str]) -> dict[str, list[Leg]]:
	leg = frappe.qb.DocType(LEG)
	found: dict[str, list[Leg]] = {name: [] for name in names}
	rows = (
		frappe.qb.from_(leg)
		.select(leg.reference_name, leg.cycle, leg.team, leg.from_epoch, leg.to_epoch)
		.where((leg.reference_doctype == hd_ticket.DOCTYPE) & leg.reference_name.isin(list(found) or [""]))
		.orderby(leg.from_epoch)
		.run()
	)
	for ticket, *values in rows:
		found[ticket].append(Leg(*values))
	return found


def _moves_of(legs: list[Leg], *, left: bool) -> Iterator[Noted]:
	"""Entering each stay, and leaving it for no group; `left` says that the last one ended so."""
	for leg, following in zip_longest(legs, legs[1:]):
		yield Noted(leg.start, "group", leg.group)
		alone = leg.cycle == following.cycle and following.start > leg.end if following else left
		if leg.end and alone:
			yield Noted(leg.end, "group", "")


def _without_repeats(group: str, moves: list[Noted]) -> Iterator[Noted]:
	for move in moves:
		if move.value != group:
			yield move
		group = move.value
