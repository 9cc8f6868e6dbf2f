"""Controller of Working Calendar Exception."""

from core_helpdesk.child_row import FixedRow


class WorkingCalendarException(FixedRow):
	pass
