"""Gives the host its tickets back when the app leaves: none may stay in a group that goes."""

from __future__ import annotations

import frappe

TICKET = "HD Ticket"


def put_tickets_back(tsm_team: str | None, previous: dict[str, str | None]) -> int:
	"""Tickets in the hidden group go back to the group they came from, or to none; returns how many.

	Policy: TSM-12
	"""
	tickets = frappe.get_all(TICKET, filters={"agent_group": tsm_team}, pluck="name") if tsm_team else []
	for ticket in tickets:
		team = previous.get(str(ticket))
		here = team if team and frappe.db.exists("HD Team", team) else None
		# Past the host's own events: nothing about the ticket itself changed.
		frappe.db.set_value(TICKET, ticket, "agent_group", here, update_modified=False)
	return len(tickets)
