"""Who reads the ledger of reports: everybody what was to go to themselves, whoever sees everything all of it.

What stands in a report is not told with its row: its form asks for it, see `sending.acts.shown`. Its record is opened by
nobody, whatever rights an admin gives to a role.
"""

import frappe
from frappe.model.document import Document

from core_helpdesk import permissions


def delivery_conditions(user: str) -> str:
	present = permissions.scope(user)
	if present.sees_all:
		return ""
	return f"(`tabReport Delivery`.`recipient` = {frappe.db.escape(present.user)})"


def has_delivery_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Policy: CORE-13, QA-12"""
	user = user or frappe.session.user
	if ptype not in permissions.READING:
		return False
	return doc.recipient == user or permissions.scope(user).sees_all


def content_conditions(user: str) -> str:
	return "(1 = 0)"


def has_content_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Policy: CORE-13, TSM-12"""
	return False


def run_conditions(user: str) -> str:
	return "" if permissions.scope(user).sees_all else "(1 = 0)"


def has_run_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Policy: QA-12"""
	return ptype in permissions.READING and permissions.scope(user).sees_all
