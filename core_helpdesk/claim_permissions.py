"""Who sees Tracing Claims: whoever may read the case, and from the approval on the Customer Care group.

Judged by the stored claim: another case written into it opens neither that case nor the claim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import permissions, tracing_permissions
from core_helpdesk.governance.requests import is_manager
from core_helpdesk.setup.roles import SUPPORT_SUPERVISOR, holds
from core_helpdesk.tracing import claims
from core_helpdesk.tracing.claims import DOCTYPE

if TYPE_CHECKING:
	from frappe.model.document import Document

COLUMNS = ("tracing_case", "requested_by", "owner", "approved_on")


def claim_conditions(user: str) -> str:
	"""Policy: TRC-19, CORE-13"""
	user = user or frappe.session.user
	cases = tracing_permissions.case_conditions(user)
	if not cases:
		return ""
	table = f"`tab{DOCTYPE}`"
	seen = f"{table}.`tracing_case` in (select `name` from `tab{tracing_permissions.CASE}` where {cases})"
	return f"({seen} or {table}.`approved_on` is not null)" if claims.cares(user) else f"({seen})"


def paper_conditions(user: str, doctype: str) -> str:
	"""Rows of papers, which cases and claims have in one table: each is as open as its document."""
	conditions = claim_conditions(user)
	of_cases = tracing_permissions.case_row_conditions(user, doctype)
	if not conditions:
		return of_cases
	table = f"`tab{doctype}`"
	seen = f"{table}.`parent` in (select `name` from `tab{DOCTYPE}` where {conditions})"
	of_claims = f"({table}.`parenttype` != '{DOCTYPE}' or {seen})"
	return f"({of_cases} and {of_claims})" if of_cases else of_claims


def has_claim_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Reading as above; a new claim for whoever may read its case; writing for those who have a part in it.

	Policy: TRC-19, CORE-11
	"""
	user = user or frappe.session.user
	stored = frappe.db.get_value(DOCTYPE, doc.name, COLUMNS, as_dict=True) if doc.name else None
	if stored is None:
		# Made by its case; without one it is the doctype's permission that is asked for.
		return not doc.get("tracing_case") or _reads_case(doc.tracing_case, user)
	if not may_read(stored, user) or _names_hidden_case(doc, stored, user):
		return False
	if ptype in permissions.READING:
		return True
	return ptype == "write" and has_part(stored, user)


def may_read(claim: frappe._dict, user: str) -> bool:
	return bool(claim.approved_on and claims.cares(user)) or _reads_case(claim.tracing_case, user)


def _names_hidden_case(doc: Document, stored: frappe._dict, user: str) -> bool:
	"""Whether another case was written into the document, as for printing it, that the user may not read."""
	named = doc.get("tracing_case")
	return bool(named) and named != stored.tracing_case and not _reads_case(named, user)


def _reads_case(case: str, user: str) -> bool:
	return user == "Administrator" or tracing_permissions.reads(frappe._dict(name=case), user)


def has_part(claim: frappe._dict, user: str) -> bool:
	"""Who made it, the officers of the group that has the case, who decides, and who pays; their steps are judged one
	by one.
	"""
	return (
		user == "Administrator"
		or claims.is_own(claim, user)
		or holds(SUPPORT_SUPERVISOR, user)
		or is_manager(user)
		or claims.cares(user)
		or claims.is_officer(claim.tracing_case, user)
	)
