"""A stay of a request in a state; the app alone writes it."""

from core_helpdesk.child_row import FixedRow


class GroupRequestState(FixedRow):
	pass
