"""Asks the customer whether the case is solved, by a link that answers without a login; and takes the answer.

A link holds for one cycle of one case, for the customer whom the ticket names, until it is used, replaced by another,
or out of date, and while the solution that it asks about stands without an answer. Whatever else a link is, it is
refused in one and the same way.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import cint, cstr, get_url

from core_helpdesk import config
from core_helpdesk.escalations import transactions
from core_helpdesk.hosts import customer_reach, hd_ticket
from core_helpdesk.tracing import answers, notices, originator, records, rules, signed_link, telling
from core_helpdesk.tracing.signed_link import Bound

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.tracing.signed_link import Link

ROUTE = "/tracing-confirmation"
SOURCE = "Link"
DAY = 86_400
# What a case says of the asking while nobody has been asked about its solution.
NEVER_ASKED = MappingProxyType({"confirmation_asked_epoch": 0, "reminders_sent": 0, "reminded_epoch": 0})
# As it stands in a page, in a text, or inside the address of a program that rewrites links.
QUOTED = re.compile(r"(token(?:=3D|=|%3D|%253D))[\w.~%-]+", re.IGNORECASE)
COLUMNS = (
	"name",
	"ticket",
	"status",
	"cycle",
	"answer",
	"solved_on",
	"shipment_number",
	"confirmation_key",
	"confirmation_asked_epoch",
	"customer_email",
)


class Question(NamedTuple):
	"""What a link asks about; nothing else of the case goes to whoever holds it."""

	case: str
	ending: str


def ask(case: Document) -> str:
	"""Asks about a solution, with a new link in place of any before; returns why not, empty when asked.

	The case is locked; what is noted on it is written at once.
	Policy: TRC-12, TRC-22, CX-3.9
	"""
	now = config.now_epoch()
	why_not = _send(case, notices.SOLVED, now)
	if not why_not:
		case.db_set({**NEVER_ASKED, "confirmation_asked_epoch": now})
	return why_not


def why_not_asked(case: Document) -> str:
	"""Why the customer has not been asked about the solution, in the present language; empty if they have, or need not.

	Policy: TRC-22, CX-3.9
	"""
	if case.status != records.SOLVED or case.answer or case.confirmation_asked_epoch:
		return ""
	return telling.why_not(case, notices.SOLVED) or _("They will be asked by the next daily run.")


def ask_for_confirmation(case: Document) -> None:
	"""An officer asks the customer once more.

	Raises: ValidationError where there is nothing to ask, or the customer cannot be asked.
	Policy: TRC-12, TRC-22, CX-3.9
	"""
	if case.status != records.SOLVED:
		frappe.throw(
			_("Mark the case as solved first: the customer is asked about the solution."),
			title=_("Not Solved"),
		)
	if case.answer:
		frappe.throw(_("The customer has answered already."), title=_("Nothing to Ask For"))
	why_not = ask(case)
	if why_not:
		frappe.throw(why_not, title=_("Customer Not Told"))


def remind(case: Document, now: int) -> str:
	"""Asks again after a silence, with a new link; returns why not, empty when asked.

	Policy: TRC-22
	"""
	why_not = _send(case, notices.REMINDER, now)
	if not why_not:
		case.db_set({"reminders_sent": cint(case.reminders_sent) + 1, "reminded_epoch": now})
	return why_not


def without_links(text: str) -> str:
	"""A text without the tokens of our links: an answer by mail quotes the one that it answers.

	Policy: TRC-12
	"""
	return QUOTED.sub(r"\1", text) if ROUTE.strip("/") in text else text


def withdraw(case: Document) -> None:
	"""The link that was sent last holds no more."""
	case.db_set("confirmation_key", None)


def _send(case: Document, event: str, now: int) -> str:
	reach = customer_reach.reach_of(case.ticket)
	days = max(1, cint(rules.settings().link_days))
	made = signed_link.made(_bound(case, reach.email), now + days * DAY)
	query = urlencode({"token": made.token, "_lang": telling.language_for(case, reach)})
	why_not = telling.tell(case, event, link=get_url(f"{ROUTE}?{query}"))
	if not why_not:
		case.db_set("confirmation_key", made.digest)
	return why_not


def _bound(case: Document | frappe._dict, customer: str) -> Bound:
	return Bound(cstr(case.name), cint(case.cycle), customer)


def question(token: object, user: str, now: int) -> Question | None:
	"""What this link asks this user, who may be nobody the site knows; None for every link that does not hold.

	Changes nothing.
	"""
	link = signed_link.read(token)
	found = _case_of(link) if link else None
	if not (link and _holds(link, found or frappe._dict(), user, now)):
		return None
	return Question(found.name, (found.shipment_number or "")[-4:])


@transactions.act
def take(token: object, user: str, is_yes: bool, comment: str, now: int) -> bool:
	"""Takes the answer by a link, which is used up with it; returns False for every link that does not hold.

	Policy: TRC-12, TRC-22, CX-3.9
	"""
	asked = question(token, user, now)
	if asked is None:
		return False
	case = records.locked(asked.case)
	if not _holds(signed_link.read(token), case, user, now):
		return False
	case.confirmation_key = None
	answers.from_customer(case, is_yes, comment, SOURCE)
	return True


def _case_of(link: Link) -> frappe._dict | None:
	kept = {"confirmation_key": signed_link.digest_of(link.key)}
	return frappe.db.get_value(records.DOCTYPE, kept, COLUMNS, as_dict=True)


def _holds(link: Link, case: Document | frappe._dict, user: str, now: int) -> bool:
	"""All is looked at, whatever was wrong first: nobody learns from the time an answer takes."""
	ticket = hd_ticket.facts(case.ticket)
	customer = customer_reach.reach_of(case.ticket).email
	return all(
		(
			signed_link.is_signed(link, _bound(case, customer)),
			signed_link.is_kept(link, case.confirmation_key),
			now < link.expires,
			config.mode() != config.OFF,
			case.status == records.SOLVED and not case.answer,
			# A solution that came after the question is another one.
			config.to_epoch(case.solved_on) <= cint(case.confirmation_asked_epoch),
			bool(customer) and originator.is_still(case, customer) and not ticket.finished,
			_may_answer(user, customer),
		)
	)


def _may_answer(user: str, customer: str) -> bool:
	"""Not staff for a customer: what they hear from one is recorded with its source."""
	return not customer_reach.is_staff(user) or user.lower() == customer
