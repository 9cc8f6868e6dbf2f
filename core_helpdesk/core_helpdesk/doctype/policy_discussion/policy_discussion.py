"""Controller of Policy Discussion."""

from core_helpdesk.child_row import FixedRow


class PolicyDiscussion(FixedRow):
	pass
