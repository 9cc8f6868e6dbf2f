"""Tells the customer of a case what happens: one mail in their language, and an SMS where the site sends any.

Only in Live, and only to the address and the mobile number that the stored ticket and its contact give. A customer who
cannot be told never costs the work that led here.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import frappe
from babel.core import UnknownLocaleError
from babel.dates import format_date
from frappe import _

from core_helpdesk import config
from core_helpdesk.escalations import transactions
from core_helpdesk.hosts import customer_reach, ticket_customer
from core_helpdesk.mail import customer_letters, delivery, language, moments, outgoing
from core_helpdesk.mail.customer_letters import LINK, Message
from core_helpdesk.shown import ISOLATE, POP, country
from core_helpdesk.stored_text import as_written
from core_helpdesk.tracing import notices, originator, sms

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.hosts.customer_reach import Reach
	from core_helpdesk.mail.outgoing import Letter
	from core_helpdesk.tracing.notices import Notice

DOCTYPE = "Tracing Case"


def tell(case: Document, event: str, *, update: str = "", missing: str = "", link: str = "") -> str:
	"""Queues what the customer is told at this event; returns why no mail is on its way, empty when one is.

	The case is locked: a mail that is on its way is noted among its updates, at once.
	Raises: what ended the transaction.
	Policy: TRC-21
	"""
	reach = customer_reach.reach_of(case.ticket)
	notice = _notice(case, event, reach)
	if isinstance(notice, str):
		return notice
	said = {"update": update, "missing": missing, "link": link}
	try:
		with transactions.undone_on_failure():
			why_not = _told(case, event, reach, notice, said)
	except Exception as error:
		if transactions.ends_all(error):
			raise
		frappe.log_error(title=f"Customer of {case.name} not told", message=frappe.get_traceback())
		return _("The message could not be made; the reason is in the Error Log.")
	if not why_not:
		_note(case, event, reach)
	return why_not


def why_not(case: Document, event: str) -> str:
	"""Why no mail about this event could go to the customer now, in the present language; empty if one could."""
	reach = customer_reach.reach_of(case.ticket)
	notice = _notice(case, event, reach)
	return notice if isinstance(notice, str) else _unaddressed(reach)


def say(why_not: str) -> None:
	"""Says to the present user why the customer was not told, if anything kept them from it.

	Policy: TRC-21
	"""
	if why_not:
		message = _("The customer gets no e-mail about it. {0}").format(why_not)
		frappe.msgprint(message, title=_("Customer Not Told"), indicator="orange")


def _notice(case: Document, event: str, reach: Reach) -> Notice | str:
	"""The notice that goes out, or why none does."""
	if config.mode() != config.LIVE:
		return _("Customers are told nothing unless Core Helpdesk is in the mode Live.")
	if not originator.is_still(case, reach.email):
		return _("The ticket's address was changed since it came: call the customer instead.")
	found = notices.chosen(event, case.nature or "", language_for(case, reach))
	return found or _("No notice is enabled for this event: {0}.").format(_(event, context=notices.DOCTYPE))


def language_for(case: Document, reach: Reach) -> str:
	"""What the case says of the customer's language, else their user's, else the site's."""
	return case.language or reach.language or language.site_language()


def _told(case: Document, event: str, reach: Reach, notice: Notice, said: dict[str, str]) -> str:
	with language.speaking(notice.language):
		words = {**_words(case, notice.language), **said}
		letter = _letter(case, reach, notice, words)
	why_not = _queue_mail(case, reach, letter)
	# Where the mail holds what the customer needs, an SMS without it tells of nothing.
	if not (why_not and event in notices.NEEDED):
		sms.queue(reach.mobile, notices.filled(notice.sms, words))
	return why_not


def _note(case: Document, event: str, reach: Reach) -> None:
	"""What went out, for whoever works the case: nobody of them wrote it, and it counts as nobody's update.

	The event is worded where it is read.
	"""
	sent = {"channel": "E-mail", "contact": "Customer", "person": reach.email[:140], "customer_told": 1}
	row = {"at": config.from_epoch(config.now_epoch()), "purpose": event, **sent}
	case.append("updates", row).db_insert()


def _words(case: Document, lang: str) -> dict[str, str]:
	"""What stands in place of the words in braces, as plain text in the language."""
	return {
		"customer": ticket_customer.of(case.ticket).name or as_written(case.customer_name),
		"number": case.shipment_number or "",
		"country": country(case.handed_to or case.country, lang),
		"due": _day(case, lang),
		"solution": as_written(case.solution),
	}


def _day(case: Document, lang: str) -> str:
	"""The day on which the case is due, where it is handled."""
	if not case.due_epoch:
		return ""
	day = datetime.fromtimestamp(case.due_epoch, moments.zone_of_place(case.country))
	try:
		return format_date(day, "long", locale=lang.replace("-", "_"))
	except (UnknownLocaleError, ValueError):
		return format_date(day, "long", locale="en")


def _letter(case: Document, reach: Reach, notice: Notice, words: dict[str, str]) -> Letter:
	link = words["link"]
	# Parts that run the other way keep together; the link is put in when the mail is made, as a button.
	kept = {
		word: value.replace(LINK, " ") if language.direction(notice.language) == "ltr" else _isolated(value)
		for word, value in words.items()
	}
	text = notices.filled(notice.message, {**kept, "link": LINK if link else ""})
	portal = customer_reach.portal_url(case.ticket) if reach.user else ""
	message = Message(notice.language, notices.filled(notice.subject, words), text, link, portal)
	return customer_letters.letter(message, (DOCTYPE, case.name))


def _isolated(value: str) -> str:
	lines = value.replace(LINK, " ").splitlines()
	return "\n".join(f"{ISOLATE}{line}{POP}" if line.strip() else "" for line in lines)


def _unaddressed(reach: Reach) -> str:
	return (
		""
		if reach.email
		else _("The ticket has no e-mail address of a customer: call them, or ask in the ticket.")
	)


def _queue_mail(case: Document, reach: Reach, letter: Letter) -> str:
	if not reach.email:
		return _unaddressed(reach)
	try:
		outgoing.queue_to_customer(letter, reach.email)
	except outgoing.NotQueued as problem:
		# What would keep every mail back is somebody's to put right.
		if problem.passing:
			delivery.alarm(case.name, reach.email, problem.reason, DOCTYPE)
		return problem.reason
	return ""
