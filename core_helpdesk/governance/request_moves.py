"""Taking a step with a Group Request: checked, written down, and carried out where it is the last one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.governance import (
	implementing,
	request_checks,
	request_missing,
	request_states,
	requests,
)
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup import workflows as flow

if TYPE_CHECKING:
	from frappe.model.document import Document


def take(request: Document) -> None:
	"""Carries out the change of state that a saved request asks for, if it does.

	Raises: PermissionError, ValidationError, MandatoryError
	Policy: CORE-04, CORE-09, CORE-12, CORE-18, CORE-20
	"""
	before = request.get_doc_before_save()
	if not before or before.workflow_state == request.workflow_state:
		return
	if request.flags.ch_engine:
		request_states.enter(request, frappe.session.user)
		return
	user = frappe.session.user
	move = requests.check_move(before, request, user)
	if request.workflow_state == flow.REVIEW and requests.is_being_written(before.states):
		submit(request, user)
	elif request.workflow_state == flow.MANAGER_APPROVAL:
		send(request)
	elif request.workflow_state == flow.APPROVED:
		approve(before, request)
	elif request.workflow_state == flow.IMPLEMENTED:
		implement(request)
	if request.workflow_state != before.workflow_state:
		write_down(request, user, move)


def write_down(request: Document, user: str, move: requests.Move | None) -> None:
	note = (request.get(move.reason) or "").strip() if move and move.reason else ""
	request_states.enter(request, user, note)
	# Said again at each step: the reason of an earlier one does not count for the next.
	for field, writer in requests.WRITERS.items():
		keeps = (move and move.reason == field) or request.workflow_state in requests.CLOSED
		if not keeps:
			request.set(field, None)
			request.set(writer, None)


def submit(request: Document, user: str) -> None:
	"""Raises: MandatoryError with everything that is missing, PermissionError for a group that is not the user's.

	What the data have become counts, and not only what they were: a manager asks for their own department.
	"""
	request_missing.check_complete(request)
	if not requests.may_submit(request, user):
		requests.refuse(_("{0} is done by {1}.").format(_(flow.SUBMIT), requests.a_submitter()))
	leave_out_deviation(request)
	if requests.takes_effect_at_once(request, user):
		request.flags.ch_at_once = True
		request.workflow_state = flow.IMPLEMENTED
		implement(request)


def leave_out_deviation(request: Document) -> None:
	"""Nobody has to approve an exception that the time does not need: it is not asked for.

	Policy: CORE-09
	"""
	if request.kind != kinds.DEVIATION and not request_checks.is_deviation(request):
		for field in kinds.DEVIATING:
			request.set(field, None)


def send(request: Document) -> None:
	if not request_checks.why_manager(request):
		message = _("This request does not need the Customer Service Manager: approve or reject it.")
		frappe.throw(message, title=_(flow.SEND))
	keep_checks(request)


def approve(before: Document, request: Document) -> None:
	"""Raises: PermissionError where the Customer Service Manager has to decide; what was seen is kept.

	Policy: CORE-09, CORE-20, QA-02
	"""
	if before.workflow_state == flow.MANAGER_APPROVAL:
		refuse_unexplained(request)
	else:
		refuse_without_manager(request)
	keep_checks(request)


def refuse_without_manager(request: Document) -> None:
	"""Raises: PermissionError where the Customer Service Manager has to decide."""
	why = request_checks.why_manager(request)
	if why:
		message = _("Send it to the Customer Service Manager for approval: {0}")
		requests.refuse(message.format(" ".join(why)))


def refuse_unexplained(request: Document) -> None:
	"""Raises: MandatoryError for a time that is off the Standard by now, without the reason and end of a deviation."""
	lacks = [request.meta.get_label(field) for field in request_checks.deviation_lacks(request)]
	if lacks:
		message = _("The Escalation Time is not the Standard of Saudi Arabia. Please enter: {0}")
		labels = ", ".join(_(label, context=request.doctype) for label in lacks)
		frappe.throw(message.format(labels), title=_("What Is Missing"), exc=frappe.MandatoryError)


def keep_checks(request: Document) -> None:
	request.checks = json.dumps(request_checks.check(request), ensure_ascii=False, sort_keys=True)
	request.checked_on = config.from_epoch(config.now_epoch())


def implement(request: Document) -> None:
	"""Carries the request out. Where that fails, nothing is done, and the request says why afterwards.

	Raises: PermissionError where the Customer Service Manager has to decide by now, and has not.
	Policy: CORE-02, CORE-09, CORE-12
	"""
	if not requests.is_approved_by_manager(request):
		refuse_without_manager(request)
	if not request.checks:
		keep_checks(request)
	implementing.implement(request)
