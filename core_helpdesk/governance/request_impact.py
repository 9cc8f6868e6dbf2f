"""The impact study of a Group Request: past tickets replayed under today's rules and under what is asked for.

A few tickets are studied at once, many in the background. A study writes its own fields of its request, and nothing
else. One that was interrupted shows as such after some minutes, and can be started again.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import cint, get_system_timezone

from core_helpdesk import config
from core_helpdesk.domain.errors import CalendarError
from core_helpdesk.domain.impact import impact
from core_helpdesk.escalations import transactions
from core_helpdesk.governance import (
	impact_figures,
	impact_progress,
	impact_rights,
	request_proposal,
	requests,
)
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.request_checks import known_for
from core_helpdesk.governance.requests import DOCTYPE
from core_helpdesk.hosts import past_tickets, ticket_history
from core_helpdesk.setup import workflows as flow

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from frappe.model.document import Document

	from core_helpdesk.domain.proposal import PastTicket
	from core_helpdesk.governance.request_proposal import Study

RUNNING, DONE, FAILED = "Running", "Done", "Failed"
TOO_LONG, CALENDAR, CHANGED, UNKNOWN = "too long", "calendar", "changed", "unknown"
"""Why a study failed."""
JOB = "core_helpdesk.governance.request_impact.carry_out"
FEWEST_DAYS, MOST_DAYS, DAYS = 1, 730, 90
DAY = 86_400
AT_ONCE = 1_000
"""So many tickets are studied while whoever asked waits: a fraction of a second."""
TELL_EVERY = 500
# Whoever decides finds the study ready.
READY_IN = (flow.REVIEW, flow.MANAGER_APPROVAL, flow.APPROVED)
Values = dict[str, Any]


# --- Starting


def start(request: Document, days: int) -> None:
	"""Begins the study of a request over a period, unless the same one is under way.

	Raises: PermissionError for who may not have it made; ValidationError where there is nothing to study.
	Policy: QA-03
	"""
	impact_rights.check_start(request, frappe.session.user)
	days = checked_days(days)
	study = checked_study(request)
	begin(request, study, days, by_hand=True)


def checked_days(days: int) -> int:
	if not FEWEST_DAYS <= cint(days) <= MOST_DAYS:
		message = _("Choose a period between {0} and {1} days.").format(FEWEST_DAYS, MOST_DAYS)
		frappe.throw(message, title=_("Impact Study"))
	return cint(days)


def checked_study(request: Document) -> Study:
	if request.workflow_state in requests.CLOSED:
		message = _("{0} is {1}: its study is kept as it was.").format(
			request.name, _(request.workflow_state)
		)
		frappe.throw(message, title=_("Impact Study"))
	study = request_proposal.study_of(request, known_for(request))
	reason = why_not(request, study)
	if reason:
		frappe.throw(reason, title=_("Impact Study"))
	return study


def why_not(request: Document, study: Study | None) -> str:
	"""Why there is nothing to study; empty where there is something."""
	if request.kind not in kinds.STUDIED:
		return _("Requests of this kind have no impact on past tickets.")
	lacks = request_proposal.lacking(request)
	if lacks:
		labels = ", ".join(_(request.meta.get_label(field)) for field in lacks)
		return _("The study needs first: {0}.").format(labels)
	if study is None:
		return _("The group takes no tickets any more.")
	if study.is_empty:
		return _("This request changes neither where tickets go nor when they escalate.")
	return ""


def begin(request: Document, study: Study, days: int, *, by_hand: bool = False) -> None:
	now = config.now_epoch()
	kept = stored_of(request.name, for_update=True)
	if is_under_way(request.name, kept, now) and asked_for(kept) == (days, study.basis):
		return
	run = frappe.generate_hash(length=10)
	asked = {"run": run, "by": frappe.session.user, "at": now, "days": days, "basis": study.basis}
	asked["by_hand"] = by_hand
	write(request, RUNNING, {**kept, "asked": asked, "reason": None})
	impact_progress.begin(request.name, run, now)
	if ticket_history.are_more_than(AT_ONCE, now - days * DAY):
		enqueue(request.name, run)
	else:
		complete(request, asked, study)


def enqueue(name: str, run: str) -> None:
	job = f"ch_impact_{name}_{run}"
	options = {"queue": "long", "job_id": job, "deduplicate": True, "enqueue_after_commit": True}
	frappe.enqueue(JOB, **options, name=name, run=run)


def write(request: Document, state: str, kept: Values) -> None:
	values = {
		"impact": json.dumps(kept, ensure_ascii=False, default=str),
		"impact_state": state,
		"impact_days": kept["asked"]["days"],
	}
	request.update(values)
	# Not a change of the request: a form that is open saves on.
	frappe.db.set_value(DOCTYPE, request.name, values, update_modified=False)


def stored_of(name: str, *, for_update: bool = False) -> Values:
	"""What is kept: which study was asked for, when and by whom, why it failed, and the last result."""
	kept = frappe.db.get_value(DOCTYPE, name, "impact", for_update=for_update)
	return frappe.parse_json(kept) or {}


def is_under_way(name: str, kept: Values, now: int) -> bool:
	if frappe.db.get_value(DOCTYPE, name, "impact_state") != RUNNING or not kept:
		return False
	return impact_progress.is_alive(name, kept["asked"]["run"], kept["asked"]["at"], now)


def asked_for(kept: Values) -> tuple[int, str]:
	return kept["asked"]["days"], kept["asked"]["basis"]


def prepare(request: Document) -> None:
	"""After a step: makes sure that the study is ready for who decides, if none of these very data and rules is.

	A failure costs the study, not the step.
	Policy: QA-03
	"""
	before = request.get_doc_before_save()
	moved = before and before.workflow_state != request.workflow_state
	if not moved or request.workflow_state not in READY_IN or request.kind not in kinds.STUDIED:
		return
	with transactions.logged_on_failure("Impact Study Not Started"):
		study = request_proposal.study_of(request, known_for(request))
		if study and not study.is_empty and is_outdated(stored_of(request.name), study):
			begin(request, study, cint(request.impact_days) or DAYS)


def is_outdated(kept: Values, study: Study | None) -> bool:
	"""Whether the last result, if any, is one of other data or rules."""
	result = kept.get("result") or {}
	return study is None or result.get("basis") != study.basis


# --- Carrying out


def carry_out(name: str, run: str) -> None:
	"""The job; one whose study was asked for anew since does nothing."""
	if not frappe.db.exists(DOCTYPE, name):
		return
	request = frappe.get_doc(DOCTYPE, name)
	asked = stored_of(name).get("asked") or {}
	if asked.get("run") == run:
		complete(request, asked)


def complete(request: Document, asked: Values, study: Study | None = None) -> None:
	"""Carries the study out and keeps its result, or why there is none."""
	try:
		study = study or checked_study(request)
		state, end = DONE, {"result": result_of(study, request.name, asked), "reason": None}
	except impact_progress.Overtaken:
		return
	except Exception as error:
		if transactions.is_lost(error):
			raise
		state, end = FAILED, {"reason": reason_of(error)}
	kept = stored_of(request.name, for_update=True)
	if (kept.get("asked") or {}).get("run") == asked["run"]:
		write(request, state, {**kept, **end})
		impact_progress.end(request.name, asked["by"])


def result_of(study: Study, name: str, asked: Values) -> Values:
	"""Raises: CalendarError where a calendar lacks what the policies count."""
	until = asked["at"]
	since = until - asked["days"] * DAY
	seen = past_tickets.Seen()
	total = ticket_history.count(since)
	tickets = past_tickets.past_tickets(since, until, seen)
	told = impact_progress.telling(name, asked["run"], asked["by"], total)
	zone = zone_of(study)
	found = impact(
		of_interest(tickets, study, told), study.rules, study.proposal, until, offset=offset_in(zone)
	)
	kept = impact_figures.stored(study, found, seen, (since, until), zone)
	return {**kept, "basis": study.basis}


def of_interest(
	tickets: Iterator[PastTicket], study: Study, told: Callable[[int], None]
) -> Iterator[PastTicket]:
	"""The tickets that the request concerns, and all others of the groups whose load is shown beside."""
	for done, ticket in enumerate(tickets, 1):
		if done % TELL_EVERY == 0:
			told(done)
		if not study.involved.isdisjoint(ticket.groups) or study.proposal.concerns(ticket):
			yield ticket


def zone_of(study: Study) -> str:
	"""The time zone in which the group works, else that of the site."""
	rules = study.rules
	calendar = study.proposal.calendars.get(study.group) or rules.calendar_of(study.group)
	known = rules.known.rules.versions
	return rules.timer(calendar).rules.zone if calendar in known else get_system_timezone()


def offset_in(zone: str) -> Callable[[int], int]:
	place = ZoneInfo(zone)

	def offset(at: int) -> int:
		return int(datetime.fromtimestamp(at, place).utcoffset().total_seconds())

	return offset


def reason_of(error: BaseException) -> Values:
	"""Why a study failed, to be said in each reader's language."""
	if transactions.is_out_of_time(error):
		return {"kind": TOO_LONG}
	if isinstance(error, CalendarError):
		return {"kind": CALENDAR, "about": getattr(error, "calendar", "")}
	if isinstance(error, frappe.ValidationError):
		return {"kind": CHANGED}
	log = frappe.log_error(title="Impact Study Failed", message=frappe.get_traceback())
	return {"kind": UNKNOWN, "about": log.name if log else ""}
