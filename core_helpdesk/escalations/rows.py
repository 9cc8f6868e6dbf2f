"""A row of Ticket Clock ↔ the domain's Clock: read, lock, and write only over what was read.

One row per ticket and kind of clock; it lives as long as its ticket and keeps the cycle.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import frappe
from frappe.utils import cstr, now

from core_helpdesk.config import from_epoch, to_epoch
from core_helpdesk.domain.clock import Clock, TicketState
from core_helpdesk.escalations import tables
from core_helpdesk.hosts import hd_ticket

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Sequence

	from pypika.dialects import QueryBuilder
	from pypika.terms import Criterion

	from core_helpdesk.config import SiteRules
	from core_helpdesk.hosts.hd_ticket import TicketFacts

DOCTYPE = "Ticket Clock"
# The clock of the group that has the ticket, and that of the ticket's tracing case.
GROUP, TRACING = "Group", "Tracing"
# Columns that hold the domain's clock, in the order of its fields.
CLOCK = (
	"cycle",
	"level",
	"ticket_state",
	"team",
	"ticket_category",
	"finished",
	"policy",
	"calendar",
	"began_epoch",
	"anchor_epoch",
	"spans",
	"carried_seconds",
	"paused_since_epoch",
	"paused_seconds",
	"hurry_epoch",
	"warned",
	"due_epoch",
	"warn_epoch",
)
KEPT = ("name", "reference_name", "clock", "next_epoch", "stuck_reason", "group_since")
READ = KEPT + CLOCK
DERIVED = ("state", "department", "country", "due_at", "group_since", "next_epoch", "stuck_reason")


@dataclass(frozen=True, slots=True)
class Row:
	"""A ticket's clock as stored.

	Units: `next_epoch`, what the sweep reads, is 0 while nothing is due or the row is put aside; `since` is when
	the ticket came to its group in this cycle; both are seconds since the epoch.
	"""

	name: str
	ticket: str
	clock: Clock
	next_epoch: int = 0
	stuck_reason: str = ""
	since: int = 0
	kind: str = GROUP


def from_values(values: Sequence) -> Row:
	"""The row in the values of `READ`."""
	name, ticket, kind, next_epoch, stuck_reason, since, *clock = values
	return Row(
		name=name,
		ticket=ticket,
		clock=clock_from(clock),
		next_epoch=next_epoch or 0,
		stuck_reason=stuck_reason or "",
		since=to_epoch(since),
		kind=kind or GROUP,
	)


def clock_from(values: Sequence) -> Clock:
	"""The clock in the values of `CLOCK`."""
	cycle, level, state, team, category, finished, policy, calendar, began, anchor, spans, *rest = values
	carried, paused_since, paused, hurry, warned, due, warn = rest
	return Clock(
		cycle=cycle or 0,
		level=level or 0,
		state=TicketState(state or TicketState.OPEN),
		group=team or "",
		category=category or "",
		finished=bool(finished),
		policy=policy or "",
		calendar=calendar or "",
		began=began or 0,
		anchor=anchor or 0,
		spans=spans_from(spans),
		carried=carried or 0,
		paused_since=paused_since or 0,
		paused=paused or 0,
		hurry=hurry or 0,
		warned=bool(warned),
		due=due or 0,
		warn=warn or 0,
	)


def clock_values(clock: Clock) -> tuple:
	"""The values of `CLOCK`; an empty link is NULL."""
	return (
		clock.cycle,
		clock.level,
		clock.state.value,
		clock.group or None,
		clock.category or None,
		int(clock.finished),
		clock.policy or None,
		clock.calendar or None,
		clock.began,
		clock.anchor,
		spans_text(clock.spans),
		clock.carried,
		clock.paused_since,
		clock.paused,
		clock.hurry,
		int(clock.warned),
		clock.due,
		clock.warn,
	)


def derived_values(clock: Clock, since: int, rules: SiteRules) -> tuple:
	"""The values of `DERIVED`: what the row says beside the clock, for people and for the sweep."""
	group = rules.group(clock.group) if clock.group else None
	return (
		state_of(clock),
		(group.department or None) if group else None,
		(group.country or None) if group else None,
		from_epoch(clock.due),
		from_epoch(since),
		clock.next,
		None,
	)


def state_of(clock: Clock) -> str:
	"""One word for people: what the clock does."""
	if clock.finished:
		return "Finished"
	if clock.state is TicketState.RESOLVED:
		return "Stopped"
	if clock.level:
		return "Escalated" if clock.policy else "Last Level Reached"
	if not clock.policy:
		return "No Clock"
	return "Paused" if clock.paused_since else "Running"


def spans_text(spans: tuple[tuple[int, int], ...]) -> str | None:
	return " ".join(f"{start}-{end}" for start, end in spans) or None


def spans_from(text: str | None) -> tuple[tuple[int, int], ...]:
	spans = (span.partition("-") for span in (text or "").split())
	return tuple((int(start), int(end)) for start, _dash, end in spans)


def read(ticket: str, kind: str = GROUP) -> Row | None:
	"""The clock of a ticket, as this transaction sees it."""
	return _one(lambda table: _of(table, kind) & (table.reference_name == cstr(ticket)))


def lock(ticket: str, kind: str = GROUP) -> Row | None:
	"""The clock of a ticket as last committed, kept from others until the transaction ends."""
	return _one(lambda table: _of(table, kind) & (table.reference_name == cstr(ticket)), for_update=True)


def named(name: str) -> Row | None:
	"""The clock of this name, of whichever kind, as this transaction sees it."""
	return _one(lambda table: table.name == name)


def lock_named(name: str, *, skip_locked: bool = False) -> Row | None:
	"""The clock of this name, of whichever kind, locked."""
	return _one(lambda table: table.name == name, for_update=True, skip_locked=skip_locked)


def of_tickets(tickets: Iterable[str], *, for_update: bool = False) -> dict[str, Row]:
	"""The group clocks that these tickets have, by ticket."""
	table, found = query()
	found = found.where(_of(table, GROUP) & table.reference_name.isin(list(tickets) or [""]))
	values = (found.for_update() if for_update else found).run()
	return {row.ticket: row for row in map(from_values, values)}


def with_ticket(ticket: str) -> tuple[TicketFacts, Row | None]:
	"""A ticket and its group clock by one query, without a lock."""
	host, query = hd_ticket.tickets()
	table = frappe.qb.DocType(DOCTYPE)
	found = (
		query.left_join(table)
		.on(_of(table, GROUP) & (table.reference_name == cstr(ticket)))
		.select(*(table[column] for column in READ))
		.where(host.name == cstr(ticket))
		.run()
	)
	if not found:
		return hd_ticket.TicketFacts(cstr(ticket), exists=False), read(ticket)
	ours = found[0][-len(READ) :]
	return hd_ticket.facts_of(found[0][: -len(READ)]), from_values(ours) if ours[0] else None


def query(columns: Iterable[str] = READ) -> tuple[frappe.qb.DocType, QueryBuilder]:
	"""The table, and a query of its clocks of all kinds that gives rows for `from_values`."""
	table = frappe.qb.DocType(DOCTYPE)
	return table, frappe.qb.from_(table).select(*columns)


def _of(table: frappe.qb.DocType, kind: str) -> Criterion:
	return (table.reference_doctype == hd_ticket.DOCTYPE) & (table.clock == kind)


def _one(condition: Callable, *, for_update: bool = False, skip_locked: bool = False) -> Row | None:
	table, found = query()
	found = found.where(condition(table))
	values = (found.for_update(skip_locked=skip_locked) if for_update else found).run()
	return from_values(values[0]) if values else None


def insert(new: Sequence[Row], rules: SiteRules) -> int:
	"""First rows for tickets; returns for how many there was none yet."""
	columns = ("name", "reference_doctype", "reference_name", "clock", "title", *CLOCK, *DERIVED)
	values = [
		(
			row.name,
			hd_ticket.DOCTYPE,
			row.ticket,
			row.kind,
			title(row.ticket, row.clock),
			*clock_values(row.clock),
			*derived_values(row.clock, row.since, rules),
		)
		for row in new
	]
	return tables.insert(DOCTYPE, columns, values) if values else 0


def title(ticket: str, clock: Clock) -> str:
	return f"{ticket} · {clock.group}"[:140] if clock.group else ticket


def write(row: Row, after: Row, rules: SiteRules) -> bool:
	"""Writes `after` if the row still holds what was read; False if somebody moved it on meanwhile."""
	columns = (*CLOCK, *DERIVED, "title", "modified")
	derived = derived_values(after.clock, after.since, rules)
	values = (*clock_values(after.clock), *derived, title(row.ticket, after.clock), now())
	assigned = ", ".join(f"`{column}` = %s" for column in columns)
	unchanged = " and ".join(f"`{column}` <=> %s" for column in CLOCK)
	# Null-safe comparison is beyond the query builder; names come from the code, values are parameters.
	frappe.db.sql(  # nosemgrep
		f"update `tab{DOCTYPE}` set {assigned} where `name` = %s and {unchanged}",
		(*values, row.name, *clock_values(row.clock)),
	)
	return frappe.db._cursor.rowcount == 1


def write_locked(moved: Sequence[tuple[Row, Row]], rules: SiteRules) -> None:
	"""Writes rows that are locked, given as they were and as they are to be, all by one statement.

	Columns of the clock in which no row differs are left out.
	"""
	if not moved:
		return
	before = list(zip(*(clock_values(row.clock) for row, _after in moved), strict=True))
	after = list(zip(*(clock_values(row.clock) for _before, row in moved), strict=True))
	differ = [number for number in range(len(CLOCK)) if before[number] != after[number]]
	derived = zip(*(derived_values(row.clock, row.since, rules) for _before, row in moved), strict=True)
	values = [[row.name for row, _after in moved], *(after[number] for number in differ), *derived]
	columns = ("name", *(CLOCK[number] for number in differ), *DERIVED)
	tables.replace(DOCTYPE, columns, list(zip(*values, strict=True)))


def put_aside(name: str, reason: str) -> None:
	"""Takes a row out of the sweep's sight until reconcile tries it again; the due moment stays."""
	frappe.db.set_value(DOCTYPE, name, {"next_epoch": 0, "stuck_reason": reason})


def with_clock(row: Row, clock: Clock, since: int | None = None) -> Row:
	since = row.since if since is None else since
	return replace(row, clock=clock, since=since, next_epoch=clock.next, stuck_reason="")
