from core_helpdesk.child_row import ChildRow


class TracingStandard(ChildRow):
	pass
