"""What the host has recorded of its tickets: what statuses mean, and changes of group and status since they were made.

The host notes a change that is made by saving a ticket; automatic closing and direct writes leave no note.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.utils import cstr

from core_helpdesk.config import to_epoch
from core_helpdesk.domain.clock import TicketState
from core_helpdesk.hosts.hd_ticket import DOCTYPE, STATES, STATUS, keeps_statuses

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

TICKETS_AT_ONCE = 2000
NOTE = re.compile(r"set (team|status) to (.*)", re.DOTALL)
EVENTS = {"team": "group", "status": "state"}
# What the host writes for a field that was emptied.
NOTHING = "None"


class RecordedTicket(NamedTuple):
	"""A ticket as its row says.

	Units: seconds since the epoch, 0 for none.
	"""

	name: str
	created: int
	group: str
	category: str
	status: str
	resolved: int
	modified: int


class Noted(NamedTuple):
	"""One change that the host noted; `event` is "group" or "state" and `value` the new group or status."""

	at: int
	event: str
	value: str


def states() -> dict[str, TicketState]:
	"""Every status of the host with what it means for the group."""
	if keeps_statuses():
		found = frappe.get_all(STATUS, fields=["name", "category"], order_by="name asc")
		return {status.name: STATES.get(status.category, TicketState.OPEN) for status in found}
	options = frappe.get_meta(DOCTYPE).get_field("status").options or ""
	return {status: STATES.get(status, TicketState.OPEN) for status in options.split("\n") if status}


def batches() -> Iterator[list[RecordedTicket]]:
	"""All tickets in the order of their names; a site may have millions."""
	ticket = frappe.qb.DocType(DOCTYPE)
	columns = ("name", "creation", "agent_group", "ticket_type", "status", "resolution_date", "modified")
	last = None
	while True:
		query = frappe.qb.from_(ticket).select(*columns).orderby(ticket.name).limit(TICKETS_AT_ONCE)
		found = (query.where(ticket.name > last) if last is not None else query).run()
		if found:
			yield [_recorded(row) for row in found]
		if len(found) < TICKETS_AT_ONCE:
			return
		last = found[-1][0]


def _recorded(row: tuple) -> RecordedTicket:
	name, created, group, category, status, resolved, modified = row
	return RecordedTicket(
		cstr(name),
		to_epoch(created),
		group or "",
		category or "",
		status or "",
		to_epoch(resolved),
		to_epoch(modified),
	)


def noted(tickets: Iterable[str]) -> dict[str, list[Noted]]:
	"""The changes of group and status of these tickets, by ticket, oldest first."""
	activity = frappe.qb.DocType("HD Ticket Activity")
	names = list(tickets)
	rows = (
		frappe.qb.from_(activity)
		.select(activity.ticket, activity.creation, activity.action)
		.where(activity.ticket.isin(names or [""]))
		.where(activity.action.like("set team to %") | activity.action.like("set status to %"))
		.orderby(activity.creation)
		.run()
	)
	changes: dict[str, list[Noted]] = {name: [] for name in names}
	for ticket, at, action in rows:
		note = NOTE.fullmatch(action)
		if note and cstr(ticket) in changes:
			changes[cstr(ticket)].append(_noted(to_epoch(at), *note.groups()))
	return changes


def _noted(at: int, what: str, value: str) -> Noted:
	return Noted(at, EVENTS[what], "" if value == NOTHING else value)
