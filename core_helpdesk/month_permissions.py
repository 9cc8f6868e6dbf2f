"""Who reads the frozen months of tracing: its officers and supervisors, and whoever sees everything by their office.

A month counts all countries, and so the role of a manager alone does not open it.
"""

import frappe
from frappe.model.document import Document

from core_helpdesk import permissions
from core_helpdesk.setup import roles

READERS = (roles.SUPPORT_SUPERVISOR, roles.TRACING_OFFICER)


def reads(user: str) -> bool:
	"""Policy: TRC-18, TRC-20, TRC-M1"""
	return any(roles.holds(role, user) for role in READERS) or permissions.scope(user).sees_all


def month_conditions(user: str) -> str:
	return "" if reads(user or frappe.session.user) else "(1 = 0)"


def month_row_conditions(user: str, doctype: str) -> str:
	return month_conditions(user)


def has_month_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Reading for its readers; writing, which is the remarks only, for Support Supervisors."""
	user = user or frappe.session.user
	if ptype == "write":
		return roles.holds(roles.SUPPORT_SUPERVISOR, user)
	return ptype in permissions.READING and reads(user)
