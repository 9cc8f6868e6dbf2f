"""Staff whom a department's head lets read its reports and records: they see what the head sees, and decide on nothing.

Policy: CORE-13
"""

from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, getdate

from core_helpdesk import permissions
from core_helpdesk.permissions import Area
from core_helpdesk.setup import ledger, offices
from core_helpdesk.setup.roles import DEPARTMENT_MANAGER, QA_SPECIALIST, holds, take

DEPARTMENT = "Core Department"


class Named(TypedDict):
	"""Who reads a department in one country, or (country empty) in all that have no head of their own."""

	country: str
	users: list[str]


def of_department(department: str) -> list[Named]:
	"""The readers in each area that the present user may name them for; none for anybody else."""
	document = frappe.get_doc(DEPARTMENT, department)
	document.check_permission("read")
	return [
		Named(country=area.country, users=[row.user for row in document.readers if is_in(row, area)])
		for area in own_areas(document)
	]


def own_areas(department: Document) -> list[Area]:
	"""Where the present user answers for the department; for a QA Specialist wherever anybody does."""
	if holds(QA_SPECIALIST):
		return [Area(department.name, row.country or "") for row in department.heads]
	areas = permissions.areas_of(frappe.session.user, getdate())
	return [area for area in areas if area.department == department.name]


def is_in(row: Document, area: Area) -> bool:
	return (row.country or "") == area.country


def name_readers(department: str, country: str, users: list[str]) -> None:
	"""Gives an area of the department these readers, in place of those it had.

	Raises: PermissionError for anybody but the head there, the deputy while acting, and a QA Specialist.
	"""
	document = frappe.get_doc(DEPARTMENT, department, for_update=True)
	area = next((area for area in own_areas(document) if area.country == (country or "")), None)
	if not area:
		message = _("Readers are named by the department's head, or by a QA Specialist.")
		frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))
	kept = [row for row in document.readers if not is_in(row, area)]
	document.set("readers", kept)
	for user in dict.fromkeys(users):
		place = {"country": area.country or None, "all_countries": int(not area.country)}
		document.append("readers", {"user": user, **place})
	# The head may not write the rest of the department.
	document.save(ignore_permissions=True)


def check_rows(department: Document) -> None:
	"""Raises: ValidationError for a reader of nowhere or of two places at once, and for who is no user of the Desk."""
	check_new_readers(department)
	for row in department.readers:
		if bool(row.country) == bool(row.all_countries):
			message = _("Row {0}: choose a country or tick All Countries, one of the two.").format(row.idx)
			frappe.throw(message, title=_("Staff Who See Reports"))


def check_new_readers(department: Document) -> None:
	"""Only who works at the Desk already reads there; whoever was named and has left since keeps no save back."""
	known = readers_of(department.get_doc_before_save())
	named = {row.user for row in department.readers if row.user} - known
	at_work = {"name": ("in", named or [""]), "enabled": 1, "user_type": "System User"}
	working = set(frappe.get_all("User", at_work, pluck="name")) - set(frappe.STANDARD_USERS)
	if others := sorted(named - working):
		message = _("Only enabled users of the Desk can be named: {0}")
		frappe.throw(message.format(escape_html(", ".join(others))), title=_("Staff Who See Reports"))


def readers_of(department: Document | None) -> set[str]:
	return {row.user for row in department.readers} if department else set()


def settle_role(department: Document, granted: list[str]) -> None:
	"""Who reads nothing any more loses the role that came with it, unless another row names them.

	Nobody who was given it otherwise does: who got it by reading is remembered.
	"""
	readers = readers_of(department)
	for user in readers & set(granted):
		ledger.remember(offices.GIVEN, f"{DEPARTMENT_MANAGER}:{user}")
	gone = readers_of(department.get_doc_before_save()) - readers
	for user in gone & set(offices.given(DEPARTMENT_MANAGER) if gone else ()):
		if not is_named(user):
			ledger.forget(offices.GIVEN, f"{DEPARTMENT_MANAGER}:{user}")
			take(DEPARTMENT_MANAGER, user)


def is_named(user: str) -> bool:
	"""Whether any department has this user as head, deputy, authorised employee or reader."""
	stands = {"head": user, "deputy": user, "authorised_employee": user}
	ours = {"parenttype": DEPARTMENT}
	return bool(
		frappe.get_all("Department Head", ours, or_filters=stands, limit=1)
		or frappe.db.exists("Department Reader", {**ours, "user": user})
	)
