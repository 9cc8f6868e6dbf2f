from core_helpdesk.child_row import FixedRow


class TracingDocument(FixedRow):
	pass
