"""Controller of Working Calendar Exception."""

from frappe.model.document import Document


class WorkingCalendarException(Document):
	pass
