"""Who sees Monthly Reports and Corrective Actions: whoever sees everything, department heads, and who is named.

The figures are no part of the report: its readers get those of their own areas by `monthly_api` alone.
"""

import frappe
from frappe.model.document import Document

from core_helpdesk import permissions
from core_helpdesk.monthly import rights
from core_helpdesk.setup import monthly_workflow as flow

REPORT, ACTION = flow.NAME, "Corrective Action"


def report_conditions(user: str) -> str:
	"""Policy: CORE-13, TSM-13"""
	present = permissions.scope(user or frappe.session.user)
	if present.sees_all:
		return ""
	if not present.areas:
		return "(1 = 0)"
	table, states = f"`tab{REPORT}`", ", ".join(map(frappe.db.escape, rights.SENT_TO_HEADS))
	kind = frappe.db.escape(rights.FOR_HEADS)
	return f"({table}.`kind` = {kind} and {table}.`workflow_state` in ({states}))"


def report_row_conditions(user: str, doctype: str) -> str:
	conditions = report_conditions(user)
	if not conditions:
		return ""
	return f"(`tab{doctype}`.`parent` in (select `name` from `tab{REPORT}` where {conditions}))"


def has_report_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Judged by the stored report; writing for those who have a part in it, whose steps are judged one by one."""
	user = user or frappe.session.user
	stored = (
		frappe.db.get_value(REPORT, doc.name, ["kind", "workflow_state"], as_dict=True) if doc.name else None
	)
	if stored is None:
		return ptype in permissions.READING and permissions.scope(user).sees_all
	if not rights.reads(stored.kind, stored.workflow_state, user):
		return False
	if ptype in permissions.READING:
		return True
	return ptype == "write" and (rights.makes(stored, user) or rights.is_management(user))


def figures_conditions(user: str) -> str:
	"""Closed months count all places and all groups.

	Policy: CORE-13, TSM-12
	"""
	return "" if _sees_figures(user or frappe.session.user) else "(1 = 0)"


def has_figures_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Whatever roles say; written they are by the app alone."""
	return ptype in permissions.READING and _sees_figures(user or frappe.session.user)


def _sees_figures(user: str) -> bool:
	return permissions.scope(user).sees_all and not permissions.concealed_from(user)


def action_conditions(user: str) -> str:
	"""Policy: QA-M3, CORE-13"""
	present = permissions.scope(user or frappe.session.user)
	if present.sees_all:
		return ""
	return present.condition(
		f"tab{ACTION}", f"`tab{ACTION}`.`responsible` = {frappe.db.escape(present.user)}"
	)


def has_action_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Reading for who sees the place, or is to do it; writing for management, the QA Specialist and who is to do it."""
	user = user or frappe.session.user
	fields = ["department", "country", "responsible"]
	stored = frappe.db.get_value(ACTION, doc.name, fields, as_dict=True) if doc.name else None
	if stored is None:
		return rights.decides(user)
	is_own = stored.responsible == user
	if not (is_own or permissions.scope(user).covers(stored.department, stored.country)):
		return False
	return ptype in permissions.READING or (ptype == "write" and (is_own or rights.decides(user)))
