"""Parity Audit: see core_helpdesk/reports/parity_audit.py."""

from core_helpdesk.reports import parity_audit


def execute(filters: dict | None = None) -> tuple:
	"""Policy: CORE-09, QA-05"""
	return parity_audit.run(filters).as_tuple()
