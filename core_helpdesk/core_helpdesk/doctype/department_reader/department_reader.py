"""Controller of Department Reader."""

from core_helpdesk.child_row import FixedRow


class DepartmentReader(FixedRow):
	pass
