"""Controller of Working Calendar Season."""

from core_helpdesk.child_row import FixedRow


class WorkingCalendarSeason(FixedRow):
	pass
