"""What people do with a Tracing Month: the Support Supervisor sends it, its readers say that they reviewed it.

Policy: TRC-18, TRC-20
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.escalations import people
from core_helpdesk.escalations.case import invalid
from core_helpdesk.mail import month_letters, month_notices, outgoing
from core_helpdesk.setup import roles
from core_helpdesk.stored_text import as_text
from core_helpdesk.tracing import month_making, rights

if TYPE_CHECKING:
	from datetime import date

	from frappe.model.document import Document

	from core_helpdesk.escalations.people import Recipient

DOCTYPE, ROW, QUEUE = "Tracing Month", "Tracing Month Recipient", "Email Queue"
QUEUED, SENT, FAILED = "Queued", "Sent", "Failed"
# States in which the framework has given a mail up.
GIVEN_UP = ("Error", "Expired")


def locked(month: str) -> Document:
	"""The month for an act, kept from others.

	Raises: DoesNotExistError, PermissionError unless the present user may read it.
	"""
	frappe.get_doc(DOCTYPE, month).check_permission("read")
	return frappe.get_doc(DOCTYPE, month, for_update=True)


def send(document: Document, now: int) -> list[str]:
	"""Mails the month to the QA Specialists and the Customer Service Manager; later only to those it did not reach.

	Returns whom it could not be mailed to, and why.
	Units: seconds since the epoch.
	Raises: PermissionError; ValidationError outside the mode Live, and where everybody has it.
	Policy: TRC-18
	"""
	rights.must_supervise(frappe.session.user)
	if config.mode() != config.LIVE:
		invalid(_("Nothing is mailed unless Core Helpdesk is in the mode Live."))
	_look_at_mails(document)
	reached = {row.user for row in document.recipients if row.outcome in (QUEUED, SENT)}
	waiting = [person for person in readers(config.from_epoch(now).date()) if person.user not in reached]
	if not waiting:
		_refuse_again(document)
	problems = [problem for person in waiting if (problem := _mail(document, person, now))]
	is_sent = len(problems) < len(waiting) and document.status != month_making.SENT
	if is_sent:
		sent = {"sent_on": config.from_epoch(now), "sent_by": frappe.session.user}
		document.update({"status": month_making.SENT, **sent})
	save(document)
	if is_sent:
		month_notices.to_review(document.name, not_reviewed(document))
	return problems


def readers(today: date) -> list[Recipient]:
	"""The Customer Service Manager, or who acts for them, and the QA Specialists, each once.

	Policy: TRC-18
	"""
	found: dict[str, Recipient] = {}
	for person in (*people.customer_service_manager(today).people, *people.qa_specialists()):
		found.setdefault(person.user, person)
	return list(found.values())


def _refuse_again(document: Document) -> None:
	if not document.recipients:
		invalid(_("There is nobody to send it to: name a Customer Service Manager in the settings."))
	message = _("This month was sent to everybody on {0}; nobody is sent it twice.")
	invalid(message.format(frappe.utils.format_datetime(document.sent_on)))


def _mail(document: Document, person: Recipient, now: int) -> str:
	"""Queues the mail to one reader and notes it; returns why not, or nothing."""
	row = next((row for row in document.recipients if row.user == person.user), None)
	row = row or document.append("recipients", {"user": person.user})
	row.role = person.capacity
	try:
		queued = outgoing.queue(month_letters.of_month(document, person.user))
	except outgoing.NotQueued as problem:
		row.update({"outcome": _failure(problem.reason), "email_queue": None, "sent_on": None})
		return f"{person.user}: {problem.reason}"
	row.update({"outcome": QUEUED, "email_queue": queued.email_queue, "sent_on": config.from_epoch(now)})
	return ""


def _failure(reason: str) -> str:
	return as_text(f"{FAILED}: {reason}")[:140]


def watch_delivery() -> None:
	"""Notes for each mail under way whether it was sent; a failed one may be sent again.

	Policy: TRC-18
	"""
	under_way = frappe.get_all(ROW, {"outcome": QUEUED, "parenttype": DOCTYPE}, pluck="parent", distinct=True)
	for month in under_way:
		document = frappe.get_doc(DOCTYPE, month, for_update=True)
		if _look_at_mails(document):
			save(document)


def _look_at_mails(document: Document) -> bool:
	"""Writes how the mails fared into the rows; True if anything changed."""
	rows = [row for row in document.recipients if row.outcome == QUEUED]
	names = [row.email_queue for row in rows if row.email_queue]
	mails = frappe.get_all(QUEUE, {"name": ("in", names or [""])}, ["name", "status", "error"])
	by_name = {mail.name: mail for mail in mails}
	for row in rows:
		row.outcome = _outcome(by_name.get(row.email_queue))
	return any(row.outcome != QUEUED for row in rows)


def _outcome(mail: frappe._dict | None) -> str:
	if mail is None:
		return _failure(_("The mail is no longer in the queue."))
	if mail.status in GIVEN_UP:
		lines = (mail.error or "").strip().splitlines()
		return _failure(lines[-1] if lines else _("The mail server refused it."))
	return SENT if mail.status == "Sent" else QUEUED


def not_reviewed(document: Document) -> list[str]:
	"""The Tracing Officers who have not said yet that they reviewed the month.

	Policy: TRC-20
	"""
	done = {row.user for row in document.reviews}
	return [user for user in roles.holders(roles.TRACING_OFFICER) if user not in done]


def review(document: Document, note: str, now: int) -> None:
	"""Records that the present user, who may read the month, has reviewed it, with a note if there is one to make.

	Units: seconds since the epoch.
	Policy: TRC-20, TRC-M1
	"""
	at = config.from_epoch(now)
	document.append("reviews", {"user": frappe.session.user, "at": at, "note": as_text(note).strip()})
	save(document)


def save(document: Document) -> None:
	"""Saves what an act changed, whose rights the act has asked for."""
	document.flags.ch_act = True
	# Who was sent it, or reviewed it, may be gone by now.
	document.flags.ignore_links = True
	document.save(ignore_permissions=True)
