"""Group Conflicts: see core_helpdesk/reports/group_conflicts.py."""

from core_helpdesk.reports import group_conflicts


def execute(filters: dict | None = None) -> tuple:
	"""Policy: QA-02"""
	return group_conflicts.run(filters).as_tuple()
