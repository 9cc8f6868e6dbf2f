"""The head of a department in a country: who it is, and naming another."""

import frappe
from frappe.model.document import Document

DEPARTMENT = "Core Department"


def head_of(department: str, country: str) -> str:
	"""The head for this country, else the one for all countries, else an empty name."""
	if not department or not frappe.db.exists(DEPARTMENT, department):
		return ""
	rows = frappe.get_cached_doc(DEPARTMENT, department).heads
	own = next((row.head for row in rows if country and row.country == country), "")
	return own or next((row.head for row in rows if row.all_countries), "")


def has_own_row(department: str, country: str) -> bool:
	return bool(frappe.db.exists("Department Head", {"parent": department, "country": country}))


def put(department: str, country: str, head: str) -> None:
	"""Names the head for one country; an empty name takes that country's row away."""
	document = frappe.get_doc(DEPARTMENT, department)
	row = next((row for row in document.heads if row.country == country), None)
	if not head:
		document.set("heads", [row for row in document.heads if row.country != country])
	elif row:
		replace(row, head)
	else:
		document.append("heads", {"country": country, "head": head})
	document.save(ignore_permissions=True)  # callers have checked who may


def replace(row: Document, head: str) -> None:
	row.head = head
	# The absence was the former head's.
	row.absent_from = row.absent_until = None
	if row.deputy == head:
		row.deputy = None
