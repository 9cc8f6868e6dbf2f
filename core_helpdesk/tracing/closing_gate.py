"""Stands before a ticket's closing while its case is open.

A person is refused with every reason at once. The customer is not: closing in the portal is an answer, which is kept,
and the ticket stays open in the same save where the case is not in order. What closes by itself passes and is followed.
Called while a ticket is validated, and judged by the stored ticket and the stored case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt

from core_helpdesk import config
from core_helpdesk.escalations import transactions
from core_helpdesk.hosts import hd_ticket, ticket_status
from core_helpdesk.hosts.tsm_guard import chosen_by_a_person
from core_helpdesk.stored_text import as_text
from core_helpdesk.tracing import answers, closing, closing_reasons, originator, rights, rules

if TYPE_CHECKING:
	from collections.abc import Sequence

	from frappe.model.document import Document

JUDGED = "ch_closing_judged"
FEEDBACK_OPTION = "HD Ticket Feedback Option"
# The host keeps stars as a share of five.
LOW_RATING = 0.4


def guard(ticket: Document, case: str) -> None:
	"""Leaves a ticket open whose case may not be closed.

	Raises: ValidationError where a person closes it, in the mode Live.
	Policy: TRC-12, TRC-13, TRC-14, CX-3.9
	"""
	merging = ticket_status.says_merged(ticket)
	if merging and ticket_status.is_host_merging():
		return
	if merging and rules.is_live():
		ticket_status.put_merge_back(ticket)
	if not ticket.flags.get(JUDGED) and ticket_status.is_closing(ticket) and chosen_by_a_person():
		_judge(ticket, frappe.get_doc(closing.DOCTYPE, case, for_update=True))
		# A save is validated twice, and an answer is given once.
		ticket.flags[JUDGED] = True


def _judge(ticket: Document, case: Document) -> None:
	user, team = frappe.session.user, rights.team_of(case)
	if originator.is_originator(case, user):
		_hear_originator(ticket, case, team)
		return
	found = closing.against(case, team)
	if not found or not rules.is_live():
		return
	said = closing_reasons.in_words(case, team, found)
	if ticket_status.is_set_by_reply(ticket):
		# Who answers the customer must not lose the answer.
		_keep_open(ticket, said)
	elif _is_staff(user):
		closing.refuse(case, said)
	else:
		_refuse_stranger(case)


def _hear_originator(ticket: Document, case: Document, team: str) -> None:
	"""The customer's own closing: a yes to the solution."""
	is_kept = False
	# Nothing that fails here may cost the customer the save.
	with transactions.logged_on_failure(f"Answer to ticket {ticket.name} not recorded"):
		answers.take(
			case, True, answers.PORTAL, _comment(ticket), config.now_epoch(), in_doubt=_is_rated_low(ticket)
		)
		is_kept = True
	found = closing_reasons.against(case, is_member=True) if is_kept else ()
	if rules.is_live() and (found or not is_kept):
		_keep_open(ticket, closing_reasons.in_words(case, team, found))
		message = _(
			"Thank you. Your answer has been recorded; the ticket stays open until our work on it is done."
		)
		frappe.msgprint(message, title=_("Ticket Stays Open"))


def _comment(ticket: Document) -> str:
	"""What the customer said with the closing: the option that was chosen, and words of their own."""
	option = ticket.get("feedback")
	chosen = frappe.db.get_value(FEEDBACK_OPTION, option, "label") if option else ""
	return ". ".join(filter(None, (chosen, (ticket.get("feedback_extra") or "").strip())))


def _is_rated_low(ticket: Document) -> bool:
	"""Whether the customer's rating says less than the closing: two stars of five, or one."""
	option = ticket.get("feedback")
	stars = (
		frappe.db.get_value(FEEDBACK_OPTION, option, "rating") if option else ticket.get("feedback_rating")
	)
	return 0 < flt(stars) <= LOW_RATING


def _keep_open(ticket: Document, said: Sequence[str]) -> None:
	ticket_status.put_back(ticket)
	with transactions.logged_on_failure(f"Comment on ticket {ticket.name} not written"):
		listed = "".join(f"<li>{escape_html(as_text(reason))}</li>" for reason in said)
		opening = _("The ticket was to be closed and stays open:")
		hd_ticket.add_internal_comment(cstr(ticket.name), f"<p>{opening}</p><ul>{listed}</ul>")


def _is_staff(user: str) -> bool:
	return frappe.db.get_value("User", user, "user_type") == "System User"


def _refuse_stranger(case: Document) -> None:
	"""Someone of the customer's company, say: our reasons are not for them."""
	message = _("Ticket {0} is still being worked on. Only who raised it can confirm that it is solved.")
	frappe.throw(message.format(escape_html(case.ticket)), title=_("Not to Be Closed Yet"))
