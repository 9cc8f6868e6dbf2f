"""Who sees Workflow Actions on Group Requests: those name the request and its state to everybody with the next step's
role, of whichever department.
"""

import frappe
from frappe.model.document import Document

from core_helpdesk.permissions import NEUTRAL
from core_helpdesk.request_permissions import DOCTYPE, has_request_permission, request_conditions

ACTION = "Workflow Action"


def action_conditions(user: str) -> str:
	"""Policy: CORE-13"""
	conditions = request_conditions(user)
	if not conditions:
		return ""
	table = f"`tab{ACTION}`"
	seen = f"{table}.`reference_name` in (select name from `tab{DOCTYPE}` where {conditions})"
	return f"(ifnull({table}.`reference_doctype`, '') != '{DOCTYPE}' or {seen})"


def has_action_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool | None:
	if doc.reference_doctype != DOCTYPE or not frappe.db.exists(DOCTYPE, doc.reference_name):
		return NEUTRAL
	request = frappe.get_doc(DOCTYPE, doc.reference_name)
	return NEUTRAL if has_request_permission(request, "read", user) else False
