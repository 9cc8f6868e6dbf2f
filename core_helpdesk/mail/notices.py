"""Notices in the Desk: one Notification Log row each, in the reader's language, inserted in the present transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import escape_html

from core_helpdesk.escalations import findings, people
from core_helpdesk.escalations.rows import TRACING
from core_helpdesk.hosts import hd_notification
from core_helpdesk.mail import language, letters

if TYPE_CHECKING:
	from collections.abc import Iterable

DOCTYPE = "Notification Log"


def insert(user: str, text: str, doctype: str, name: str) -> str:
	"""A notice that links to a document; of type Alert, which the framework never mails. Returns its name."""
	notice = frappe.new_doc(DOCTYPE)
	notice.update(
		{
			"type": "Alert",
			"for_user": user,
			"from_user": "Administrator",
			"subject": escape_html(text),
			"document_type": doctype,
			"document_name": name,
		}
	)
	return notice.insert(ignore_permissions=True).name  # written by a job, for the reader


def of_escalation(escalation: frappe._dict, user: str) -> str:
	"""Policy: TSM-05"""
	with language.speaking(language.language_of(user)):
		known = _("Ticket {0} of {1} was escalated (level {2}): {3}")
		if escalation.clock == TRACING:
			known = _("The tracing case of ticket {0} of {1} was escalated (level {2}): {3}")
		text = known.format(
			escalation.reference_name,
			escalation.team or "",
			escalation.level,
			escalation.ticket_subject or "",
		)
		return insert(user, text, letters.ESCALATION, escalation.name)


def of_warning(users: Iterable[str], ticket: str, subject: str, team: str, due: int) -> int:
	"""Warns a group's members, in the Desk and on the host's agent pages; returns how many."""
	return sum(_warn(user, ticket, subject, team, due) for user in users)


def of_case_warning(users: Iterable[str], ticket: str, subject: str, team: str, due: int) -> int:
	"""The same where the time of a ticket's tracing case is running out.

	Policy: TRC-03
	"""
	return sum(_warn(user, ticket, subject, team, due, is_case=True) for user in users)


def _warn(user: str, ticket: str, subject: str, team: str, due: int, *, is_case: bool = False) -> int:
	reader = letters.reader_of(user)
	with language.speaking(reader.language):
		known = _("Ticket {0} of {1} escalates on {2} unless it is solved: {3}")
		if is_case:
			known = _("The tracing case of ticket {0} of {1} escalates on {2} unless it is closed: {3}")
		text = known.format(ticket, team, reader.moment(due), subject)
		insert(user, text, "HD Ticket", ticket)
		hd_notification.notify(user, ticket, escape_html(text))
	return 1


def alarm(kind: str, key: str, details: str, remedy: str, doctype: str, name: str) -> None:
	"""Opens a finding, and tells the QA Specialists the first time."""
	is_open = findings.is_open(kind, key)
	findings.report(kind, key, doctype, name, details, remedy)
	if not is_open:
		to_qa_specialists(details, doctype, name)


def to_qa_specialists(text: str, doctype: str, name: str) -> None:
	for specialist in people.qa_specialists():
		insert(specialist.user, text, doctype, name)
