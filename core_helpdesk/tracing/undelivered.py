"""Mails to customers that never left: told to the QA Specialists once, since a customer who was not asked is not silent.

Policy: TRC-21, TRC-22
"""

from __future__ import annotations

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.mail import delivery
from core_helpdesk.stored_text import as_text
from core_helpdesk.tracing import records

QUEUE, RECIPIENT = "Email Queue", "Email Queue Recipient"
LOOK_BACK = 2 * 86_400


def report(now: int) -> int:
	"""Reports the mails that the framework gave up in the last two days; returns how many there are.

	Units: `now` is seconds since the epoch.
	"""
	given_up = {
		"reference_doctype": records.DOCTYPE,
		"status": ("in", delivery.GIVEN_UP),
		"modified": (">=", config.from_epoch(now - LOOK_BACK)),
	}
	found = frappe.get_all(QUEUE, given_up, ["name", "reference_name", "error"], order_by="name")
	for mail in found:
		to = frappe.get_all(RECIPIENT, {"parent": mail.name}, pluck="recipient", order_by="idx")
		lines = (mail.error or "").strip().splitlines()
		why = as_text(lines[-1][:300]) if lines else _("The mail server refused it.")
		delivery.alarm(mail.reference_name, ", ".join(to), why, records.DOCTYPE)
	return len(found)
