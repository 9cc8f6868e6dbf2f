"""What the workspace asks for beyond plain counts: two cards that depend on the present moment, and the standards
at hand. Figures are counted as by any number card, so that a reader only counts what they may read.
"""

from typing import Any

import frappe
from frappe import _
from frappe.desk.doctype.number_card.number_card import get_result

from core_helpdesk import config

OPEN_STATUSES = ("Received", "Head Contacted")
COUNTING_STATES = ("Running", "Escalated")
SOON_SECONDS = 4 * 3600
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
def at_hand() -> dict[str, Any]:
	"""The mode, the written procedure and whom to call, for the head of the workspace.

	Policy: TSM-11, CORE-16
	"""
	frappe.only_for(READERS)
	settings = config.settings()
	mode = config.mode()
	return {
		"mode": mode,
		"mode_label": _(mode),
		"is_confirmed": mode == settings.mode,
		"procedure_url": settings.procedure_url,
		"support_phone": settings.support_phone,
		"support_email": settings.support_email,
	}
