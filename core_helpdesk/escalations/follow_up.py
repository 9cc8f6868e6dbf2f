"""The follow-up log of an escalation: rows are added, never changed.

Written as rows: the document itself is nobody's to save.
"""

from __future__ import annotations

import frappe

from core_helpdesk import config
from core_helpdesk.stored_text import as_text

ESCALATION, DOCTYPE = "Ticket Escalation", "Escalation Follow Up"
ACKNOWLEDGED = "Acknowledged"
HEAD_CONTACTED = "Head Contacted"
RECEIPT_CONFIRMED = "Receipt Confirmed"
NOTE = "Note"
SOLVED = "Solved"
FAILED = "Failed"
HANDED_BACK = "Handed Back"
OWNER = "Owner"
MAIL = "Mail"
SYSTEM = "System"


def log(
	escalation: str,
	kind: str,
	now: int,
	*,
	by: str = "",
	person: str = "",
	channel: str = "",
	note: str = "",
	next_action_at: object = None,
) -> str:
	"""Adds a row at the end of the log; returns its name.

	Policy: TSM-04, TSM-07
	"""
	row = frappe.new_doc(DOCTYPE)
	row.update(
		{
			"parent": escalation,
			"parenttype": ESCALATION,
			"parentfield": "follow_up",
			"idx": _next_idx(escalation),
			"at": config.from_epoch(now),
			"kind": kind,
			"by": by or frappe.session.user,
			"person": person or None,
			"channel": channel,
			"note": as_text(note),
			"next_action_at": next_action_at,
			"owner": frappe.session.user,
			"modified_by": frappe.session.user,
			"creation": frappe.utils.now(),
			"modified": frappe.utils.now(),
		}
	)
	row.set_new_name()
	row.db_insert()
	return row.name


def _next_idx(escalation: str) -> int:
	return frappe.db.count(DOCTYPE, {"parenttype": ESCALATION, "parent": escalation}) + 1
