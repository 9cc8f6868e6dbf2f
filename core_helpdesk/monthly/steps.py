"""The steps of a Monthly Report, and through whom: the same for form, list, REST, import and saved document.

Nobody reviews what they wrote or sent, nor signs what they wrote, sent or reviewed, in whichever round: the workflow
offers no such step, and here none is taken, whatever the workflow says. Every step stands on the report with its capacity.
Policy: QA-M1, TSM-13, TSM-M1, TSM-M2
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.utils import cstr

from core_helpdesk import config, months
from core_helpdesk.escalations.case import invalid, refuse
from core_helpdesk.monthly import rights
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

	from core_helpdesk.monthly.rights import Capacity

REASON, TAKEN = "return_reason", "steps_taken"
COMMENT = "Write Comment"
"""Noted like a step, once in each round: who wrote of a report is none of its reviewers."""
MAKING = (COMMENT, flow.SUBMIT, flow.SEND)


class Move(NamedTuple):
	"""A step to another state: who may take it, in words as well, and what is noted of it.

	One that `mails` is taken in the mode Live alone; after one that `goes_on` the report waits for the mode Live to go to
	its next reader.
	"""

	action: str
	kinds: tuple[str, ...]
	who: Callable[[Document, str], bool]
	needed: Callable[[Document], str]
	capacity: Callable[[Document, str], Capacity | None]
	noted: tuple[str, str] | None = None
	mails: bool = False
	goes_on: bool = False


def state_of(report: Document) -> str:
	return report.workflow_state or flow.MADE


def took(report: Document, *actions: str) -> set[str]:
	"""The people who ever took one of these steps."""
	return {row.user for row in report.get(TAKEN) or () if row.action in actions}


def _is_own(report: Document, user: str, *more: str) -> bool:
	return user == report.sent_by or user in took(report, *MAKING, *more)


def _reviews(report: Document, user: str) -> bool:
	return rights.may_review(user) and not _is_own(report, user)


def _signs(report: Document, user: str) -> bool:
	is_the_one = rights.is_general_manager(user) and rights.may_sign(user)
	return is_the_one and user != report.reviewed_by and not _is_own(report, user, flow.REVIEW)


def _manages(report: Document, user: str) -> bool:
	return rights.may_sign(user) and not _is_own(report, user)


QA, TSM, ESCALATION = ((kind,) for kind in flow.KINDS)
SENT, REVIEWED, SIGNED, FORWARDED = (
	(f"{what}_by", f"{what}_on") for what in ("sent", "reviewed", "signed", "forwarded")
)
_MAKER = (rights.makes, rights.a_maker, lambda report, user: rights.as_maker(report.kind))
_MANAGER = (_reviews, lambda report: rights.a_reviewer(), lambda report, user: rights.as_manager(user))
_GENERAL = (_signs, lambda report: rights.a_signer(), lambda report, user: rights.as_general_manager(user))
_MANAGEMENT = (_manages, lambda report: rights.a_manager(), lambda report, user: rights.as_management(user))
MOVES: dict[tuple[str, str], tuple[Move, ...]] = {
	(flow.MADE, flow.SUBMITTED): (Move(flow.SUBMIT, QA, *_MAKER, SENT, mails=True),),
	(flow.MADE, flow.SENT): (Move(flow.SEND, (*TSM, *ESCALATION), *_MAKER, SENT, mails=True),),
	(flow.SUBMITTED, flow.REVIEWED): (Move(flow.REVIEW, QA, *_MANAGER, REVIEWED, goes_on=True),),
	(flow.SUBMITTED, flow.MADE): (Move(flow.RETURN, QA, *_MANAGER),),
	(flow.REVIEWED, flow.SIGNED): (Move(flow.SIGN, QA, *_GENERAL, SIGNED),),
	(flow.REVIEWED, flow.MADE): (Move(flow.RETURN, QA, *_GENERAL),),
	(flow.SENT, flow.SIGNED): (Move(flow.SIGN, TSM, *_MANAGEMENT, SIGNED),),
	(flow.SENT, flow.FORWARDED): (Move(flow.FORWARD, ESCALATION, *_MANAGER, FORWARDED, mails=True),),
}
"""What may become of a report; what is not here is no step for anybody."""


def possible(report: Document, user: str) -> list[str]:
	"""The actions that this user may take now."""
	return [
		move.action
		for (state, _next), moves in MOVES.items()
		for move in moves
		if state == state_of(report) and report.kind in move.kinds and move.who(report, user)
	]


def next_state(report: Document, action: str) -> str:
	"""Where an action leads from here; an empty string if nowhere."""
	for (state, wanted), moves in MOVES.items():
		if state == state_of(report) and any(
			move.action == action and report.kind in move.kinds for move in moves
		):
			return wanted
	return ""


def take(report: Document) -> None:
	"""Carries out the change of state that a saved report asks for, if it does.

	Raises: PermissionError, ValidationError
	"""
	before = report.get_doc_before_save()
	if not before or state_of(before) == state_of(report):
		return
	user = frappe.session.user
	move = _checked(before, report, user)
	now = config.from_epoch(config.now_epoch())
	note(report, move.action, move.capacity(before, user))
	if move.noted:
		by, on = move.noted
		report.update({by: user, on: now})
	if move.action == flow.RETURN:
		report.update({"returned_by": user, "returned_on": now})
		report.update(dict.fromkeys((*SENT, *REVIEWED)))
	else:
		report.update(dict.fromkeys((REASON, "returned_by", "returned_on")))
	report.reminded_on = None


def note(report: Document, action: str, capacity: Capacity | None) -> None:
	"""Puts what the present user does on the report, with what it was done as."""
	values = {
		"action": action,
		"user": frappe.session.user,
		"done_on": config.from_epoch(config.now_epoch()),
		"reason": report.get(REASON) if action == flow.RETURN else None,
	}
	report.append(TAKEN, {**values, **(capacity._asdict() if capacity else {})})


def note_comment(report: Document) -> None:
	"""The present user has written into the comment: noted once until the next step."""
	rows = report.get(TAKEN) or []
	steps = [at for at, row in enumerate(rows) if row.action != COMMENT]
	of_round = rows[steps[-1] + 1 :] if steps else rows
	if frappe.session.user not in {row.user for row in of_round}:
		note(report, COMMENT, rights.as_maker(report.kind))


NOTED_BY = {
	"sent": (flow.SUBMIT, flow.SEND),
	"reviewed": (flow.REVIEW,),
	"signed": (flow.SIGN,),
	"forwarded": (flow.FORWARD,),
}


def capacity_of(report: Document, noted: str) -> Capacity:
	"""As what the step was taken that stands on the report: `noted` is "sent", "reviewed", "signed" or "forwarded"."""
	found = [row for row in report.get(TAKEN) or () if row.action in NOTED_BY[noted]]
	if not (found and report.get(f"{noted}_by")):
		return rights.Capacity("")
	return rights.Capacity(found[-1].office or "", found[-1].deputy_of or "")


def _checked(before: Document, report: Document, user: str) -> Move:
	was, wanted = state_of(before), state_of(report)
	moves = [move for move in MOVES.get((was, wanted), ()) if before.kind in move.kinds]
	if not moves:
		refuse(_("A report that is {0} cannot become {1}.").format(in_words(was), in_words(wanted)))
	(move,) = moves
	if not move.who(before, user):
		refuse(_("{0} is done by {1}.").format(_(move.action), move.needed(before)))
	if move.mails and config.mode() != config.LIVE:
		invalid(_("Nothing is mailed unless Core Helpdesk is in the mode Live."))
	if move.goes_on and config.mode() == config.OFF:
		invalid(_("In the mode Off it would never go to its next reader: switch to Observe or Live first."))
	if move.action == flow.RETURN and not is_said(report.get(REASON)):
		message = _("Write first what is to be changed: {0}")
		frappe.throw(message.format(_(report.meta.get_label(REASON))), title=_("Reason Missing"))
	if move.action == flow.FORWARD:
		_refuse_without_outcomes(report)
	return move


def _refuse_without_outcomes(report: Document) -> None:
	"""Policy: TSM-M2"""
	lacking = [row for row in report.outcomes if not (is_said(row.outcome) and row.discussed_on)]
	if not lacking:
		return
	from core_helpdesk.reports.names import Names

	names = Names()
	places = ", ".join(names.place(row.department or "", row.country or "") or "–" for row in lacking)
	message = _("Enter first what was discussed, and when, with: {0}")
	frappe.throw(message.format(places), title=_("Outcome Missing"))


def is_said(text: str | None) -> bool:
	return any(map(str.isalnum, as_text(cstr(text))))


def in_words(state: str) -> str:
	return _(state, context="Workflow State")


def is_on_record(report: Document) -> bool:
	"""Whether it was made when its month was long over, and nobody was ever asked for it: a site that gets the reports of
	years at once has few who want them all."""
	if state_of(report) != flow.MADE or report.returned_on:
		return False
	return months.of(config.to_epoch(report.made_on)) > months.after(report.month)


def waiting_since(report: Document) -> object:
	"""When the report came to the state in which it is."""
	noted = {
		flow.SUBMITTED: report.sent_on,
		flow.SENT: report.sent_on,
		flow.REVIEWED: report.reviewed_on,
		flow.FORWARDED: report.forwarded_on,
		flow.SIGNED: report.signed_on,
	}
	return noted.get(state_of(report)) or report.get("returned_on") or report.made_on
