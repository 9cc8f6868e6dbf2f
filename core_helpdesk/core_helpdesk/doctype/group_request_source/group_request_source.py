"""A group from which a new one takes tickets."""

from core_helpdesk.child_row import FixedRow


class GroupRequestSource(FixedRow):
	pass
