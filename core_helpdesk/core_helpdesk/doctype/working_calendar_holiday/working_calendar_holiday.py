"""Controller of Working Calendar Holiday."""

from core_helpdesk.child_row import FixedRow


class WorkingCalendarHoliday(FixedRow):
	pass
