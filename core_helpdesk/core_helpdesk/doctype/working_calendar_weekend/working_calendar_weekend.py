"""Controller of Working Calendar Weekend."""

from core_helpdesk.child_row import FixedRow


class WorkingCalendarWeekend(FixedRow):
	pass
