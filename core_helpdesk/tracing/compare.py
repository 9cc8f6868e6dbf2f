"""Asks the database which tickets and cases do not agree, range by range; memory stays flat.

The host's name is cast to text in our column's collation: joining integer names to text would be quadratic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import cstr

from core_helpdesk.escalations.compare import STATE_IN_SELECT
from core_helpdesk.hosts import hd_team, hd_ticket
from core_helpdesk.tracing import rules
from core_helpdesk.tracing.records import DOCTYPE

if TYPE_CHECKING:
	from collections.abc import Iterator
	from datetime import datetime

TICKETS_AT_ONCE, CASES_AT_ONCE = 5000, 2000
# An open case whose ticket is over or elsewhere; a ticket without an open case that is traced, or was where it is.
DIFFERS = """
	(c.name is not null and (t.is_merged = 1 or {state} = 'Resolved' or (
		ifnull(t.agent_group, '') <> ifnull(c.team, '') and ifnull(t.agent_group, '') not in %(hidden)s)))
	or (c.name is null and t.is_merged = 0 and {state} <> 'Resolved' and (
		t.agent_group in %(tracing)s or exists (
			select 1 from `tabTracing Case` o
			where o.ticket = {name} and o.status = 'Closed' and o.team = t.agent_group)))
"""


def changed_since(first: datetime) -> Iterator[list[str]]:
	"""Differing tickets among those that were written since then."""
	return _ranges("modified", first)


def everything() -> Iterator[list[str]]:
	"""Differing tickets among all, by ranges of their names."""
	return _ranges("name", None)


def _ranges(column: str, first: object) -> Iterator[list[str]]:
	after = first
	while True:
		last = _nth(column, after)
		yield _differing(column, after, last)
		if last is None:
			return
		after = last


def _nth(column: str, after: object) -> object:
	found = frappe.db.sql(  # nosemgrep: a range of the host's key; the column's name comes from this file
		f"""select {column} from `tabHD Ticket` where (%(after)s is null or {column} > %(after)s)
			order by {column} limit %(rows)s, 1""",
		{"after": after, "rows": TICKETS_AT_ONCE - 1},
	)
	return found[0][0] if found else None


def _differing(column: str, after: object, last: object) -> list[str]:
	"""Both ends belong to the range: tickets of one moment are looked at twice sooner than never."""
	links = hd_ticket.keeps_statuses()
	name = _as_text("t.name")
	state = "ifnull(s.category, 'Open')" if links else STATE_IN_SELECT
	found = frappe.db.sql(  # nosemgrep: a cast with a collation is beyond the query builder; values are parameters
		f"""select t.name
			from (select name, agent_group, status, is_merged from `tabHD Ticket`
				where (%(after)s is null or {column} >= %(after)s)
					and (%(last)s is null or {column} <= %(last)s)) t
			{"left join `tabHD Ticket Status` s on s.name = t.status" if links else ""}
			left join `tabTracing Case` c on c.open_ticket = {name}
			where {DIFFERS.format(state=state, name=name)}""",
		{
			"after": after,
			"last": last,
			"hidden": hd_team.hidden_teams() or ("",),
			"tracing": tuple(rules.network().groups) or ("",),
		},
	)
	return [cstr(name) for (name,) in found]


def _as_text(column: str) -> str:
	return f"convert({column} using utf8mb4) collate {_collation()}"


def _collation() -> str:
	found = frappe.db.sql(  # nosemgrep: the catalogue, by parameters
		"""select collation_name from information_schema.columns
			where table_schema = database() and table_name = 'tabTracing Case' and column_name = 'open_ticket'"""
	)
	return found[0][0]


def without_ticket() -> Iterator[list[str]]:
	"""Tickets that are gone while their cases are open."""
	key = "cast(c.open_ticket as unsigned)" if hd_ticket.has_integer_names() else "c.open_ticket"
	for after, last in _case_ranges():
		found = (
			frappe.db.sql(  # nosemgrep: a cast in a join is beyond the query builder; values are parameters
				f"""select c.open_ticket from `tabTracing Case` c left join `tabHD Ticket` t on t.name = {key}
				where c.open_ticket > %(after)s and (%(last)s is null or c.open_ticket <= %(last)s)
					and t.name is null""",
				{"after": after, "last": last},
			)
		)
		yield [name for (name,) in found]


def without_clock() -> Iterator[list[tuple[str, str, int]]]:
	"""Open cases whose own clock does not run: their names, their tickets, and when they were opened."""
	for after, last in _case_ranges():
		yield list(
			frappe.db.sql(  # nosemgrep: a range of the key, values by parameters
				"""select c.name, c.ticket, c.opened_epoch from `tabTracing Case` c
				left join `tabTicket Clock` k on k.reference_doctype = 'HD Ticket' and k.clock = 'Tracing'
					and k.reference_name = c.ticket and k.finished = 0 and k.ticket_state <> 'Resolved'
				where c.open_ticket > %(after)s and (%(last)s is null or c.open_ticket <= %(last)s)
					and c.team is not null and k.name is null""",
				{"after": after, "last": last},
			)
		)


def _case_ranges() -> Iterator[tuple[str, str | None]]:
	"""Ranges of the key that only cases have that are not closed: what is looked at grows with these alone."""
	after = ""
	while True:
		table = frappe.qb.DocType(DOCTYPE)
		key = table.open_ticket
		query = frappe.qb.from_(table).select(key).where(key > after).orderby(key)
		found = query.limit(1).offset(CASES_AT_ONCE - 1).run(pluck=True)
		yield after, found[0] if found else None
		if not found:
			return
		after = found[0]
