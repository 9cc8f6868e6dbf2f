"""A customer who answers a notice by mail after all: it is filed on the case, and whoever works it is told.

Policy: TRC-16, TRC-21
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk.hosts import hd_ticket
from core_helpdesk.mail import language, notices
from core_helpdesk.stored_text import as_text
from core_helpdesk.tracing import records

if TYPE_CHECKING:
	from frappe.model.document import Document


def take(mail: Document) -> int:
	"""Tells the officer of the case, or all of its group while nobody has taken it; returns how many."""
	if mail.reference_doctype != records.DOCTYPE or mail.sent_or_received != "Received":
		return 0
	case = frappe.db.get_value(records.DOCTYPE, mail.reference_name, ["officer", "team"], as_dict=True)
	if not case:
		return 0
	people = [case.officer] if case.officer else hd_ticket.agents_of(case.team or "")
	for user in people:
		with language.speaking(language.language_of(user)):
			text = _("A customer answered a notice by e-mail: {0}").format(as_text(mail.sender))
			notices.insert(user, text, records.DOCTYPE, mail.reference_name)
	return len(people)
