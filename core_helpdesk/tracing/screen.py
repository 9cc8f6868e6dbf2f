"""All that the form of a case shows beside its fields, as the reader may see and do it now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe

from core_helpdesk import config
from core_helpdesk.domain.closing import Answer
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.shown import in_arabic
from core_helpdesk.tracing import (
	case_data,
	closing,
	closing_reasons,
	confirmation,
	dues,
	handing_over,
	paperwork,
	records,
	returning,
	rights,
	rules,
	silence,
)

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.domain.closing import Reason


def of(case: Document, now: int) -> dict[str, Any]:
	"""Faults at their fields, reasons against closing, what the reader may do, what is due, and what is at hand.

	Policy: TRC-03, TRC-06, TRC-12, TRC-15
	"""
	team = rights.team_of(case)
	found = closing.against(case, team) if case.status != records.CLOSED else ()
	settings = rules.settings()
	return {
		"team": team,
		"faults": case_data.in_words(case),
		"reasons": closing_reasons.in_words(case, team, found),
		"rights": available(case, team, found, now),
		"dues": dues.shown(case, now),
		"missing_documents": list(paperwork.missing(case)),
		"papers": paperwork.names(case),
		"outstanding": outstanding(case),
		"standards": standards(),
		"guidelines": (in_arabic() and settings.guidelines_ar) or settings.guidelines or "",
		"ticket_url": hd_ticket.url(case.ticket) if hd_ticket.facts(case.ticket).exists else "",
		"not_asked": confirmation.why_not_asked(case),
		"unconfirmed_from": config.from_epoch(silence.over_at(case)),
	}


def available(case: Document, team: str, found: tuple[Reason, ...], now: int) -> dict[str, bool]:
	"""What the reader may do with the case now, by the names of the functions that do it; to take over is to accept."""
	user = frappe.session.user
	is_open, is_solved = case.status == records.OPEN, case.status == records.SOLVED
	is_live = is_open or is_solved
	is_member = closing_reasons.is_member(team, user)
	works = rights.works(case, user)
	supervises = rights.is_supervisor(user)
	return {
		"accept": is_live and is_member and bool(closing_reasons.unaccepted_leg(case)),
		"take_over": is_live and handing_over.may_take_over(case, user),
		"hand_over": is_live and works,
		"add_update": rights.adds(case, user),
		"ask_for_missing": is_live and works and bool(case_data.faults(case) or paperwork.missing(case)),
		"return_data": is_live and works and bool(returning.who_entered(case)),
		"mark_solved": is_open and works,
		"unsolve": is_solved and works,
		"record_answer": not is_open and works,
		"review_answer": works and case.answer == Answer.DOUBTFUL,
		"ask_for_confirmation": is_solved and works and case.answer != Answer.YES,
		"close": is_live and is_member and not found,
		"close_with_override": is_live and supervises and bool(found),
		"close_unconfirmed": is_solved and is_member and silence.is_over(case, now),
	}


def outstanding(case: Document) -> list[dict[str, Any]]:
	"""The groups that have not answered whoever passed the case on to them, since when, and who waits.

	Policy: TRC-11
	"""
	return [
		{
			"team": leg.team,
			"since": leg.assigned_on,
			"passed_by": leg.passed_by,
			"is_running": not leg.left_epoch,
		}
		for leg in case.legs
		if leg.passed_by and not leg.replied_epoch
	]


def standards() -> list[dict[str, str]]:
	"""Policy: TRC-15"""
	rows = rules.settings().standards
	return [{"title": (in_arabic() and row.title_ar) or row.title, "link": row.link} for row in rows]
