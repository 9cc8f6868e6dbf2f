"""Controller of Working Calendar Weekend."""

from frappe.model.document import Document


class WorkingCalendarWeekend(Document):
	pass
