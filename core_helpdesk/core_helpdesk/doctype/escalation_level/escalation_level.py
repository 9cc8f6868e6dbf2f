"""Controller of Escalation Level."""

from core_helpdesk.child_row import FixedRow


class EscalationLevel(FixedRow):
	pass
