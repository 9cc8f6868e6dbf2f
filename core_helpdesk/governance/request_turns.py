"""Whose turn it is with a Group Request: who is told at each step, who is reminded, and what waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import getdate

from core_helpdesk import config
from core_helpdesk.escalations import people
from core_helpdesk.governance import request_states, requests
from core_helpdesk.governance.requests import DOCTYPE
from core_helpdesk.mail import request_letters as words
from core_helpdesk.mail.request_letters import Message
from core_helpdesk.setup import workflows as flow

if TYPE_CHECKING:
	from collections.abc import Iterator
	from datetime import date

	from frappe.model.document import Document

WAITING = (flow.REVIEW, flow.NEEDS_INFORMATION, flow.MANAGER_APPROVAL, flow.APPROVED)
TURN_WORDS = {
	flow.REVIEW: words.to_review,
	flow.MANAGER_APPROVAL: words.to_decide,
	flow.APPROVED: words.to_implement,
	flow.NEEDS_INFORMATION: words.to_complete,
}
# Implementing tells who asked for it itself, with the result.
OUTCOME_WORDS = {flow.APPROVED: words.approved, flow.REJECTED: words.rejected}
REMIND_AFTER_DAYS = 2
DAY = 86_400


def turn_of(request: Document, today: date) -> list[str]:
	"""The people who have to do something now.

	Policy: CORE-04, CORE-06, CORE-09
	"""
	if request.workflow_state in (flow.REVIEW, flow.APPROVED):
		return _reviewers(request)
	if request.workflow_state == flow.MANAGER_APPROVAL:
		found = people.customer_service_manager(today).people
		return [person.user for person in found if requests.may_decide(request, person.user)]
	if request.workflow_state == flow.NEEDS_INFORMATION:
		return [_asker(request, today)]
	return []


def _reviewers(request: Document) -> list[str]:
	makers = requests.makers(request)
	return [person.user for person in people.qa_specialists() if person.user not in makers]


def _asker(request: Document, today: date) -> str:
	"""Who asked; if they left, the head of the department."""
	if frappe.db.get_value("User", request.requested_by, "enabled"):
		return request.requested_by
	found = people.head_of(*requests.place_of(request), today).people
	return found[0].user if found else request.requested_by


def tell(request: Document) -> None:
	"""After a step: tells those whose turn it is, and those who wait for the outcome; never who took the step."""
	before = request.get_doc_before_save()
	if not before or before.workflow_state == request.workflow_state:
		return
	told = {frappe.session.user}
	for message in _messages(request, before):
		if message.user not in told:
			told.add(message.user)
			words.tell(request, message)


def _messages(request: Document, before: Document) -> Iterator[Message]:
	state = request.workflow_state
	if state in TURN_WORDS:
		lead = words.what_to_add if state == flow.NEEDS_INFORMATION else words.look_at_it
		for user in turn_of(request, getdate()):
			yield Message(user, TURN_WORDS[state], lead)
	if state in OUTCOME_WORDS:
		for user in dict.fromkeys((request.requested_by, request.owner)):
			yield Message(user, OUTCOME_WORDS[state], words.what_came_of_it)
	yield from _to_specialists(request, before)


def _to_specialists(request: Document, before: Document) -> Iterator[Message]:
	"""What happened without them: members added at once, a request taken back.

	Policy: CORE-12
	"""
	at_once = request.workflow_state == flow.IMPLEMENTED and before.workflow_state == flow.DRAFT
	taken_back = request.workflow_state == flow.WITHDRAWN and before.workflow_state != flow.DRAFT
	if not (at_once or taken_back):
		return
	title, lead = (
		(words.added_at_once, words.why_added) if at_once else (words.withdrawn, words.what_came_of_it)
	)
	for person in people.qa_specialists():
		yield Message(person.user, title, lead)


def remind(now: int) -> list[str]:
	"""Reminds, once a day, everybody for whom a request has waited for more than two working days.

	Units: `now` is seconds since the epoch. Returns: the requests.
	"""
	today = config.from_epoch(now).date()
	found = frappe.get_all(
		DOCTYPE,
		{"workflow_state": ("in", WAITING)},
		["name", "reminded_on"],
		order_by="name",
	)
	due = [row.name for row in found if not row.reminded_on or getdate(row.reminded_on) < today]
	return [name for name in due if _remind_of(frappe.get_doc(DOCTYPE, name), now, today)]


def _remind_of(request: Document, now: int, today: date) -> bool:
	if now <= reminder_due(request):
		return False
	for user in turn_of(request, today):
		words.tell(request, Message(user, TURN_WORDS[request.workflow_state], words.still_waiting))
	frappe.db.set_value(DOCTYPE, request.name, "reminded_on", today, update_modified=False)
	return True


def reminder_due(request: Document) -> int:
	"""When two working days have passed since the request came into its state; days by the clock without a calendar.

	Units: seconds since the epoch.
	"""
	since = request_states.waiting_since(request)
	rules = config.site_rules()
	calendar = rules.calendars.get(request.country or "") or rules.calendar_of("")
	if not calendar:
		return since + REMIND_AFTER_DAYS * DAY
	return rules.timer(calendar).add_working_days(since, REMIND_AFTER_DAYS)


def waiting_for(user: str) -> list[str]:
	"""The requests with which this user has to do something now, the longest waiting first."""
	found = frappe.get_all(
		DOCTYPE, {"workflow_state": ("in", WAITING)}, ["name", "workflow_state"], order_by="modified"
	)
	mine = {
		state
		for state, is_mine in (
			(flow.REVIEW, requests.holds(requests.QA_SPECIALIST, user)),
			(flow.APPROVED, requests.holds(requests.QA_SPECIALIST, user)),
			(flow.MANAGER_APPROVAL, requests.is_manager(user)),
			(flow.NEEDS_INFORMATION, True),
		)
		if is_mine
	}
	today = getdate()
	waiting = (frappe.get_doc(DOCTYPE, row.name) for row in found if row.workflow_state in mine)
	return [request.name for request in waiting if user in turn_of(request, today)]
