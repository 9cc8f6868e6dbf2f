from core_helpdesk.child_row import RememberedRow


class TracingCycle(RememberedRow):
	pass
