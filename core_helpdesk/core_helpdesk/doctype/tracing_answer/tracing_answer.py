from core_helpdesk.child_row import RememberedRow


class TracingAnswer(RememberedRow):
	pass
