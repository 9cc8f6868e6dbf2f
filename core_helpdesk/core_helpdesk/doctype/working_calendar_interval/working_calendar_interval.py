"""Controller of Working Calendar Interval."""

from frappe.model.document import Document


class WorkingCalendarInterval(Document):
	pass
