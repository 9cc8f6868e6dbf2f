"""Controller of Policy Discussion."""

from frappe.model.document import Document


class PolicyDiscussion(Document):
	pass
