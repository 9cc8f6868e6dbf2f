"""Group Requests: see core_helpdesk/reports/group_requests.py."""

from core_helpdesk.reports import group_requests


def execute(filters: dict | None = None) -> tuple:
	"""Policy: CORE-13, QA-12"""
	return group_requests.run(filters).as_tuple()
