"""Controller of Working Calendar Season."""

from frappe.model.document import Document


class WorkingCalendarSeason(Document):
	pass
