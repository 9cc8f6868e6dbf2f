"""Controller of Working Calendar Holiday."""

from frappe.model.document import Document


class WorkingCalendarHoliday(Document):
	pass
