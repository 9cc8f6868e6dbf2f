"""Who sees Workflow Actions on documents of ours: those name the document and its state to everybody with the next
step's role, of whichever department or group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk import claim_permissions, monthly_permissions, request_permissions
from core_helpdesk.permissions import NEUTRAL

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

ACTION = "Workflow Action"


class Guard(NamedTuple):
	"""The row conditions and the permission of the documents that actions are about."""

	conditions: Callable[[str], str]
	has_permission: Callable[[Document, str, str | None], bool]


GUARDS = {
	request_permissions.DOCTYPE: Guard(
		request_permissions.request_conditions, request_permissions.has_request_permission
	),
	claim_permissions.DOCTYPE: Guard(
		claim_permissions.claim_conditions, claim_permissions.has_claim_permission
	),
	monthly_permissions.REPORT: Guard(
		monthly_permissions.report_conditions, monthly_permissions.has_report_permission
	),
}


def action_conditions(user: str) -> str:
	"""Policy: CORE-13"""
	return " and ".join(filter(None, (_conditions(doctype, user) for doctype in GUARDS)))


def _conditions(doctype: str, user: str) -> str:
	conditions = GUARDS[doctype].conditions(user)
	if not conditions:
		return ""
	table = f"`tab{ACTION}`"
	seen = f"{table}.`reference_name` in (select name from `tab{doctype}` where {conditions})"
	return f"(ifnull({table}.`reference_doctype`, '') != '{doctype}' or {seen})"


def has_action_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool | None:
	guard = GUARDS.get(doc.reference_doctype)
	if not guard or not frappe.db.exists(doc.reference_doctype, doc.reference_name):
		return NEUTRAL
	document = frappe.get_doc(doc.reference_doctype, doc.reference_name)
	return NEUTRAL if guard.has_permission(document, "read", user) else False
