"""Tracing Monthly Report: see core_helpdesk/reports/tracing_month.py."""

from core_helpdesk.reports import tracing_month


def execute(filters: dict | None = None) -> tuple:
	"""Policy: TRC-18"""
	return tracing_month.run(filters).as_tuple()
