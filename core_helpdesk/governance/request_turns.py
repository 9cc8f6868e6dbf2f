"""Whose turn it is with a Group Request: who is told at each step, who is reminded, and what waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import getdate

from core_helpdesk import config
from core_helpdesk.escalations import people
from core_helpdesk.governance import carrying_out, request_states, requests
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
TURN_FIELDS = (
	"name",
	"kind",
	"workflow_state",
	"requested_by",
	"owner",
	"team",
	"department",
	"country",
)
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
	at_once = request.workflow_state == flow.IMPLEMENTED and before.workflow_state != flow.APPROVED
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

	One with which that fails keeps no other back.
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

	def remind_of(name: str) -> bool:
		return _remind_of(frappe.get_doc(DOCTYPE, name), now, today)

	text = _("Nobody could be reminded of the group request {0}.")
	return carrying_out.each(DOCTYPE, due, remind_of, "remind", text)


def _remind_of(request: Document, now: int, today: date) -> bool:
	if now <= reminder_due(request):
		return False
	for user in turn_of(request, today):
		words.tell(request, Message(user, TURN_WORDS[request.workflow_state], words.still_waiting))
	frappe.db.set_value(DOCTYPE, request.name, "reminded_on", today, update_modified=False)
	return True


def reminder_due(request: Document) -> int:
	"""When two working days have passed since the request came into its state.

	Units: seconds since the epoch.
	"""
	return waited_enough(request_states.waiting_since(request), request.country or "", config.site_rules())


def waited_enough(since: int, country: str, rules: config.SiteRules) -> int:
	"""Two working days of the country after a moment; days by the clock without a calendar.

	Units: seconds since the epoch.
	"""
	calendar = rules.calendars.get(country) or rules.calendar_of("")
	if not calendar:
		return since + REMIND_AFTER_DAYS * DAY
	return rules.timer(calendar).add_working_days(since, REMIND_AFTER_DAYS)


def waiting_for(user: str) -> list[str]:
	"""The requests with which this user has to do something now, the longest waiting first."""
	today = getdate()
	return [request.name for request in _waiting() if _is_turn_of(user, request, today)]


def _waiting() -> list[frappe._dict]:
	"""What says whose turn it is with each request that waits, for all of them in three queries."""
	found = frappe.get_all(DOCTYPE, {"workflow_state": ("in", WAITING)}, [*TURN_FIELDS], order_by="modified")
	names = {"parenttype": DOCTYPE, "parent": ("in", [request.name for request in found] or [""])}
	stays = frappe.get_all("Group Request State", names, ["parent", "state", "by"], order_by="parent, idx")
	writing = {**names, "parentfield": "edited_by"}
	writers = frappe.get_all("Group Request Member", writing, ["parent", "user"])
	for request in found:
		request.states, request.edited_by = [], []
	by_name = {request.name: request for request in found}
	for stay in stays:
		by_name[stay.parent].states.append(stay)
	for writer in writers:
		by_name[writer.parent].edited_by.append(writer)
	return found


def _is_turn_of(user: str, request: frappe._dict, today: date) -> bool:
	if request.workflow_state == flow.NEEDS_INFORMATION:
		return user in (request.requested_by, _asker(request, today))
	may = requests.may_decide if request.workflow_state == flow.MANAGER_APPROVAL else requests.may_review
	return may(request, user)
