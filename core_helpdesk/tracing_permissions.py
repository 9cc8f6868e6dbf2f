"""Who sees Tracing Cases: the people of its groups, who passed it on, who supervises, and heads in their areas.

Judged by the stored case: what a caller wrote into it gives nobody a right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import permissions
from core_helpdesk.hosts import hd_team
from core_helpdesk.setup import roles

if TYPE_CHECKING:
	from frappe.model.document import Document

CASE = "Tracing Case"


def sees_all(user: str) -> bool:
	"""The Support Supervisor, and whoever sees everything by their office.

	Policy: TRC-11, TRC-23
	"""
	return roles.holds(roles.SUPPORT_SUPERVISOR, user) or permissions.scope(user).sees_all


def case_conditions(user: str) -> str:
	user = user or frappe.session.user
	if sees_all(user):
		return ""
	return permissions.scope(user).condition(f"tab{CASE}", f"`tab{CASE}`.`name` in ({_of_legs(user)})")


def _of_legs(user: str) -> str:
	"""SQL for the cases that the user's groups have or had, or that the user passed on."""
	own = f"select `parent` from `tabTracing Leg` where `passed_by` = {frappe.db.escape(user)}"
	teams = ", ".join(frappe.db.escape(team) for team in sorted(hd_team.teams_of(user)))
	return f"{own} union select `parent` from `tabTracing Leg` where `team` in ({teams})" if teams else own


def case_row_conditions(user: str, doctype: str) -> str:
	"""Rows of the cases that the user may read; rows of other documents are left to those."""
	conditions = case_conditions(user)
	if not conditions:
		return ""
	table = f"`tab{doctype}`"
	seen = f"{table}.`parent` in (select `name` from `tab{CASE}` where {conditions})"
	return f"({table}.`parenttype` != '{CASE}' or {seen})"


def has_case_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Reading for whoever had the case or passed it on; writing its data for Tracing Officers of the group that has it,
	and for Support Supervisors; nothing else for anybody.

	Policy: TRC-11, TRC-12, TRC-23
	"""
	user = user or frappe.session.user
	if user == "Administrator":
		return True
	if ptype == "write":
		return writes(doc, user)
	return ptype in permissions.READING and reads(doc, user)


def writes(doc: Document, user: str) -> bool:
	if roles.holds(roles.SUPPORT_SUPERVISOR, user):
		return True
	team = frappe.db.get_value(CASE, doc.name, "team") if doc.name else None
	return bool(team) and roles.holds(roles.TRACING_OFFICER, user) and hd_team.is_member(team, user)


def reads(doc: Document, user: str) -> bool:
	if sees_all(user):
		return True
	stored = frappe.db.get_value(CASE, doc.name, ["department", "country"]) if doc.name else None
	if stored is None:
		# A document without a name is a doctype's permission that is asked for.
		return not doc.name
	if permissions.scope(user).covers(*stored):
		return True
	legs = frappe.get_all("Tracing Leg", {"parenttype": CASE, "parent": doc.name}, ["team", "passed_by"])
	own = hd_team.teams_of(user)
	return any(leg.passed_by == user or leg.team in own for leg in legs)
