"""Who sees Group Requests: who asked, the managers of the department, and those who decide; nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import getdate

from core_helpdesk import config, permissions
from core_helpdesk.governance.requests import DOCTYPE, place_of
from core_helpdesk.setup.roles import QA_SPECIALIST, holds

if TYPE_CHECKING:
	from frappe.model.document import Document

COLUMNS = ("kind", "owner", "requested_by", "team", "department", "country")


def sees_all(user: str) -> bool:
	"""The QA Specialist, and who is Customer Service Manager or General Manager today.

	Policy: CORE-02, CORE-09
	"""
	return user == "Administrator" or holds(QA_SPECIALIST, user) or holds_office(user)


def holds_office(user: str) -> bool:
	settings, today = config.settings(), getdate()
	stands = (settings.customer_service_manager, settings.general_manager)
	return any(user and user in (stand.user, permissions.deputising(stand, today)) for stand in stands)


def request_conditions(user: str) -> str:
	user = user or frappe.session.user
	if sees_all(user):
		return ""
	table, name = f"`tab{DOCTYPE}`", frappe.db.escape(user)
	own = f"{table}.`requested_by` = {name} or {table}.`owner` = {name}"
	areas = [*permissions.areas_of(user, getdate()), *permissions.read_areas(user)]
	return f"({' or '.join([own, *(area.condition(f'tab{DOCTYPE}') for area in areas), *_on_groups(areas)])})"


def _on_groups(areas: list[permissions.Area]) -> list[str]:
	"""Requests on the groups of these areas: one that moves a group is first of all its present managers' concern."""
	if not areas:
		return []
	settings = config.settings()
	columns = (("department", settings.default_department), ("country", settings.default_country))
	placed = ", ".join(
		f"ifnull(nullif(`ch_{column}`, ''), {frappe.db.escape(default or '')}) as `{column}`"
		for column, default in columns
	)
	groups = f"(select `name`, {placed} from `tabHD Team`) `placed`"
	conditions = " or ".join(area.condition("placed") for area in areas)
	return [f"`tab{DOCTYPE}`.`team` in (select `placed`.`name` from {groups} where {conditions})"]


def request_row_conditions(user: str, doctype: str) -> str:
	"""Rows of the requests that the user may see; the discussion is a table of escalation policies as well."""
	conditions = request_conditions(user)
	if not conditions:
		return ""
	table = f"`tab{doctype}`"
	seen = f"{table}.`parent` in (select name from `tab{DOCTYPE}` where {conditions})"
	return f"({table}.`parenttype` != '{DOCTYPE}' or {seen})"


def has_request_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""By the stored request: what a caller wrote into it gives nobody a right.

	Policy: CORE-11, CORE-13
	"""
	user = user or frappe.session.user
	stored = frappe.db.get_value(DOCTYPE, doc.name, COLUMNS, as_dict=True) if doc.name else None
	if stored is None:
		return True  # a new one, of whoever makes it
	if sees_all(user) or user in (stored.owner, stored.requested_by):
		return True
	areas = permissions.areas_of(user, getdate())
	if ptype in permissions.READING:
		areas += permissions.read_areas(user)
	places = {(stored.department or "", stored.country or ""), place_of(stored)}
	return any(area.covers(*place) for area in areas for place in places)
