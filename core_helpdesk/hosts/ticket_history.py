"""What the host has recorded of its tickets: what statuses mean, and changes of group and status since they were made.

The host notes a change that is made by saving a ticket; automatic closing and direct writes leave no note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.query_builder import CustomFunction
from frappe.query_builder.functions import Count, Min

from core_helpdesk.config import from_epoch
from core_helpdesk.domain.clock import TicketState
from core_helpdesk.hosts.hd_ticket import DOCTYPE, STATES, STATUS, keeps_statuses
from core_helpdesk.site_time import epoch_reader

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Iterator

	from pypika.dialects import QueryBuilder
	from pypika.terms import Criterion

to_seconds = CustomFunction("to_seconds", ["moment"])
TICKETS_AT_ONCE = 2000
# What the host writes down: "set team to …", "set status to …".
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


def batches(since: int = 0) -> Iterator[list[RecordedTicket]]:
	"""The tickets made since then, or all, in the order of their names; a site may have millions.

	Units: seconds since the epoch.
	"""
	ticket = frappe.qb.DocType(DOCTYPE)
	moments = (to_seconds(ticket[name]) for name in ("creation", "resolution_date", "modified"))
	columns = ("name", "agent_group", "ticket_type", "status", *moments)
	last, read, made_since = None, epoch_reader(), _made_since(since)
	while True:
		query = made_since.select(*columns).orderby(ticket.name).limit(TICKETS_AT_ONCE)
		found = (query.where(ticket.name > last) if last is not None else query).run()
		if found:
			yield [_recorded(row, read) for row in found]
		if len(found) < TICKETS_AT_ONCE:
			return
		last = found[-1][0]


def count(since: int = 0) -> int:
	"""How many tickets `batches` gives."""
	return _made_since(since).select(Count("*")).run()[0][0]


def are_more_than(most: int, since: int) -> bool:
	"""Whether there are more tickets than that, without counting all of them."""
	ticket = frappe.qb.DocType(DOCTYPE)
	# In no order: the reading ends with the last one needed.
	query = frappe.qb.from_(ticket).select(ticket.name).limit(most + 1)
	return len((query.where(_is_since(since)) if since else query).run()) > most


def _made_since(since: int) -> QueryBuilder:
	ticket = frappe.qb.DocType(DOCTYPE)
	# By another key every page would sort all that are left.
	query = frappe.qb.from_(ticket).force_index("PRIMARY")
	if not since:
		return query
	# The years before are passed over: names are numbers, given one after the other.
	first = frappe.qb.from_(ticket).select(Min(ticket.name)).where(_is_since(since)).run()[0][0]
	return query.where((ticket.creation >= from_epoch(since)) & (ticket.name >= (first or 0)))


def _is_since(since: int) -> Criterion:
	"""Whether a ticket was made since then: it was written since, too, and of that every host keeps an index."""
	ticket, moment = frappe.qb.DocType(DOCTYPE), from_epoch(since)
	return (ticket.creation >= moment) & (ticket.modified >= moment)


def _recorded(row: tuple, read: Callable[[int | None], int]) -> RecordedTicket:
	name, group, category, status, created, resolved, modified = row
	return RecordedTicket(
		str(name),
		read(created),
		group or "",
		category or "",
		status or "",
		read(resolved),
		read(modified),
	)


def noted(tickets: Iterable[str]) -> dict[str, list[Noted]]:
	"""The changes of group and status of these tickets, by ticket, oldest first."""
	changes: dict[str, list[Noted]] = {name: [] for name in tickets}
	# Names by parameter: to write thousands of them into a query takes a query builder longer than reading the rows.
	rows = frappe.db.sql(  # nosemgrep: fixed text, values by parameters
		"""select ticket, to_seconds(creation), action from `tabHD Ticket Activity`
			where ticket in %(names)s and (action like 'set team to %%' or action like 'set status to %%')
			order by creation""",
		{"names": tuple(changes) or ("",)},
	)
	read = epoch_reader()
	for ticket, at, action in rows:
		_set, what, _to, value = action.split(" ", 3)
		if what in EVENTS and ticket in changes:
			changes[ticket].append(Noted(read(at), EVENTS[what], "" if value == NOTHING else value))
	return changes
