"""Weekly Performance: see core_helpdesk/reports/weekly_performance.py."""

from core_helpdesk.reports import weekly_performance


def execute(filters: dict | None = None) -> tuple:
	"""Policy: TSM-14"""
	return weekly_performance.in_desk(filters).as_tuple()
