"""QA Monthly Report: see core_helpdesk/reports/ticket_month.py."""

from core_helpdesk.reports import ticket_month


def execute(filters: dict | None = None) -> tuple:
	"""Policy: QA-12"""
	return ticket_month.run(filters).as_tuple()
