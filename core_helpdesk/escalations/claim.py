"""Moves clocks on whose moment has come: the escalation, the clock and the outbox in one transaction.

Rows are locked by whoever calls. Every level is claimed by the escalation's unique key, and the clock is written
absolutely: whatever ends a run between two statements, the next one finds either all of it or nothing. What a level
needs beyond that, `announce` adds in bulk.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.domain.clock import current_level, fired, warned
from core_helpdesk.escalations import explanation, legs, outbox, places, rows, tables
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from collections.abc import Mapping, Sequence
	from datetime import datetime

	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.ticket_facts import Place
	from core_helpdesk.escalations.rows import Row
	from core_helpdesk.hosts.hd_ticket import TicketFacts

DOCTYPE = "Ticket Escalation"
# By the clock, not working time.
ANSWER_SECONDS = 24 * 3600
COLUMNS = (
	"name",
	"title",
	"status",
	"reference_doctype",
	"reference_name",
	"ticket_subject",
	"clock",
	"cycle",
	"level",
	"target",
	*places.COLUMNS,
	"policy",
	"due_at",
	"escalated_at",
	"late_seconds",
	"due_epoch",
	"escalated_epoch",
	"answer_due_at",
	"answer_due_epoch",
	"explanation",
)


class Batch(NamedTuple):
	"""What the claims of one batch have in common.

	Units: `at`, seconds since the epoch, and the other moments in the site's own time.
	"""

	at: int
	sweep: str
	rules: SiteRules
	escalated_at: datetime
	answer_due_at: datetime


class Claim(NamedTuple):
	"""One level of one ticket, about to be recorded under `name`."""

	name: str
	row: Row
	subject: str
	target: str
	place: Place


def batch(at: int, sweep: str, rules: SiteRules | None = None) -> Batch:
	moments = config.from_epoch(at), config.from_epoch(at + ANSWER_SECONDS)
	return Batch(at, sweep, rules or config.site_rules(), *moments)


def claim(locked: Sequence[Row], facts: Mapping[str, TicketFacts], batch: Batch) -> list[Row]:
	"""Fires every level and gives every warning that is due in these rows, and returns the rows as they are then.

	Units: `batch.at` is when the levels really fire, which is later than their due moments.
	Policy: TSM-05, TSM-08
	"""
	levels = [row for row in locked if is_due(row, batch.at)]
	warnings = [row for row in locked if not is_due(row, batch.at) and row.clock.next <= batch.at]
	moved = [*_levels(levels, facts, batch), *_warnings(warnings, batch)]
	rows.write_locked(list(zip((*levels, *warnings), moved, strict=True)), batch.rules)
	return moved


def is_due(row: Row, at: int) -> bool:
	return 0 < row.clock.due <= at


def _warnings(due: Sequence[Row], batch: Batch) -> list[Row]:
	if due:
		outbox.insert(outbox.of_warning(row, batch.sweep) for row in due)
	return [rows.with_clock(row, warned(row.clock)) for row in due]


def _levels(due: Sequence[Row], facts: Mapping[str, TicketFacts], batch: Batch) -> list[Row]:
	if not due:
		return []
	names = tables.new_names(len(due))
	claims = [_claim(name, row, facts, batch) for name, row in zip(names, due, strict=True)]
	inserted = tables.insert(DOCTYPE, COLUMNS, [_values(each, batch) for each in claims])
	fresh, known = claims, {}
	if inserted != len(claims):
		fresh, known = _sorted_out(claims)
	_follow_up(fresh, batch)
	# A level that was recorded before fired when its record says, whatever the clock had forgotten.
	return [
		rows.with_clock(each.row, fired(each.row.clock, known.get(each.name, batch.at), batch.rules))
		for each in claims
	]


def _claim(name: str, row: Row, facts: Mapping[str, TicketFacts], batch: Batch) -> Claim:
	clock, rules = row.clock, batch.rules
	level = current_level(clock, rules)
	return Claim(
		name=name,
		row=row,
		subject=as_text(facts[row.ticket].subject) if row.ticket in facts else "",
		target=level.target,
		place=places.of(clock.group, clock.category, rules),
	)


def _values(each: Claim, batch: Batch) -> tuple:
	clock, at = each.row.clock, batch.at
	due = clock.due
	return (
		each.name,
		f"{each.row.ticket} · {each.subject}"[:140],
		"Received",
		hd_ticket.DOCTYPE,
		each.row.ticket,
		each.subject[:280],
		each.row.kind,
		clock.cycle,
		clock.level + 1,
		each.target,
		*places.values(each.place),
		clock.policy,
		config.from_epoch(due),
		batch.escalated_at,
		max(0, at - due),
		due,
		at,
		batch.answer_due_at,
		at + ANSWER_SECONDS,
		json.dumps(explanation.facts(clock, due, batch.rules), ensure_ascii=False),
	)


def _sorted_out(claims: Sequence[Claim]) -> tuple[list[Claim], dict[str, int]]:
	"""The claims that are new, and for the others (by name) when their level was recorded as fired."""
	table = frappe.qb.DocType(DOCTYPE)
	tickets = list({each.row.ticket for each in claims})
	found = (
		frappe.qb.from_(table)
		.select(table.reference_name, table.clock, table.cycle, table.level)
		.select(table.name, table.escalated_epoch)
		.where(table.reference_doctype == hd_ticket.DOCTYPE)
		.where(table.reference_name.isin(tickets))
		.run()
	)
	recorded = {tuple(level): (name, at) for *level, name, at in found}
	fresh, known = [], {}
	for each in claims:
		row, clock = each.row, each.row.clock
		name, at = recorded[row.ticket, row.kind, clock.cycle, clock.level + 1]
		if name == each.name:
			fresh.append(each)
		else:
			known[each.name] = at
	return fresh, known


def _follow_up(claims: Sequence[Claim], batch: Batch) -> None:
	if claims:
		legs.reached([each.row for each in claims], batch.rules)
		outbox.insert(outbox.of_claim(each.name, each.row, batch.sweep) for each in claims)
