from core_helpdesk.child_row import FixedRow


class TracingReview(FixedRow):
	pass
