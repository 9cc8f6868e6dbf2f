from core_helpdesk.child_row import RememberedRow


class TracingUpdate(RememberedRow):
	pass
