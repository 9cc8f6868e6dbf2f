"""What the Desk asks for beyond plain counts: two cards that depend on the present moment, the standards at hand, and
what people, departments and categories are called. A reader only counts what they may read, as by any number card.
"""

from collections import Counter
from typing import Any

import frappe
from frappe import _
from frappe.desk.doctype.number_card.number_card import get_result

from core_helpdesk import config, permissions, shown
from core_helpdesk.setup import roles
from core_helpdesk.tracing import rules

OPEN_STATUSES = ("Received", "Head Contacted")
COUNTING_STATES = ("Running", "Escalated")
SOON_SECONDS = 4 * 3600
CHART_DAYS = 30
CHART_BARS = 6
READERS = (
	"Customer Service Manager",
	"Department Manager",
	"General Manager",
	"QA Specialist",
	"System Manager",
	"TSM Agent",
)


def _card(doctype: str, filters: list[list[Any]], shown_as: dict[str, Any]) -> dict[str, Any]:
	frappe.has_permission(doctype, "read", throw=True)
	counted = [[doctype, *condition] for condition in filters]
	return {
		"value": int(get_result({"document_type": doctype, "function": "Count"}, counted)),
		"fieldtype": "Int",
		"route": ["List", doctype, "List"],
		"route_options": shown_as,
	}


@frappe.whitelist()
def solution_overdue(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""Escalations still open past their 24 hours.

	Policy: TSM-02
	"""
	overdue = [["status", "in", OPEN_STATUSES], ["answer_due_epoch", "<=", config.now_epoch()]]
	shown_as = {"status": ["in", OPEN_STATUSES], "answer_due_at": ["<", frappe.utils.now_datetime()]}
	return _card("Ticket Escalation", overdue, shown_as)


@frappe.whitelist()
def due_soon(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""Clocks whose next level comes within four hours, those already late included."""
	until = config.now_epoch() + SOON_SECONDS
	due = [["state", "in", COUNTING_STATES], ["due_epoch", ">", 0], ["due_epoch", "<=", until]]
	shown_as = {"state": ["in", COUNTING_STATES], "due_at": ["<", config.from_epoch(until)]}
	return _card("Ticket Clock", due, shown_as)


@frappe.whitelist()
def escalations_by_department(chart_name: str | None = None) -> dict[str, Any]:
	"""The departments that most escalations of the last 30 days came from."""
	return _most_frequent("department", _("No Department"), _departments_in_arabic())


@frappe.whitelist()
def escalations_by_group(chart_name: str | None = None) -> dict[str, Any]:
	"""The groups that most escalations of the last 30 days came from."""
	return _most_frequent("team", _("No Group"), {})


def _most_frequent(field: str, without: str, names: dict[str, str]) -> dict[str, Any]:
	since = config.now_epoch() - CHART_DAYS * 86400
	found = frappe.get_list(
		"Ticket Escalation", {"escalated_epoch": (">=", since)}, pluck=field, limit_page_length=0
	)
	most = Counter(names.get(value, value) or without for value in found).most_common(CHART_BARS)
	return {
		"labels": [name for name, _count in most],
		"datasets": [{"name": _("Escalations"), "values": [count for _name, count in most]}],
	}


@frappe.whitelist()
def at_hand() -> dict[str, Any]:
	"""The mode, the written procedure and whom to call, for the head of the workspace.

	Policy: TSM-11, CORE-16
	"""
	frappe.only_for(READERS)
	settings = config.settings()
	mode = config.mode()
	return {
		"mode": mode,
		"mode_label": _(mode, context="Core Helpdesk Settings"),
		"is_confirmed": mode == settings.mode,
		"procedure_url": settings.procedure_url,
		"support_phone": settings.support_phone,
		"support_email": settings.support_email,
	}


def extend_bootinfo(bootinfo: dict[str, Any]) -> None:
	"""Sent once with the Desk: a list would otherwise ask for every name it shows."""
	if not permissions.ROLES_OF_THE_APP.intersection(frappe.get_roles()):
		return
	bootinfo["core_helpdesk"] = {
		"countries": _countries(),
		"people": _people(),
		"departments": _departments_in_arabic(),
		"categories": _in_arabic("Group Category", "category_name_ar"),
	}


def _countries() -> dict[str, str]:
	names = shown.countries()
	codes = frappe.get_all("Country", fields=["name", "code"], as_list=True) if names else []
	return {country: names[code.upper()] for country, code in codes if code and code.upper() in names}


def _people() -> dict[str, str]:
	"""Those whom escalations and cases name: heads, deputies, the offices, members of the management and tracing groups."""
	heads = frappe.get_all("Department Head", fields=["head", "deputy", "authorised_employee"], as_list=True)
	teams = [config.settings().tsm_team or "", rules.customer_care(), *rules.network().groups]
	members = frappe.get_all("HD Team Member", {"parent": ("in", teams)}, pluck="user")
	settings = config.settings()
	offices = [
		person
		for office in (settings.general_manager, settings.customer_service_manager)
		for person in (office.user, office.deputy)
	]
	supervisors = roles.holders(roles.SUPPORT_SUPERVISOR)
	users = {
		user for user in (*(user for row in heads for user in row), *members, *offices, *supervisors) if user
	}
	found = frappe.get_all("User", {"name": ("in", sorted(users))}, ["name", "full_name"])
	return {user.name: user.full_name for user in found if user.full_name}


def _departments_in_arabic() -> dict[str, str]:
	return _in_arabic("Core Department", "department_name_ar")


def _in_arabic(doctype: str, field: str) -> dict[str, str]:
	"""Names of documents in Arabic, for who reads Arabic; nothing for others."""
	if not (frappe.local.lang or "").startswith("ar") or not frappe.has_permission(doctype, "read"):
		return {}
	return dict(frappe.get_all(doctype, {field: ("is", "set")}, ["name", field], as_list=True))
