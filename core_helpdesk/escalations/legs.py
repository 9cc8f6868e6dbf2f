"""A ticket's stays in groups: opened and closed with its clock, so that time is blamed on the right group.

A leg is one stay in one group within one cycle; a stay of no length leaves none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.utils import now

from core_helpdesk.config import from_epoch
from core_helpdesk.domain.clock import counted
from core_helpdesk.escalations import tables
from core_helpdesk.hosts import hd_ticket

if TYPE_CHECKING:
	from collections.abc import Sequence

	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.clock import Clock
	from core_helpdesk.escalations.rows import Row

DOCTYPE = "Ticket Leg"
COLUMNS = (
	"name",
	"title",
	"reference_doctype",
	"reference_name",
	"ticket_clock",
	"cycle",
	"team",
	"department",
	"country",
	"policy",
	"from_epoch",
	"to_epoch",
	"entered_at",
)


class Stay(NamedTuple):
	"""What makes two moments belong to one leg."""

	cycle: int
	group: str


def stay(clock: Clock) -> Stay | None:
	"""The stay that a clock is in; None before its first cycle, in no group, or once it is over."""
	if not (clock.cycle and clock.group and clock.is_live):
		return None
	return Stay(clock.cycle, clock.group)


def follow(before: Row, after: Row, at: int, rules: SiteRules) -> None:
	"""Closes and opens legs as the clock went from one stay to another at `at`."""
	if stay(before.clock) == stay(after.clock):
		return
	if stay(before.clock):
		close(before, at, rules)
	if stay(after.clock):
		open_many([after], rules)


def open_many(rows: Sequence[Row], rules: SiteRules) -> None:
	"""A leg for each row, from the moment it came to its group."""
	names = tables.new_names(len(rows))
	tables.insert(
		DOCTYPE, COLUMNS, [_values(name, row, rules) for name, row in zip(names, rows, strict=True)]
	)


def _values(name: str, row: Row, rules: SiteRules) -> tuple:
	clock, group = row.clock, rules.group(row.clock.group)
	return (
		name,
		f"{row.ticket} · {clock.group}"[:140],
		hd_ticket.DOCTYPE,
		row.ticket,
		row.name,
		clock.cycle,
		clock.group,
		group.department or None,
		group.country or None,
		clock.policy or None,
		row.since,
		0,
		from_epoch(row.since),
	)


def close(row: Row, at: int, rules: SiteRules) -> None:
	"""Ends the leg that is open; time counted is that of level 1, the group's own time."""
	leg = frappe.qb.DocType(DOCTYPE)
	is_open = (leg.ticket_clock == row.name) & (leg.to_epoch == 0)
	if row.since >= at:
		frappe.qb.from_(leg).delete().where(is_open).run()
		return
	query = (
		frappe.qb.update(leg)
		.set(leg.to_epoch, at)
		.set(leg.left_at, from_epoch(at))
		.set(leg.held_seconds, at - leg.from_epoch)
		.set(leg.modified, now())
	)
	if row.clock.level == 0:
		query = query.set(leg.counted_seconds, counted(row.clock, at, rules))
		query = query.set(leg.paused_seconds, paused(row.clock, at))
	query.where(is_open).run()


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
