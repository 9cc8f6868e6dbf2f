"""Two names made one: whatever named the first names the second from then on, past all events of the documents.

So what governed groups, categories and policies name is merged away by those who may change these, and so is who
answers for a department.
"""

import frappe
from frappe import _

from core_helpdesk.governance import governed, known_names

# Who answers for what, and who reads it.
PLACES = ("Department Head", "Department Reader")
SETTINGS = "Core Helpdesk Settings"


def guard(doctype: str, old: str, *, merge: bool) -> None:
	"""Called before a rename.

	Raises: PermissionError
	Policy: CORE-02, CORE-10, CORE-11
	"""
	if not merge or governed.may_change() or not governed.has_begun():
		return
	if known_names.is_known(doctype, old) or answers(doctype, old):
		message = _("{0} stands in what is governed: only a QA Specialist may merge it into another.")
		text = message.format(frappe.bold(frappe.utils.escape_html(old)))
		frappe.throw(text, frappe.PermissionError, title=_("Governed Group"))


def answers(doctype: str, name: str) -> bool:
	"""Whether a department's rows or the settings hold this name."""
	for place in PLACES:
		fields = link_fields(place, doctype)
		if fields and frappe.get_all(place, or_filters=dict.fromkeys(fields, name), limit=1):
			return True
	settings = frappe.get_cached_doc(SETTINGS)
	return any(settings.get(field) == name for field in link_fields(SETTINGS, doctype))


def link_fields(holder: str, doctype: str) -> list[str]:
	links = frappe.get_meta(holder).get_link_fields()
	return [field.fieldname for field in links if field.options == doctype]
