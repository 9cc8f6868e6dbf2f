"""Controller of Department Head."""

from core_helpdesk.child_row import FixedRow


class DepartmentHead(FixedRow):
	pass
