"""What handing a ticket back to its group takes: the group itself, its clock as it is now, and the cycle's escalations.

Policy: TSM-08
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.escalations import case as cases
from core_helpdesk.escalations import follow_up, rows, sync
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from core_helpdesk.escalations.case import Case

ESCALATION = cases.ESCALATION


def return_to_group(case: Case) -> None:
	"""Takes a ticket that a level moved into TSM back to the group that it was taken from."""
	if case.ticket.team != config.settings().tsm_team:
		return
	taken = {**_cycle_of(case), "previous_team": ("is", "set")}
	teams = frappe.get_all(ESCALATION, taken, pluck="previous_team", order_by="level desc", limit=1)
	if teams:
		hd_ticket.set_team(case.ticket.name, teams[0])


def settled(case: Case, now: int) -> rows.Row:
	"""The clock as it is now, after the level fired that was due before the ticket is handed back."""
	row = rows.lock(case.ticket.name)
	ticket = hd_ticket.facts(case.ticket.name)
	while 0 < row.clock.due < now:
		after = sync.settled(row, ticket, now, config.site_rules())
		if after == row:
			return row
		row = after
	return row


def _cycle_of(case: Case) -> dict[str, object]:
	return {
		"reference_doctype": hd_ticket.DOCTYPE,
		"reference_name": case.ticket.name,
		"clock": case.escalation.clock,
		"cycle": case.escalation.cycle,
	}


def _open_in_cycle(case: Case) -> list[str]:
	open_ones = {**_cycle_of(case), "status": ("in", (*cases.OPEN, "Failed"))}
	return frappe.get_all(ESCALATION, open_ones, pluck="name", order_by="level")


def end_open(case: Case, reason: str, now: int) -> None:
	"""Every open escalation of the cycle ends with the ticket handed back."""
	for escalation in _open_in_cycle(case):
		_end(escalation, reason, now, case.user)


def _end(escalation: str, reason: str, now: int, user: str) -> None:
	values = {
		"status": "Handed Back",
		"outcome_on": config.from_epoch(now),
		"ended_epoch": now,
		"outcome_by": user,
		"outcome_reason": as_text(reason),
		"next_action_at": None,
	}
	frappe.db.set_value(ESCALATION, escalation, values)
	follow_up.log(escalation, follow_up.HANDED_BACK, now, note=reason)
