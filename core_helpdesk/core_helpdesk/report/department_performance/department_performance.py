"""Department Performance: see core_helpdesk/reports/department_performance.py."""

from core_helpdesk.reports import department_performance


def execute(filters: dict | None = None) -> tuple:
	"""Policy: QA-16"""
	return department_performance.run(filters).as_tuple()
