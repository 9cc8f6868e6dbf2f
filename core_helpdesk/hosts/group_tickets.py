"""A group's tickets on the host, counted."""

from __future__ import annotations

from core_helpdesk.hosts import hd_ticket


def open_count(team: str) -> int:
	"""How many tickets the group still has to solve.

	Policy: CORE-10
	"""
	ticket, query = hd_ticket.tickets()
	return len(hd_ticket.live(ticket, query).where(ticket.agent_group == team).run())
