"""Department Escalations: see core_helpdesk/reports/department_escalations.py."""

from core_helpdesk.reports import department_escalations


def execute(filters: dict | None = None) -> tuple:
	"""Policy: TSM-M2"""
	return department_escalations.in_desk(filters).as_tuple()
