"""Tickets that were there before the app counted: noted when the mode is switched on, started when an admin says so.

Read and written range by range, so that a site of any size fits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Count

from core_helpdesk import config
from core_helpdesk.domain.clock import Clock, changed, current_level
from core_helpdesk.domain.ticket_facts import Began
from core_helpdesk.domain.ticket_stays import in_group
from core_helpdesk.escalations import legs, rows, sync, tables, tracing_clock
from core_helpdesk.hosts import hd_ticket

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.config import SiteRules
	from core_helpdesk.escalations.rows import Row
	from core_helpdesk.hosts.hd_ticket import TicketFacts

TICKETS_AT_ONCE = 1000


class LiveTicket(NamedTuple):
	"""A ticket that a group must solve, its clock if it has one, and since when it is in its group."""

	facts: TicketFacts
	row: Row | None
	since: int


def live_tickets() -> Iterator[LiveTicket]:
	for batch in _batches():
		yield from _with_rows(batch, rows.of_tickets(facts.name for facts in batch))


def count_live() -> int:
	ticket, query = hd_ticket.tickets()
	return frappe.qb.from_(hd_ticket.live(ticket, query)).select(Count("*")).run()[0][0]


def _batches() -> Iterator[list[TicketFacts]]:
	last = None
	while True:
		ticket, query = hd_ticket.tickets()
		query = hd_ticket.live(ticket, query).orderby(ticket.name).limit(TICKETS_AT_ONCE)
		found = (query.where(ticket.name > last) if last is not None else query).run()
		if found:
			yield [hd_ticket.facts_of(values) for values in found]
		if len(found) < TICKETS_AT_ONCE:
			return
		last = found[-1][0]


def _with_rows(batch: list[TicketFacts], known: dict[str, Row]) -> Iterator[LiveTicket]:
	entered = hd_ticket.entered_at(batch)
	return (LiveTicket(facts, known.get(facts.name), entered[facts.name]) for facts in batch)


def due_target(ticket: LiveTicket, from_when: int, now: int, rules: SiteRules) -> str:
	"""To whom a ticket would escalate at once, empty if it would not."""
	clock = ticket.row.clock if ticket.row else Clock()
	if not clock.policy and clock.level == 0 and from_when:
		clock = started(ticket, from_when, governed(rules, from_when, now))
	level = current_level(clock, rules)
	return level.target if level and 0 < clock.due <= now else ""


def governed(rules: SiteRules, from_when: int, now: int) -> SiteRules:
	"""The rules once clocks start from that moment: what is in force now is for older tickets, too.

	Tickets that wait are often older than the site's first policy.
	"""
	scopes = tuple(replace(scope, from_epoch=0) for scope in rules.scopes if scope.is_in_force(now))
	return replace(
		rules, general=replace(rules.general, governed_from=from_when), scopes=scopes, groups={}, timers={}
	)


def started(ticket: LiveTicket, moment: int, rules: SiteRules) -> Clock:
	"""The clock of a ticket without a count, begun at `moment` or when it came to its group, if that was later."""
	clock = ticket.row.clock if ticket.row else Clock()
	known = sync.wanted(clock, ticket.facts, rules.general.tsm_team)
	return changed(replace(clock, group=""), max(moment, ticket.since), rules, **known)


def note_all(now: int) -> int:
	"""Gives every live ticket a row without a count, and ends counts that were left over from before.

	Levels that were reached stay, and what follows them. Returns: how many rows were written.
	"""
	rules, written, total = config.site_rules(), 0, count_live()
	for batch in _batches():
		locked = rows.of_tickets((facts.name for facts in batch), for_update=True)
		tickets = list(_with_rows(batch, locked))
		rows.insert([_noted(ticket) for ticket in tickets if ticket.row is None], rules)
		left_over = [ticket for ticket in tickets if ticket.row and ticket.row.clock.level == 0]
		ended = [_ended(ticket, now) for ticket in left_over]
		for ticket, row in zip(left_over, ended, strict=True):
			legs.follow(ticket.row, row, now, rules)
		rows.write_locked([(ticket.row, row) for ticket, row in zip(left_over, ended, strict=True)], rules)
		written += len(batch)
		_between(_("Noting open tickets"), written, total)
	for _ended_now in tracing_clock.end_left_over(rules):
		_between(_("Noting open tickets"), written, total)
	return written


def _noted(ticket: LiveTicket) -> Row:
	clock = Clock(**sync.wanted(Clock(), ticket.facts, config.tsm_team()))
	return rows.Row(tables.new_names(1)[0], ticket.facts.name, clock, since=ticket.since)


def _ended(ticket: LiveTicket, now: int) -> Row:
	"""The row without its count; the cycle goes on when the clock is started, since no level fired in it."""
	row = ticket.row
	clock = Clock(cycle=row.clock.cycle, **sync.wanted(row.clock, ticket.facts, config.tsm_team()))
	stayed = row.clock.is_live and clock.group == row.clock.group
	return rows.with_clock(row, clock, row.since if stayed else now)


def start_all(moment: int, now: int) -> int:
	"""Starts the clock of every live ticket that has none; returns how many were started."""
	rules = governed(config.site_rules(), moment, now)
	begun, seen, total = 0, 0, count_live()
	for batch in _batches():
		locked = rows.of_tickets((facts.name for facts in batch), for_update=True)
		begun += _start([ticket for ticket in _with_rows(batch, locked) if _waits(ticket)], moment, rules)
		seen += len(batch)
		_between(_("Starting clocks"), seen, total)
	return begun


def _waits(ticket: LiveTicket) -> bool:
	return ticket.row is None or not (ticket.row.clock.policy or ticket.row.clock.level)


def _start(waiting: Iterable[LiveTicket], moment: int, rules: SiteRules) -> int:
	after = [(ticket, _started_row(ticket, moment, rules)) for ticket in waiting]
	after = [(ticket, row) for ticket, row in after if row.clock.policy]
	rows.insert([row for ticket, row in after if ticket.row is None], rules)
	rows.write_locked([(ticket.row, row) for ticket, row in after if ticket.row], rules)
	legs.open_many([row for ticket, row in after if _begins(ticket, row)], rules, Began.TAKEN_ON)
	return len(after)


def _started_row(ticket: LiveTicket, moment: int, rules: SiteRules) -> Row:
	clock, since = started(ticket, moment, rules), max(moment, ticket.since)
	if ticket.row:
		return rows.with_clock(ticket.row, clock, since)
	return rows.Row(tables.new_names(1)[0], ticket.facts.name, clock, clock.next, since=since)


def _begins(ticket: LiveTicket, row: Row) -> bool:
	return ticket.row is None or in_group(ticket.row.clock) != in_group(row.clock)


def _between(title: str, done: int, total: int) -> None:
	frappe.publish_progress(min(100, 100 * done // max(1, total)), title=title)
	if getattr(frappe.local, "job", None):
		frappe.db.commit()  # nosemgrep: in a job, so that locks of a whole site's clocks are not held at once
