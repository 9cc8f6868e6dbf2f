"""The end of a case: by those who may close it, by a named exception, or with its ticket, whoever closed that.

A ticket and its case close together. What the host closes by itself is never refused, only found: marked on the case
and reported, unless everything was in order already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import frappe
from frappe import _
from frappe.utils import escape_html

from core_helpdesk import config
from core_helpdesk.domain import tracing_legs, tracing_terms
from core_helpdesk.domain.clock import TicketState
from core_helpdesk.domain.closing import Answer
from core_helpdesk.escalations import findings, tracing_clock, transactions
from core_helpdesk.escalations.case import invalid, must_say
from core_helpdesk.hosts import hd_ticket, ticket_status
from core_helpdesk.hosts.tsm_guard import chosen_by_a_person
from core_helpdesk.stored_text import as_text
from core_helpdesk.tracing import (
	answers,
	closing_reasons,
	confirmation,
	notices,
	originator,
	records,
	rights,
	silence,
	telling,
)

if TYPE_CHECKING:
	from collections.abc import Sequence

	from frappe.model.document import Document

	from core_helpdesk.domain.closing import Reason
	from core_helpdesk.hosts.hd_ticket import TicketFacts

DOCTYPE = "Tracing Case"
CONFIRMED, UNCONFIRMED, OVERRIDE = "Confirmed", "Closed Unconfirmed", "Override"
PAST_THE_RULES, MERGED, DELETED = "Closed Past the Rules", "Merged", "Deleted"
BY_EXCEPTION_FOUND, PAST_THE_RULES_FOUND = "Tracing Closed by Exception", "Tracing Closed Past the Rules"


def close(case: Document, now: int) -> None:
	"""Closes case and ticket for a member of the ticket's group.

	Raises: ValidationError with every reason against it.
	Policy: TRC-12, TRC-13, TRC-14, CX-3.9
	"""
	_must_be_open(case)
	team = rights.team_of(case)
	refuse_if(case, team, against(case, team))
	telling.say(end(case, _closing_by(case), now, by=frappe.session.user))
	_close_ticket(case)


def close_with_override(case: Document, reason: str, now: int) -> None:
	"""A Support Supervisor's exception: lifts every reason but an undecided claim, and is reported.

	Raises: PermissionError, ValidationError
	Policy: TRC-12, TRC-13
	"""
	rights.must_supervise(frappe.session.user)
	_must_be_open(case)
	reason = _must_be_words(reason)
	team = rights.team_of(case)
	refuse_if(case, team, against(case, team, override_reason=reason))
	telling.say(end(case, OVERRIDE, now, by=frappe.session.user, reason=reason))
	_report_exception(case, reason)
	_close_ticket(case)


def close_unconfirmed(case: Document, reason: str, now: int) -> None:
	"""The officer's exception for a customer who stays silent: reported, and never counted as satisfied.

	Raises: ValidationError with every reason against it, and before its time.
	Policy: TRC-13, TRC-22
	"""
	_must_be_open(case)
	reason = _must_be_words(reason)
	silence.must_be_over(case, now)
	answers.note(case, Answer.EXCEPTION, answers.EXCEPTION, reason, now)
	team = rights.team_of(case)
	refuse_if(case, team, against(case, team))
	telling.say(end(case, UNCONFIRMED, now, by=frappe.session.user, reason=reason))
	_report_exception(case, reason)
	_close_ticket(case)


def against(case: Document, team: str, override_reason: str = "") -> tuple[Reason, ...]:
	"""The reasons against closing by the present user; `team` is the group that the stored ticket is in."""
	is_member = closing_reasons.is_member(team, frappe.session.user)
	return closing_reasons.against(case, is_member=is_member, override_reason=override_reason)


def refuse_if(case: Document, team: str, found: Sequence[Reason]) -> None:
	"""Raises: ValidationError with all reasons at once, if there are any."""
	if found:
		refuse(case, closing_reasons.in_words(case, team, found))


def refuse(case: Document, said: Sequence[str]) -> NoReturn:
	listed = "".join(f"<li>{escape_html(reason)}</li>" for reason in said)
	opening = _("Ticket {0} cannot be closed yet:").format(escape_html(case.ticket))
	frappe.throw(f"{opening}<ul>{listed}</ul>", title=_("Not to Be Closed Yet"))


def follow(case: Document, ticket: TicketFacts, now: int) -> None:
	"""Ends a case whose ticket is resolved, merged or gone, and reports what was closed past the rules.

	The case is locked; nothing is refused.
	Policy: TRC-12, TRC-13, TRC-22
	"""
	if not ticket.exists:
		_end_past_the_rules(case, DELETED, now, ())
	elif ticket.merged:
		_end_past_the_rules(case, MERGED, now, ())
	elif ticket.state is TicketState.RESOLVED:
		found = closing_reasons.against(case, is_member=_may_have_closed(case))
		if found:
			_end_past_the_rules(
				case, PAST_THE_RULES, now, closing_reasons.in_words(case, rights.team_of(case), found)
			)
		else:
			by = frappe.session.user if chosen_by_a_person() else ""
			end(case, _closing_by(case), now, by=by)


def _may_have_closed(case: Document) -> bool:
	"""A job closes as nobody's member: what was in order by then, a member's work had brought there."""
	user = frappe.session.user
	if not chosen_by_a_person():
		return True
	return closing_reasons.is_member(rights.team_of(case), user) or originator.is_originator(case, user)


def end(case: Document, closing: str, now: int, *, by: str = "", reason: str = "") -> str:
	"""Writes the end of a case: its leg and cycle end with it, its count too, and its ticket may have another case.

	Returns why the customer is not told of it; empty where they are, or are not to be.
	Policy: TRC-03, TRC-12, TRC-21
	"""
	case.update(
		{
			"status": "Closed",
			"closing": closing,
			"closing_reason": as_text(reason),
			"closed_on": config.from_epoch(now),
			"closed_by": by or None,
			"open_ticket": None,
		}
	)
	confirmation.withdraw(case)
	records.put_legs(case, tracing_legs.ended(records.legs_of(case), now))
	_end_cycle(case, closing, now)
	records.save(case)
	tracing_clock.end(case.ticket, now, solved=closing not in (MERGED, DELETED))
	if closing in (CONFIRMED, UNCONFIRMED, OVERRIDE):
		with transactions.logged_on_failure("Core Helpdesk: customer not told of a closed case"):
			return telling.tell(case, notices.CLOSED)
	return ""


def _end_cycle(case: Document, closing: str, now: int) -> None:
	before = records.cycles_of(case)
	after = tracing_terms.closed(before, now, Answer(case.answer or ""))
	if after is not before:
		ended = {"closed_on": config.from_epoch(after[-1].closed), "closed_epoch": after[-1].closed}
		case.cycles[-1].update({**ended, "closing": closing, "answer": after[-1].answer.value})


def _end_past_the_rules(case: Document, closing: str, now: int, reasons: Sequence[str]) -> None:
	by = frappe.session.user if chosen_by_a_person() else ""
	end(case, closing, now, by=by, reason=" ".join(reasons))
	messages = {
		PAST_THE_RULES: _("Ticket {0} was closed past the rules of tracing, case {1}: {2}"),
		MERGED: _("Ticket {0} was merged into another one while its case {1} was open."),
		DELETED: _("Ticket {0} was deleted while its case {1} was open."),
	}
	_report(PAST_THE_RULES_FOUND, case, messages[closing].format(case.ticket, case.name, " ".join(reasons)))


def _report_exception(case: Document, reason: str) -> None:
	message = _("Case {0} of ticket {1} was closed as an exception ({2}) by {3}: {4}")
	closing = _(case.closing, context=DOCTYPE)
	said = message.format(case.name, case.ticket, closing, frappe.session.user, as_text(reason))
	_report(BY_EXCEPTION_FOUND, case, said)


def _report(kind: str, case: Document, details: str) -> None:
	remedy = _(
		"Look at the case: ask the customer, reopen the ticket where it is not solved, then close this finding."
	)
	with transactions.logged_on_failure("Core Helpdesk: closed case not reported"):
		findings.report(kind, f"{DOCTYPE}:{case.name}", DOCTYPE, case.name, details, remedy)


def _closing_by(case: Document) -> str:
	return UNCONFIRMED if case.answer == Answer.EXCEPTION else CONFIRMED


def _close_ticket(case: Document) -> None:
	if hd_ticket.facts(case.ticket, for_update=True).is_live:
		ticket_status.close(case.ticket)


def _must_be_open(case: Document) -> None:
	if case.status == "Closed":
		invalid(_("This case is closed already."))


def _must_be_words(reason: str) -> str:
	said = must_say(reason, _("Reason"))
	if not any(map(str.isalnum, said)):
		frappe.throw(_("Please give the reason in words."), title=_("Missing"))
	return said
