from core_helpdesk.child_row import ChildRow


class PromisedCategory(ChildRow):
	pass
