"""A ticket's stays in groups: opened and closed with its clock, so that time is blamed on the right group.

A leg is one stay in one group within one cycle; a stay of no length leaves none, unless the ticket ended with it. Legs
are also what the reports on tickets count: how each began and ended, and whose it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.query_builder.functions import Max
from frappe.utils import now

from core_helpdesk.config import from_epoch
from core_helpdesk.domain.clock import counted
from core_helpdesk.domain.ticket_facts import Began, Ended
from core_helpdesk.domain.ticket_stays import FRESH, began_by, ended_by, in_group, is_kept, leaves_none
from core_helpdesk.escalations import places, tables
from core_helpdesk.hosts import hd_ticket

if TYPE_CHECKING:
	from collections.abc import Sequence

	from pypika.dialects import QueryBuilder

	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.clock import Clock
	from core_helpdesk.domain.ticket_facts import Place
	from core_helpdesk.escalations.rows import Row

DOCTYPE = "Ticket Leg"
COLUMNS = (
	"name",
	"title",
	"reference_doctype",
	"reference_name",
	"ticket_clock",
	"cycle",
	*places.COLUMNS,
	"policy",
	"from_epoch",
	"to_epoch",
	"entered_at",
	"began_by",
)


def follow(before: Row, after: Row, at: int, rules: SiteRules) -> None:
	"""Closes and opens legs as the clock went from one stay to another at `at`; a leg that goes on keeps its category."""
	was, now = in_group(before.clock), in_group(after.clock)
	if was == now:
		if now and before.clock.category != after.clock.category:
			move_place(after, rules)
		return
	from_nowhere = now is not None and was is None and before.clock.is_live
	began = began_by(before.clock, after.clock, is_first=from_nowhere and is_first(after), is_known=True)
	if was:
		began = close(before, after, at, rules) or began
	if now:
		open_many([after], rules, began)


def is_first(row: Row) -> bool:
	"""Whether a ticket that comes from no group has not been in any since it was reopened."""
	if row.clock.cycle < 2:
		return False
	return not frappe.db.exists(DOCTYPE, {"ticket_clock": row.name, "cycle": row.clock.cycle})


def open_many(rows: Sequence[Row], rules: SiteRules, began: Began) -> None:
	"""A leg for each row, from the moment it came to its group."""
	names = tables.new_names(len(rows))
	values = [_values(name, row, rules, began) for name, row in zip(names, rows, strict=True)]
	tables.insert(DOCTYPE, COLUMNS, values)


def _values(name: str, row: Row, rules: SiteRules, began: Began) -> tuple:
	clock = row.clock
	return (
		name,
		f"{row.ticket} · {clock.group}"[:140],
		hd_ticket.DOCTYPE,
		row.ticket,
		row.name,
		clock.cycle,
		*places.values(places.of(clock.group, clock.category, rules)),
		clock.policy or None,
		row.since,
		0,
		from_epoch(row.since),
		began.value,
	)


def move_place(row: Row, rules: SiteRules) -> None:
	"""Lets the open leg of a row be one of its ticket's present category.

	Policy: QA-12
	"""
	leg = frappe.qb.DocType(DOCTYPE)
	query = _placed(leg, places.of(row.clock.group, row.clock.category, rules))
	query.where((leg.ticket_clock == row.name) & (leg.to_epoch == 0)).run()


def _placed(leg: frappe.qb.DocType, place: Place) -> QueryBuilder:
	"""The update that puts a leg in a place, in its columns and by its number."""
	query = frappe.qb.update(leg)
	for column, value in zip(places.COLUMNS, places.values(place), strict=True):
		query = query.set(leg[column], value)
	return query


def close(row: Row, after: Row, at: int, rules: SiteRules) -> Began | None:
	"""Ends the leg that is open; time counted is that of level 1, the group's own time.

	Returns: how a leg began that left nothing behind, for the next one to begin so; else None.
	"""
	leg = frappe.qb.DocType(DOCTYPE)
	how = ended_by(row.clock, after.clock)
	is_open = (leg.ticket_clock == row.name) & (leg.to_epoch == 0)
	if in_group(after.clock) and leaves_none(how, row.since, at):
		return _forgotten(row.name)
	# A category that is given while closing is that of the stay that ends.
	is_sorted_late = how is Ended.CLOSED and row.clock.category != after.clock.category
	place = places.of(row.clock.group, after.clock.category, rules)
	query = (
		(_placed(leg, place) if is_sorted_late else frappe.qb.update(leg))
		.set(leg.to_epoch, at)
		.set(leg.left_at, from_epoch(at))
		.set(leg.held_seconds, at - leg.from_epoch)
		.set(leg.ended_by, how.value)
		.set(leg.modified, now())
	)
	if row.clock.level == 0:
		query = query.set(leg.counted_seconds, counted(row.clock, at, rules))
		query = query.set(leg.paused_seconds, paused(row.clock, at))
	if how is Ended.CLOSED:
		query = query.set(leg.kept, int(is_kept(row.clock, how)))
		query = query.set(leg.seconds_to_close, at - counted_from(row))
	query.where(is_open).run()
	return None


def _forgotten(clock: str) -> Began | None:
	"""Deletes the open leg of a clock, and says how it began."""
	deleted = (
		frappe.db.sql(  # nosemgrep: what is deleted is beyond the query builder; the value is a parameter
			f"delete from `tab{DOCTYPE}` where ticket_clock = %s and to_epoch = 0 returning began_by",
			(clock,),
		)
	)
	return Began(deleted[0][0]) if deleted and deleted[0][0] else None


def counted_from(row: Row) -> int:
	"""When the ticket was received, or came to be open again; the present leg's begin if no leg says.

	Units: seconds since the epoch.
	"""
	leg = frappe.qb.DocType(DOCTYPE)
	fresh = (leg.ticket_clock == row.name) & leg.began_by.isin([how.value for how in FRESH])
	found = frappe.qb.from_(leg).select(Max(leg.from_epoch)).where(fresh).run()
	return found[0][0] or row.since


def paused(clock: Clock, at: int) -> int:
	"""Seconds of pause in the running count until `at`."""
	return clock.paused + (at - clock.paused_since if clock.paused_since else 0)


def reached(claimed: Sequence[Row], rules: SiteRules) -> None:
	"""Notes on the open legs of these rows, as they were before, that one more level fired in them.

	A tracing clock has no legs here: its case keeps them.
	"""
	leg = frappe.qb.DocType(DOCTYPE)
	by_clock = {row.name: row for row in claimed}
	columns = ("name", "ticket_clock", "levels_reached", "counted_seconds", "paused_seconds")
	found = (
		frappe.qb.from_(leg)
		.select(*columns)
		.where(leg.ticket_clock.isin(list(by_clock)) & (leg.to_epoch == 0))
		.run()
	)
	written = [_one_more(values, by_clock[values[1]].clock, rules) for values in found]
	if written:
		tables.replace(DOCTYPE, ("name", *columns[2:]), written)


def _one_more(values: tuple, clock: Clock, rules: SiteRules) -> tuple:
	name, _clock, levels, counted_seconds, paused_seconds = values
	if clock.level == 0:
		counted_seconds, paused_seconds = counted(clock, clock.due, rules), paused(clock, clock.due)
	return name, levels + 1, counted_seconds, paused_seconds
