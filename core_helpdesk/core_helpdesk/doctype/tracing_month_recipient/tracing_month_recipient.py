from core_helpdesk.child_row import FixedRow


class TracingMonthRecipient(FixedRow):
	pass
