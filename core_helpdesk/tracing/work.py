"""What is done on a case: updates with whom and how, the solution, and taking it back.

Decided here, since the policy leaves it open:
- An update by a member of a group that has or had the case answers whoever passed it on to that group; a solution
  answers everybody who did.
- Support is contacted through the system: such an update is also a comment on the ticket, where Support works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cint, escape_html, getdate

from core_helpdesk import config
from core_helpdesk.domain import tracing_legs
from core_helpdesk.escalations import transactions
from core_helpdesk.escalations.case import invalid, must_say
from core_helpdesk.hosts import hd_team, hd_ticket
from core_helpdesk.shown import listed
from core_helpdesk.stored_text import as_text
from core_helpdesk.tracing import answers, confirmation, notices, records, rights, telling

if TYPE_CHECKING:
	from datetime import date

	from frappe.model.document import Document

SYSTEM, PHONE, EMAIL = "System", "Phone", "E-mail"
CHANNELS = (SYSTEM, PHONE, EMAIL)
SUPPORT, INTERNAL = "Support", "Internal"
# By which channels each contact is reached.
CONTACTS = {
	"Customer": CHANNELS,
	SUPPORT: (SYSTEM,),
	"Operations": (PHONE, EMAIL),
	"Retail Services": (PHONE, EMAIL),
	"Tracing Abroad": CHANNELS,
	INTERNAL: CHANNELS,
}


def add_update(
	case: Document,
	channel: str,
	contact: str,
	person: str,
	purpose: str,
	what: str,
	now: int,
	*,
	customer_told: bool = False,
	follow_up_on: str | None = None,
	tell_customer: bool = False,
) -> None:
	"""Adds what was found out or agreed, with whom and how; may tell the customer.

	Raises: PermissionError, ValidationError
	Policy: TRC-08, TRC-11, TRC-17, TRC-21
	"""
	user = frappe.session.user
	rights.must_add(case, user)
	_must_fit(channel, contact)
	what = must_say(what, _("What was done or found out"))
	if follow_up_on or tell_customer:
		rights.must_work(case, user)
		_must_go_on(case)
	if follow_up_on:
		case.follow_up_on = _coming_day(follow_up_on, now)
	told = bool(customer_told)
	if tell_customer:
		why_not = telling.tell(case, notices.PROGRESS, update=what)
		telling.say(why_not)
		told = told or not why_not
	_log(case, now, channel=channel, contact=contact, person=person, purpose=purpose, what=what, told=told)
	_answer(case, now, hd_team.teams_of(user))
	records.save(case)
	if contact == SUPPORT:
		_write_to_support(case, purpose, what)


def mark_solved(case: Document, solution: str, now: int) -> None:
	"""The case has a solution, and the customer is asked whether it is one.

	Raises: PermissionError, ValidationError
	Policy: TRC-08, TRC-12, CX-3.9
	"""
	rights.must_work(case, frappe.session.user)
	if case.status != records.OPEN:
		invalid(_("Only an open case can be marked as solved."))
	solution = must_say(solution, _("Solution"))
	at = config.from_epoch(now)
	case.update(
		{
			"status": records.SOLVED,
			"solution": as_text(solution),
			"solved_on": at,
			"solved_by": frappe.session.user,
			"first_level": int(_is_at_first_level(case, now)),
			"answer": "",
			"answered_on": None,
			# Whoever was asked about another solution was not asked about this one.
			**confirmation.NEVER_ASKED,
		}
	)
	if case.cycles:
		case.cycles[-1].update({"solved_on": at, "solved_epoch": now})
	_log(case, now, channel=SYSTEM, contact=INTERNAL, purpose="Solution", what=solution)
	_answer(case, now, {leg.team for leg in case.legs})
	records.save(case)
	# Nobody is left without a solution because a mail could not be written.
	with transactions.logged_on_failure("Core Helpdesk: customer not asked about a solution"):
		telling.say(confirmation.ask(case))


def _is_at_first_level(case: Document, now: int) -> bool:
	opened = cint(case.cycles[-1].opened_epoch) if case.cycles else 0
	return tracing_legs.at_first_level(records.legs_of(case), opened, now)


def unsolve(case: Document, reason: str, now: int) -> None:
	"""What was called the solution is none; what the customer has said to it counts no more.

	Raises: PermissionError, ValidationError
	Policy: TRC-08, TRC-13
	"""
	rights.must_work(case, frappe.session.user)
	if case.status != records.SOLVED:
		invalid(_("This case is not marked as solved."))
	reason = must_say(reason, _("Reason"))
	answers.take_back(case)
	case.update({"answer": "", "answered_on": None})
	confirmation.withdraw(case)
	_log(case, now, channel=SYSTEM, contact=INTERNAL, purpose="Not solved", what=reason)
	records.save(case)


def note(case: Document, purpose: str, what: str, now: int) -> None:
	"""Adds an update about an act of the present user, its purpose in English; the case is saved by the act."""
	_log(case, now, channel=SYSTEM, contact=INTERNAL, purpose=purpose, what=what)


def _must_go_on(case: Document) -> None:
	if case.status == records.CLOSED:
		message = _("This case is closed: nobody follows it up, and its customer is told nothing more of it.")
		invalid(message)


def _must_fit(channel: str, contact: str) -> None:
	if contact not in CONTACTS or channel not in CHANNELS:
		frappe.throw(_("Please say with whom the contact was, and by which channel."), title=_("Missing"))
	if channel not in CONTACTS[contact]:
		message = _("{0} is contacted by: {1}.")
		ways = listed(_(way, context="Tracing Update") for way in CONTACTS[contact])
		invalid(message.format(_(contact, context="Tracing Update"), ways))


def _coming_day(text: str, now: int) -> date:
	try:
		day = getdate(text)
	except (ValueError, OverflowError, TypeError, frappe.ValidationError):
		day = None
	if day is None:
		frappe.throw(_("{0} is no date. Write it as 2026-03-01.").format(text), title=_("Next Follow-up"))
	if day < config.from_epoch(now).date():
		frappe.throw(_("The next follow-up cannot be in the past."), title=_("Next Follow-up"))
	return day


def _log(
	case: Document,
	now: int,
	*,
	channel: str,
	contact: str,
	what: str,
	person: str = "",
	purpose: str = "",
	told: bool = False,
) -> None:
	at = config.from_epoch(now)
	case.append(
		"updates",
		{
			"at": at,
			"by": frappe.session.user,
			"team": rights.team_of(case) or None,
			"channel": channel,
			"contact": contact,
			"person": as_text(person)[:140],
			"purpose": as_text(purpose)[:140],
			"what": as_text(what),
			"customer_told": cint(told),
		},
	)
	case.update({"last_update_on": at, "last_update_epoch": now})


def _answer(case: Document, now: int, teams: set[str] | frozenset[str]) -> None:
	"""The legs of these groups have answered whoever passed the case on to them.

	Policy: TRC-11
	"""
	legs = records.legs_of(case)
	for leg in legs:
		if leg.team in teams:
			legs = tracing_legs.replied(legs, now, leg.number)
	records.put_legs(case, legs)


def _write_to_support(case: Document, purpose: str, what: str) -> None:
	"""Policy: TRC-17"""
	heading = _("From tracing, case {0}").format(case.name)
	said = escape_html(purpose) + ": " if purpose else ""
	html = f"<p><b>{escape_html(heading)}</b></p><p>{said}{escape_html(what)}</p>"
	hd_ticket.add_internal_comment(case.ticket, html)
