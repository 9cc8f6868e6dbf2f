"""The impact study of a request as one reader sees it: its state, how far it is, its figures in their language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cint

from core_helpdesk import config
from core_helpdesk.governance import (
	impact_figures,
	impact_progress,
	impact_rights,
	request_impact,
	request_proposal,
	requests,
)
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.request_checks import known_for
from core_helpdesk.governance.request_impact import CALENDAR, CHANGED, DONE, RUNNING, TOO_LONG

if TYPE_CHECKING:
	from frappe.model.document import Document

INTERRUPTED = "Interrupted"
Values = dict[str, Any]


def as_seen(request: Document, user: str) -> Values:
	"""Everything that the form shows of the study of a stored request; nothing of one that is not for this reader.

	Policy: QA-03
	"""
	if request.kind not in kinds.STUDIED or not impact_rights.may_read(request, user):
		return {"has_study": False}
	kept = request_impact.stored_of(request.name)
	state = state_of(request, kept)
	seen = {
		"has_study": True,
		"state": state,
		"days": cint(request.impact_days) or request_impact.DAYS,
		"longest": request_impact.MOST_DAYS,
	}
	if state == RUNNING:
		run = kept["asked"]["run"]
		return {**seen, "progress": impact_progress.progress_of(request.name, run), "may_start": False}
	return {**seen, **_with_result(request, kept, state, user)}


def state_of(request: Document, kept: Values) -> str:
	"""The stored state, unless the study that it speaks of gives no sign of life any more."""
	stored = frappe.db.get_value(request.doctype, request.name, "impact_state") or ""
	if stored == RUNNING and not request_impact.is_under_way(request.name, kept, config.now_epoch()):
		return INTERRUPTED
	return stored


def _with_result(request: Document, kept: Values, state: str, user: str) -> Values:
	result = kept.get("result")
	is_closed = request.workflow_state in requests.CLOSED
	study = None if is_closed else request_proposal.study_of(request, known_for(request))
	why_not = "" if is_closed else request_impact.why_not(request, study)
	return {
		"may_start": impact_rights.may_start(request, user) and not why_not,
		"why_not": why_not,
		"reason": _reason(kept.get("reason") or {}, state),
		# What was decided on stays as it was then.
		"is_outdated": bool(result) and not is_closed and request_impact.is_outdated(kept, study),
		"result": impact_figures.said(request, result, user) if result else None,
	}


def _reason(reason: Values, state: str) -> str:
	if state == INTERRUPTED:
		return _("The study was interrupted.")
	if state in ("", DONE):
		return ""
	about = reason.get("about") or ""
	if reason.get("kind") == CALENDAR:
		return _no_calendar(about)
	texts = {
		TOO_LONG: _("It took too long. Choose a shorter period."),
		CHANGED: _("The request changed while it was being studied."),
	}
	return texts.get(reason.get("kind")) or _("Something went wrong; the Error Log has it as {0}.").format(
		about
	)


def _no_calendar(calendar: str) -> str:
	if not calendar:
		return _("The group would have no working calendar to count its working time by.")
	return _("The calendar {0} has no working time for this period.").format(calendar)
