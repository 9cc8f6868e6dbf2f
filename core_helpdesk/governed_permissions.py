"""Who sees notices, suggestions and deviations: those in scope, and those who are named on them or wrote them."""

import frappe
from frappe.model.document import Document

from core_helpdesk.permissions import READING, scope

NOTICE, SUGGESTION, DEVIATION = "Change Notice", "Group Suggestion", "Parity Deviation"


def has_notice_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Policy: CORE-08"""
	user = user or frappe.session.user
	if scope(user).sees_all:
		return True
	return ptype in READING and bool(
		frappe.db.exists("Change Notice Reader", {"parenttype": NOTICE, "parent": doc.name, "user": user})
	)


def notice_conditions(user: str) -> str:
	user = user or frappe.session.user
	if scope(user).sees_all:
		return ""
	return (
		"(exists (select 1 from `tabChange Notice Reader` r where r.parenttype = 'Change Notice'"
		f" and r.parent = `tabChange Notice`.name and r.user = {frappe.db.escape(user)}))"
	)


def notice_row_conditions(user: str, doctype: str) -> str:
	conditions = notice_conditions(user)
	return (
		f"(`tab{doctype}`.`parent` in (select name from `tab{NOTICE}` where {conditions}))"
		if conditions
		else ""
	)


def has_suggestion_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Suggestions are read by who wrote them and by those who answer for the group's department.

	The form lets nobody fill in a new one without the right to write, so the role has it; stored ones are changed by
	the QA Specialist alone.
	Policy: CORE-14
	"""
	user = user or frappe.session.user
	if ptype == "create":
		return True
	if ptype not in READING:
		return "QA Specialist" in frappe.get_roles(user)
	present = scope(user)
	return present.sees_all or doc.suggested_by == user or present.covers(doc.department, doc.country)


def suggestion_conditions(user: str) -> str:
	present = scope(user)
	own = f"`tab{SUGGESTION}`.`suggested_by` = {frappe.db.escape(present.user)}"
	return "" if present.sees_all else present.condition(f"tab{SUGGESTION}", own)


def has_deviation_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Policy: CORE-09, CORE-13"""
	return ptype in READING and scope(user or frappe.session.user).covers(doc.department, doc.country)


def deviation_conditions(user: str) -> str:
	present = scope(user)
	return "" if present.sees_all else present.condition(f"tab{DEVIATION}", "1=0")
