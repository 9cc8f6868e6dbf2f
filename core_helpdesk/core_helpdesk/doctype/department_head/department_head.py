"""Controller of Department Head."""

from frappe.model.document import Document


class DepartmentHead(Document):
	pass
