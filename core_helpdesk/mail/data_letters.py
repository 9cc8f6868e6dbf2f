"""Words what staff are told when the data of a Tracing Case comes back to them: one notice and one mail, in their language."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.mail import language, letters, notices, outgoing

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

DOCTYPE = "Tracing Case"


def tell(case: Document, user: str, lead: Callable[[], str], wrong: Callable[[], list[str]]) -> None:
	"""A notice in the Desk, and a mail where the app is live; `lead` and `wrong` are worded in the reader's language.

	Who may not read the case is led to its ticket.
	Policy: TRC-06, TRC-07
	"""
	reader = letters.reader_of(user, case.department or "")
	with language.speaking(reader.language):
		title = _("Data of ticket {0} needs you for tracing").format(case.ticket)
		said, faults = lead(), wrong()
		may_read = frappe.has_permission(DOCTYPE, "read", case.name, user=user)
		about = (DOCTYPE, case.name) if may_read else (hd_ticket.DOCTYPE, case.ticket)
		notices.insert(user, " ".join((f"{title}.", said, *faults)), *about)
		if config.mode() == config.LIVE:
			# A mail that cannot be queued leaves the notice.
			with suppress(outgoing.NotQueued):
				outgoing.queue(_letter(case, reader, title, said, faults))


def _letter(
	case: Document, reader: letters.Reader, title: str, lead: str, wrong: list[str]
) -> outgoing.Letter:
	facts = [(_("Ticket"), case.ticket), (_("Tracing Case"), case.name)]
	facts += [(str(number), text) for number, text in enumerate(wrong, 1)]
	ticket = (_("Open the Ticket"), hd_ticket.url(case.ticket))
	return letters.about_document(
		reader, title, lead, facts, _("Open the Case"), (DOCTYPE, case.name), first_link=ticket
	)
