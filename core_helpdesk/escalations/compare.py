"""Asks the database which tickets and clocks do not agree, range by range.

Joining integer names to text names would be quadratic: the host's name is cast to text in our column's collation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import cstr

from core_helpdesk.config import from_epoch
from core_helpdesk.escalations import rows
from core_helpdesk.hosts import hd_team, hd_ticket

if TYPE_CHECKING:
	from collections.abc import Iterator
	from datetime import datetime

	from pypika.terms import Criterion, Field

	from core_helpdesk.config import SiteRules

TICKETS_AT_ONCE = 5000
CLOCKS_AT_ONCE = 500

# A ticket in a hidden group is looked at whatever its clock says: it may have been put there by nobody.
DIFFERS = """
	(c.name is null and t.is_merged = 0 and ifnull(t.agent_group, '') <> '' and {state} <> 'Resolved')
	or (c.name is not null and c.finished <> t.is_merged)
	or (c.name is not null and t.is_merged = 0 and (
		{state} <> c.ticket_state
		or ifnull(t.ticket_type, '') <> ifnull(c.ticket_category, '')
		or ifnull(t.agent_group, '') <> ifnull(c.team, '')))
	or (t.agent_group in %(hidden)s and t.is_merged = 0 and {state} <> 'Resolved')
"""
STATE_IN_SELECT = """case when t.status in ('Resolved', 'Closed') then 'Resolved'
	when t.status = 'Replied' then 'Paused' else 'Open' end"""


def changed_since(first: datetime) -> Iterator[list[str]]:
	"""Differing tickets among those that were written since then, oldest change first."""
	# One range per moment of change: a batch never ends between two tickets of one moment.
	after = first
	while True:
		last = _nth_change(after)
		where = "modified >= %(after)s and (%(last)s is null or modified <= %(last)s)"
		yield _differing(where, {"after": after, "last": last})
		if last is None:
			return
		after = last


def _nth_change(after: datetime) -> datetime | None:
	found = frappe.db.sql(  # nosemgrep: a range of the host's key
		"select modified from `tabHD Ticket` where modified > %s order by modified limit %s, 1",
		(after, TICKETS_AT_ONCE),
	)
	return found[0][0] if found else None


def everything() -> Iterator[list[str]]:
	"""Differing tickets among all, by ranges of their names."""
	after = None
	while True:
		last = _nth_name(after)
		where = "(%(after)s is null or name > %(after)s) and (%(last)s is null or name <= %(last)s)"
		yield _differing(where, {"after": after, "last": last})
		if last is None:
			return
		after = last


def _nth_name(after: object) -> object:
	found = frappe.db.sql(  # nosemgrep: a range of the host's key
		"select name from `tabHD Ticket` where (%(after)s is null or name > %(after)s) order by name limit %(rows)s, 1",
		{"after": after, "rows": TICKETS_AT_ONCE - 1},
	)
	return found[0][0] if found else None


def _differing(where: str, values: dict) -> list[str]:
	links = hd_ticket.keeps_statuses()
	state = "ifnull(s.category, 'Open')" if links else STATE_IN_SELECT
	status = "left join `tabHD Ticket Status` s on s.name = t.status" if links else ""
	found = frappe.db.sql(  # nosemgrep: a cast with a collation is beyond the query builder; values are parameters
		f"""select t.name
			from (select name, agent_group, status, ticket_type, is_merged from `tabHD Ticket` where {where}) t
			{status}
			left join `tabTicket Clock` c on c.reference_doctype = 'HD Ticket' and c.clock = 'Group'
				and c.reference_name = {_as_text("t.name")}
			where {DIFFERS.format(state=state)}""",
		{**values, "hidden": hd_team.hidden_teams() or ("",)},
	)
	return [cstr(name) for (name,) in found]


def _as_text(column: str) -> str:
	return f"convert({column} using utf8mb4) collate {_collation()}"


def _collation() -> str:
	found = frappe.db.sql(  # nosemgrep: the catalogue, by parameters
		"""select collation_name from information_schema.columns
			where table_schema = database() and table_name = 'tabTicket Clock' and column_name = 'reference_name'"""
	)
	return found[0][0]


def without_ticket() -> Iterator[list[str]]:
	"""Tickets that are gone while their clocks are not finished."""
	key = "cast(c.reference_name as unsigned)" if hd_ticket.has_integer_names() else "c.reference_name"
	after = ""
	while True:
		last = _nth_clock(after)
		found = (
			frappe.db.sql(  # nosemgrep: a cast in a join is beyond the query builder; values are parameters
				f"""select c.reference_name from `tabTicket Clock` c
				left join `tabHD Ticket` t on t.name = {key}
				where c.name > %(after)s and (%(last)s is null or c.name <= %(last)s)
					and c.reference_doctype = 'HD Ticket' and c.finished = 0 and t.name is null""",
				{"after": after, "last": last},
			)
		)
		yield [name for (name,) in found]
		if last is None:
			return
		after = last


def _nth_clock(after: str) -> str | None:
	found = frappe.db.sql(  # nosemgrep: a range of the key
		"select name from `tabTicket Clock` where name > %s order by name limit %s, 1",
		(after, TICKETS_AT_ONCE - 1),
	)
	return found[0][0] if found else None


def put_aside() -> Iterator[list[str]]:
	"""Clocks that a sweep put aside."""
	table, query = rows.query(["name"])
	stuck = query.where(table.stuck_reason.isnotnull() & (table.stuck_reason != "") & (table.finished == 0))
	yield stuck.run(pluck=True)


def without_count(rules: SiteRules, now: int) -> Iterator[list[str]]:
	"""Clocks of governed groups that no policy was for when the tickets came, and one is now.

	Tickets that came before their group was governed are not among them: nothing could be done with them.
	"""
	table, _query = rows.query()
	for team in frappe.qb.from_(table).select(table.team).distinct().run(pluck=True):
		# By group, which the table has a key for; a ticket in no group waits for none.
		group = rules.group(team) if team else None
		if group is None or not group.is_governed(now):
			continue
		idle = (table.team == team) & (table.state == "No Clock") & (table.cycle > 0)
		idle &= table.clock == rows.GROUP
		idle &= table.group_since >= from_epoch(group.governed_from)
		for category in (
			frappe.qb.from_(table).select(table.ticket_category).where(idle).distinct().run(pluck=True)
		):
			if rules.terms(team, category or "", now):
				yield from _pages(idle & _is(table.ticket_category, category))


def _is(column: Field, value: str | None) -> Criterion:
	return column.isnull() if value is None else column == value


def _pages(condition: Criterion) -> Iterator[list[str]]:
	"""The names of these clocks, in order."""
	after = ""
	while True:
		table, query = rows.query(["name"])
		page = query.where(condition & (table.name > after)).orderby(table.name).limit(CLOCKS_AT_ONCE)
		found = page.run(pluck=True)
		yield found
		if len(found) < CLOCKS_AT_ONCE:
			return
		after = found[-1]
