"""Controller of Working Calendar Interval."""

from core_helpdesk.child_row import FixedRow


class WorkingCalendarInterval(FixedRow):
	pass
