"""What was discussed with a department whose tickets escalated."""

from core_helpdesk.child_row import RememberedRow


class DepartmentOutcome(RememberedRow):
	pass
