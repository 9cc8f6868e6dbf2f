"""A step that a person took with a Monthly Report, and for whom: it stands whatever became of the report since."""

from core_helpdesk.child_row import RememberedRow


class MonthlyReportStep(RememberedRow):
	pass
