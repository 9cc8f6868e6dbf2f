"""Whom Ticketing System Management may contact about an escalation, and by what.

Policy: TSM-10
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import get_fullname

from core_helpdesk.escalations.people import TSM

ESCALATION = "Ticket Escalation"


def of_escalation(name: str) -> list[dict[str, Any]]:
	"""The managers named on it, with telephone and address."""
	rows = frappe.get_all(
		"Escalation Recipient",
		{"parenttype": ESCALATION, "parent": name, "capacity": ("!=", TSM)},
		["user", "capacity"],
		order_by="idx, creation",
	)
	department = frappe.db.get_value(ESCALATION, name, "department")
	return [_contact(row.user, row.capacity, department) for row in rows]


def unconfirmed(name: str) -> list[dict[str, str]]:
	"""Managers who have not confirmed their copy, with what became of it.

	Policy: TSM-01
	"""
	waiting = {
		"parenttype": ESCALATION,
		"parent": name,
		"capacity": ("!=", TSM),
		"confirmed_on": ("is", "not set"),
	}
	rows = frappe.get_all("Escalation Recipient", waiting, ["user", "delivery"], order_by="creation, name")
	return [
		{"full_name": get_fullname(row.user), "delivery": _(row.delivery, context="Escalation Recipient")}
		for row in rows
	]


def _contact(user: str, capacity: str, department: str | None) -> dict[str, Any]:
	person = frappe.db.get_value("User", user, ["full_name", "email", "phone", "mobile_no"], as_dict=True)
	if not person:
		return {"user": user, "full_name": user, "capacity": _(capacity), "phone": "", "email": ""}
	return {
		"user": user,
		"full_name": person.full_name or user,
		"capacity": _(capacity),
		"phone": _phone_as_head(user, department) or person.mobile_no or person.phone or "",
		"email": person.email or "",
	}


def _phone_as_head(user: str, department: str | None) -> str:
	row = {"parenttype": "Core Department", "parent": department, "head": user, "phone": ("is", "set")}
	return (frappe.db.get_value("Department Head", row, "phone") or "") if department else ""
