"""Who sees Group Requests: who asked, the managers of the department, and those who decide; nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import getdate

from core_helpdesk import config, permissions
from core_helpdesk.governance.requests import DOCTYPE
from core_helpdesk.setup.roles import QA_SPECIALIST, holds

if TYPE_CHECKING:
	from frappe.model.document import Document

COLUMNS = ("owner", "requested_by", "department", "country")


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
	areas = permissions.areas_of(user, getdate())
	return f"({' or '.join([own, *(area.condition(f'tab{DOCTYPE}') for area in areas)])})"


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
	return any(area.covers(stored.department or "", stored.country or "") for area in areas)
