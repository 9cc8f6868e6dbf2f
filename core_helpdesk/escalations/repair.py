"""One repair of one ticket or clock; each says in a few words what it did, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.clock import retimed
from core_helpdesk.escalations import findings, rows, sync, tracing_clock
from core_helpdesk.escalations.sweep import PUT_ASIDE
from core_helpdesk.hosts import group_stages, hd_team, hd_ticket, tsm_guard

if TYPE_CHECKING:
	from core_helpdesk.escalations.rows import Row
	from core_helpdesk.hosts.hd_ticket import TicketFacts

FOUND_BY = "reconcile"


def ticket(name: str, now: int) -> str:
	"""Brings a ticket's clock to its row; first puts the ticket back if it got into a hidden or closed group past the app.

	Policy: CORE-01, CORE-08, TSM-12
	"""
	facts, row = rows.with_ticket(name)
	if facts.is_live and came_past_the_app(facts, row):
		return put_back(facts, row)
	before = row.clock if row else None
	has_ended = not facts.exists and tracing_clock.end_gone(name, now)
	if not sync.sync(name, now, found_by=FOUND_BY) and not has_ended:
		return ""
	return _what(facts, before is None)


def _what(facts: TicketFacts, is_new: bool) -> str:
	if not facts.exists:
		return _("Deleted", context="Core Helpdesk")
	if facts.merged:
		return _("Merged")
	return _("Without a clock") if is_new else _("Changed past the app")


def came_past_the_app(facts: TicketFacts, row: Row | None) -> bool:
	"""Whether the ticket is in a group that takes none, and neither an escalation nor an earlier time put it there."""
	door = hd_team.door(facts.team)
	if door.is_hidden:
		return not was_moved(row)
	return bool(door.stage and row and row.clock.group and row.clock.group != facts.team)


def was_moved(row: Row | None) -> bool:
	"""True if an escalation of this cycle put the ticket there: it then says from which group it was taken."""
	if row is None or not row.clock.level:
		return False
	moved = {
		"reference_doctype": hd_ticket.DOCTYPE,
		"reference_name": row.ticket,
		"clock": row.kind,
		"cycle": row.clock.cycle,
		"previous_team": ("is", "set"),
	}
	return bool(frappe.db.exists("Ticket Escalation", moved))


def put_back(facts: TicketFacts, row: Row | None) -> str:
	"""The ticket goes back to the group it was last in.

	Policy: TSM-12, CORE-08
	"""
	group = row.clock.group if row else ""
	previous = group if tsm_guard.may_return_to(group) else tsm_guard.way_back(facts.name)
	hd_ticket.set_team(facts.name, previous)
	if hd_team.is_hidden(facts.team):
		tsm_guard.report_put_back(facts.name, facts.subject, facts.team, previous)
		return _("Taken out of the hidden group")
	group_stages.report_put_back(facts.name, facts.subject, facts.team, previous)
	return _("Taken out of a group that takes no tickets")


def try_again(clock: str, now: int) -> str:
	"""Times a clock anew that was put aside, and gives it back to the sweep.

	Raises: what still stops it.
	"""
	row = rows.lock_named(clock)
	if not row or not row.stuck_reason:
		return ""
	rules = config.site_rules()
	rows.write_locked([(row, rows.with_clock(row, retimed(row.clock, rules)))], rules)
	findings.close(PUT_ASIDE, row.name)
	return _("Put aside, tried again")


def pick_up(clock: str, now: int) -> str:
	"""Starts a count that waited for a policy: from when that came into force, never from before the ticket came."""
	row = rows.lock_named(clock)
	if not row or row.clock.policy or not row.clock.is_live:
		return ""
	rules = config.site_rules()
	group, category = row.clock.group, row.clock.category
	if not rules.group(group).is_governed(row.since) or not rules.terms(group, category, now):
		return ""
	began = max(row.since, rules.in_force_since(group, category, now) or now)
	return _("Started: a policy is for it now") if sync.begin(row, began, rules) else ""
