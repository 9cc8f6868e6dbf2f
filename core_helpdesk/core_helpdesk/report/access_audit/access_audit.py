"""Access Audit: see core_helpdesk/reports/access_audit.py."""

from core_helpdesk.reports import access_audit


def execute(filters: dict | None = None) -> tuple:
	"""Policy: CORE-11, QA-04"""
	return access_audit.run(filters).as_tuple()
