"""Brings a ticket's clock to what the host's row says now, whoever noticed the change.

What was due before the change fires first, by the sweep's own code; then the domain decides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cstr
from pypika import Case

from core_helpdesk import config
from core_helpdesk.domain.clock import Clock, TicketState, changed
from core_helpdesk.domain.ticket_facts import LAPSED, Began
from core_helpdesk.domain.ticket_stays import in_group
from core_helpdesk.escalations import claim, findings, legs, rows, tables
from core_helpdesk.escalations.transactions import undone_on_failure
from core_helpdesk.hosts import hd_ticket, tsm_guard

if TYPE_CHECKING:
	from core_helpdesk.config import SiteRules
	from core_helpdesk.escalations.rows import Row
	from core_helpdesk.hosts.hd_ticket import TicketFacts

EVENT = "event"
GROUP_WITHOUT_DATA = "Group without Data"


def sync(name: str, at: int, *, found_by: str = EVENT) -> bool:
	"""Makes the clock of a ticket follow its row; True if anything changed.

	`found_by` is "event" where the change is made at `at`; for any other finder the row itself says since when.
	Policy: CORE-01
	"""
	facts, row = rows.with_ticket(name)
	if row is None and not facts.exists:
		return False
	if row is not None and not differs(row.clock, facts, config.tsm_team()):
		return False
	with undone_on_failure():
		rules = config.site_rules()
		if row is None:
			return start(facts, at, rules, found_by=found_by)
		return follow(row, facts, at, rules, found_by=found_by)


def differs(clock: Clock, facts: TicketFacts, tsm_team: str) -> bool:
	return any(getattr(clock, field) != value for field, value in wanted(clock, facts, tsm_team).items())


def wanted(clock: Clock, facts: TicketFacts, tsm_team: str) -> dict[str, Any]:
	"""What the clock must show of the ticket.

	A ticket that was put into TSM without an escalation stays on the clock of the group it was taken from: an
	assignment that nobody may make cannot stop a clock, and is undone by reconcile.
	Policy: TSM-12
	"""
	if facts.finished:
		return {"finished": True}
	known = {"state": facts.state, "category": facts.category, "finished": False}
	if clock.level or not facts.team or facts.team != tsm_team:
		known["group"] = facts.team
	return known


def start(facts: TicketFacts, at: int, rules: SiteRules, *, found_by: str) -> bool:
	"""A first row for a ticket: counting if it came to its group while that was governed, else only noted.

	A change that is made now brings it in now: every ticket that was live when the mode was switched on had its row
	by then. What is only found may be old, or brought in past the app; there the host says since when.
	"""
	if facts.finished or not (facts.team and facts.is_live):
		return False
	since = at if found_by == EVENT else min(at, hd_ticket.entered_at([facts])[facts.name])
	row = first(facts, since, rules)
	if not rows.insert([row], rules):
		return follow(rows.lock(facts.name), facts, at, rules, found_by=found_by)
	if in_group(row.clock):
		is_new = facts.created >= rules.group(facts.team).governed_from
		legs.open_many([row], rules, Began.RECEIVED if is_new else Began.TAKEN_ON)
	report_gap(row.clock, since, rules)
	return True


def first(facts: TicketFacts, since: int, rules: SiteRules) -> Row:
	"""The row of a ticket that came to its group at `since`; in cycle 0, with nothing counted, unless governed."""
	clock = Clock()
	known = wanted(clock, facts, rules.general.tsm_team)
	if known.get("group") and rules.group(facts.team).is_governed(since):
		clock = changed(clock, since, rules, **known)
	else:
		clock = replace(clock, **known)
	return rows.Row(tables.new_names(1)[0], facts.name, clock, clock.next, since=since)


def begin(row: Row, at: int, rules: SiteRules) -> bool:
	"""Starts the count of a ticket that has none, as if it came to its group at `at`; False if it cannot."""
	apart = replace(row.clock, group="")
	clock = changed(apart, at, rules, group=row.clock.group)
	return bool(clock.policy) and moved(row, clock, at, rules)


def follow(row: Row, facts: TicketFacts, at: int, rules: SiteRules, *, found_by: str) -> bool:
	"""Writes the change; begins again from what somebody else has written meanwhile."""
	while differs(row.clock, facts, rules.general.tsm_team):
		moment = not_before(row, at if found_by == EVENT else found_at(row, facts, at))
		if 0 < row.clock.due < moment:
			row = settled(rows.lock(row.ticket), facts, max(at, moment), rules)
			continue
		clock = after_change(row, moment, rules, wanted(row.clock, facts, rules.general.tsm_team))
		if moved(row, clock, moment, rules):
			return True
		row = rows.lock(row.ticket)
	return False


def after_change(row: Row, at: int, rules: SiteRules, known: dict[str, Any]) -> Clock:
	"""The clock after a change; a ticket that is only noted starts by a move or a reopening, by nothing else.

	A ticket that is reopened in TSM begins with the group that it was taken from, where it is put back.
	"""
	clock = row.clock
	reopened = not clock.is_live and not known["finished"] and known["state"] is not TicketState.RESOLVED
	if reopened and known.get("group") and known["group"] == rules.general.tsm_team:
		known = {**known, "group": tsm_guard.way_back(row.ticket)}
	noted = replace(clock, **known)
	stays = clock.is_live and noted.is_live and noted.group == clock.group
	if stays and is_only_noted(row, rules):
		return noted
	return changed(clock, at, rules, **known)


def is_only_noted(row: Row, rules: SiteRules) -> bool:
	"""True for a ticket that came to its group before that was governed, and was not started since."""
	clock = row.clock
	if clock.policy or clock.level or not clock.group:
		return False
	return not clock.cycle or not rules.group(clock.group).is_governed(row.since)


def settled(locked: Row, facts: TicketFacts, at: int, rules: SiteRules) -> Row:
	"""The row after the level fired that was due before the change; late, as in the sweep."""
	fired = (
		claim.claim([locked], {facts.name: facts}, claim.batch(at, "", rules))
		if claim.is_due(locked, at)
		else []
	)
	return fired[0] if fired else locked


def found_at(row: Row, facts: TicketFacts, now: int) -> int:
	"""When a change was made that nobody told us of: when the row was last written, if that was after the clock's.

	Where the row does not say, a ticket that is over was so before anything was due.
	"""
	last = not_before(row, 0)
	if last < facts.modified <= now:
		return facts.modified
	return now if facts.is_live else min(now, row.clock.due or now)


def not_before(row: Row, at: int) -> int:
	"""A moment that does not lie before the clock's own last one, whatever the system's time has done."""
	return max(at, row.clock.began, row.clock.paused_since, row.since)


def moved(row: Row, clock: Clock, at: int, rules: SiteRules) -> bool:
	"""Writes a clock over its row, with legs and with the escalations that end with it.

	Returns: False if the row was changed by somebody else; nothing is written then.
	"""
	begins = in_group(clock) != in_group(row.clock)
	after = rows.with_clock(row, clock, at if begins else row.since)
	if not rows.write(row, after, rules):
		return False
	legs.follow(row, after, at, rules)
	if row.clock.is_live and not clock.is_live and row.clock.level:
		close_escalations(row.ticket, at, is_solved=not clock.finished)
	elif row.clock.finished and clock.is_live and clock.level and clock.cycle == row.clock.cycle:
		reopen_escalations(row.ticket, clock.cycle, rows.GROUP)
	if begins:
		report_gap(clock, at, rules)
	return True


def close_escalations(ticket: str, at: int, *, is_solved: bool, kind: str = rows.GROUP) -> None:
	"""Escalations of a clock that are still open end with it; solved in time if within their 24 hours.

	A ticket that was merged or deleted was not solved: neither in time nor late.
	Policy: TSM-02
	"""
	table = frappe.qb.DocType(claim.DOCTYPE)
	in_time = Case().when(table.answer_due_epoch >= at, "Yes").else_("No")
	(
		frappe.qb.update(table)
		.set(table.status, "Closed with Ticket")
		.set(table.outcome_on, config.from_epoch(at))
		.set(table.ended_epoch, at if is_solved else LAPSED)
		.set(table.solved_in_time, in_time if is_solved else "")
		.where((table.reference_doctype == hd_ticket.DOCTYPE) & (table.reference_name == cstr(ticket)))
		.where((table.clock == kind) & table.status.isin(["Received", "Head Contacted"]))
		.run()
	)


def reopen_escalations(ticket: str, cycle: int, kind: str) -> None:
	"""Escalations that ended with their clock go on with it; what people recorded of others stays."""
	table = frappe.qb.DocType(claim.DOCTYPE)
	status = Case().when(table.contacted_on.isnotnull(), "Head Contacted").else_("Received")
	(
		frappe.qb.update(table)
		.set(table.status, status)
		.set(table.outcome_on, None)
		.set(table.ended_epoch, 0)
		.set(table.solved_in_time, "")
		.where((table.reference_doctype == hd_ticket.DOCTYPE) & (table.reference_name == cstr(ticket)))
		.where((table.clock == kind) & (table.cycle == cycle) & (table.status == "Closed with Ticket"))
		.run()
	)


def report_gap(clock: Clock, at: int, rules: SiteRules) -> None:
	"""A governed group whose tickets no policy is for shows to the QA Specialist.

	Policy: QA-02
	"""
	if clock.policy or clock.level or not clock.is_live or not clock.group:
		return
	group = rules.group(clock.group)
	if group.is_governed(at):
		details = _("No escalation policy in force is for the tickets of the group {0}.").format(clock.group)
		remedy = _("Activate a policy for this group, its category, or for all groups.")
		# Opened only: counting it would make every save into this group wait for the one before.
		findings.open_once(
			GROUP_WITHOUT_DATA, f"{clock.group}:policy", hd_ticket.TEAM, clock.group, details, remedy
		)
