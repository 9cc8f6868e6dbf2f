"""The head of a department in a country: who it is, and naming another."""

import frappe
from frappe.utils import cstr

DEPARTMENT = "Core Department"
ROW = ("head", "deputy", "absent_from", "absent_until", "phone", "authorised_employee")


def head_of(department: str, country: str) -> str:
	"""The head for this country, else the one for all countries, else an empty name."""
	if not department or not frappe.db.exists(DEPARTMENT, department):
		return ""
	rows = frappe.get_cached_doc(DEPARTMENT, department).heads
	own = next((row.head for row in rows if country and row.country == country), "")
	return own or next((row.head for row in rows if row.all_countries), "")


def has_own_row(department: str, country: str) -> bool:
	return bool(frappe.db.exists("Department Head", {"parent": department, "country": country}))


def row_of(department: str, country: str) -> dict[str, str]:
	"""The country's own row as it is stored, as text; empty without one."""
	place = {"parenttype": DEPARTMENT, "parent": department, "country": country}
	row = frappe.db.get_value("Department Head", place, ROW, as_dict=True)
	return {field: cstr(row[field]) for field in ROW} if row else {}


def put(department: str, country: str, head: str) -> None:
	"""Names the head for one country; an empty name takes that country's row away."""
	put_back(department, country, replaced(row_of(department, country), head) if head else {})


def put_back(department: str, country: str, values: dict[str, str]) -> None:
	"""Gives a country's row these values, as `row_of` has said them; none take the row away."""
	document = frappe.get_doc(DEPARTMENT, department)
	row = next((row for row in document.heads if row.country == country), None)
	if not values:
		document.set("heads", [row for row in document.heads if row.country != country])
	elif row:
		row.update(given(values))
	else:
		document.append("heads", {"country": country, **given(values)})
	document.save(ignore_permissions=True)  # callers have checked who may


def given(values: dict[str, str]) -> dict[str, str | None]:
	return {field: value or None for field, value in values.items()}


def replaced(row: dict[str, str], head: str) -> dict[str, str]:
	# The absence was the former head's.
	values = {**row, "head": head, "absent_from": "", "absent_until": ""}
	return {**values, "deputy": ""} if values.get("deputy") == head else values
