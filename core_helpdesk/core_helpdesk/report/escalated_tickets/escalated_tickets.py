"""Escalated Tickets: see core_helpdesk/reports/escalated_tickets.py."""

from core_helpdesk.reports import escalated_tickets


def execute(filters: dict | None = None) -> tuple:
	"""Policy: TSM-09"""
	return escalated_tickets.run(filters).as_tuple()
