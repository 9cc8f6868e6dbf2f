"""What the originator says to the solution: kept with its source, and what follows from it.

A yes confirms, unless its comment says that nothing is solved: then a person looks at it first. A no takes the case
back to Open, and a closed one with its ticket. Silence is no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain import closing
from core_helpdesk.domain.closing import Answer
from core_helpdesk.escalations.case import invalid, must_say
from core_helpdesk.hosts import hd_ticket, ticket_status
from core_helpdesk.stored_text import as_text, as_written
from core_helpdesk.tracing import records, rights, rules

if TYPE_CHECKING:
	from frappe.model.document import Document

LINK, PORTAL, EXCEPTION, REVIEW = "Link", "Portal", "Exception", "Review"
BY_AGENT = ("Phone", "E-mail", "In Person")


def record_answer(case: Document, answer: str, source: str, comment: str, now: int) -> Answer:
	"""An answer that the customer gave to a person, who says how.

	Returns what it counts as. A yes is no less doubtful for having been heard on the phone.
	Policy: TRC-12, TRC-22, CX-3.9
	"""
	rights.must_work(case, frappe.session.user)
	if source not in BY_AGENT:
		frappe.throw(
			_("Please say how the customer answered: by phone, by e-mail or in person."), title=_("Source")
		)
	comment = must_say(comment, _("What the customer said"))
	return take(case, _is_yes(answer), source, comment, now)


def review_answer(case: Document, answer: str, comment: str, now: int) -> Answer:
	"""What a person makes of a doubtful yes, with a comment.

	Policy: TRC-22, CX-3.9
	"""
	rights.must_work(case, frappe.session.user)
	if case.answer != Answer.DOUBTFUL:
		invalid(_("There is no doubtful answer to review on this case."))
	comment = must_say(comment, _("What you found out"))
	counts = Answer.YES if _is_yes(answer) else Answer.NO
	note(case, counts, REVIEW, comment, now)
	_follow(case, counts)
	return counts


def _is_yes(answer: str) -> bool:
	if answer not in (Answer.YES, Answer.NO):
		frappe.throw(_("Please choose Satisfied or Not Satisfied."), title=_("Answer"))
	return answer == Answer.YES


def from_customer(case: Document, is_yes: bool, comment: str, source: str) -> Answer:
	"""An answer that the originator gave on their own, by the link; the case is locked and is saved here.

	Policy: TRC-12, TRC-22, CX-3.9
	"""
	return take(case, is_yes, source, comment, config.now_epoch())


def take(
	case: Document, is_yes: bool, source: str, comment: str, now: int, *, in_doubt: bool = False
) -> Answer:
	"""Keeps what the originator said, and does what follows; the case is locked and is saved here.

	Returns what the answer counts as: a yes that something else puts in doubt is for a person to look at. Before
	there is a solution a yes is kept, but confirms nothing.
	Policy: TRC-12, TRC-22, CX-3.9
	"""
	phrases = (*closing.UNSOLVED_PHRASES, *rules.unsolved_phrases())
	answer = closing.answered(is_yes, as_written(comment), phrases)
	if in_doubt and answer is Answer.YES:
		answer = Answer.DOUBTFUL
	note(case, answer, source, comment, now)
	_follow(case, answer)
	return answer


def note(case: Document, answer: Answer, source: str, comment: str, now: int) -> None:
	"""One more row of answers; while there is a solution, it is the answer that the case goes by."""
	by = frappe.session.user
	at = config.from_epoch(now)
	case.append(
		"answers",
		{
			"at": at,
			"cycle": case.cycle,
			"answer": answer.value,
			"source": source,
			"comment": as_text(comment),
			"recorded_by": None if by == "Guest" else by,
		},
	)
	if case.status != "Open":
		case.answer, case.answered_on = answer.value, at


def _follow(case: Document, answer: Answer) -> None:
	"""What an answer does to the case, which is saved."""
	was_closed = case.status == "Closed"
	if answer is Answer.NO and case.status == "Solved":
		take_back(case)
	elif was_closed and answer is not Answer.NO and case.cycles:
		# Who speaks after all is counted by what was said, not by the silence before.
		case.cycles[-1].answer = answer.value
	records.save(case)
	if was_closed and answer is Answer.NO:
		_reopen(case)


def take_back(case: Document) -> None:
	"""The case is open again: what was called its solution is none. Its text stays, to be seen beside the answer."""
	case.update({"status": "Open", "solved_on": None, "solved_by": None, "first_level": 0})
	if case.cycles:
		case.cycles[-1].update({"solved_on": None, "solved_epoch": 0})


def _reopen(case: Document) -> None:
	"""Opens the ticket of a closed case again, and with it the case."""
	ticket = hd_ticket.facts(case.ticket, for_update=True)
	if not ticket.finished:
		ticket_status.reopen(case.ticket)
		case.reload()
