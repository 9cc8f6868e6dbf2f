"""A person whom a request adds to a group or takes out of it."""

from core_helpdesk.child_row import FixedRow


class GroupRequestMember(FixedRow):
	pass
