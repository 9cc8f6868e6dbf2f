from core_helpdesk.child_row import ChildRow


class RequiredDocument(ChildRow):
	pass
