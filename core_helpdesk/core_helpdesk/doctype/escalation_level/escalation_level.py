"""Controller of Escalation Level."""

from frappe.model.document import Document


class EscalationLevel(Document):
	pass
