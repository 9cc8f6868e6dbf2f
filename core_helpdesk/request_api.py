"""What the form and the list of Group Requests call. Every function asks first who may read the request.

Writers are POST only: a GET is rolled back by the framework.
"""

from typing import Any

import frappe
from frappe import _

from core_helpdesk import permissions
from core_helpdesk.governance import (
	request_checks,
	request_data,
	request_missing,
	request_turns,
	request_wording,
	requests,
)
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.requests import DOCTYPE
from core_helpdesk.setup.workflows import REVIEW
from core_helpdesk.stored_text import as_written, keep_as_text

# Where wrong data and wrong escalations are seen.
REPORTED_FROM = ("HD Ticket", "Ticket Escalation")


@frappe.whitelist()
def look_at(doc: str | dict) -> dict[str, Any]:
	"""What is missing on a request as it is being filled in, what its checks find, and what this user may do with it.

	Raises: PermissionError
	Policy: CORE-04, CORE-05, QA-02, QA-05
	"""
	request = _given(doc)
	if request.kind not in kinds.KINDS:
		return {"missing": [], "checks": [], "manager": [], "actions": [], "turn": [], "may_edit": True}
	request_data.settle(request)
	# Read as it was checked when it was decided; live until then.
	stored = request.workflow_state in requests.DECIDED and request.checks
	found = frappe.parse_json(request.checks) if stored else request_checks.check(request)
	is_open = request.workflow_state in requests.OPEN
	return {
		"missing": request_missing.missing(request) if is_open else [],
		"checks": _said(found),
		"checked_on": request.checked_on if stored else None,
		"manager": [] if stored else request_checks.why_manager(request),
		"actions": [] if request.is_new() else requests.moves_from(request, frappe.session.user),
		"turn": [_named(user) for user in request_turns.turn_of(request, frappe.utils.getdate())],
		"may_edit": is_open and (request.is_new() or requests.may_edit(request, frappe.session.user)),
		"at_once": requests.takes_effect_at_once(request, frappe.session.user) and is_open,
		"place": {"department": request.department, "country": request.country},
	}


def _said(found: list[request_checks.Finding]) -> list[request_wording.Said]:
	"""The findings in words, but for those that name a group which the reader is not to know of.

	Policy: TSM-12
	"""
	concealed = set(permissions.concealed_from())
	return [request_wording.said(finding) for finding in found if finding["other"] not in concealed]


def _given(doc: str | dict) -> Any:
	"""The document as the form has it, its stored owner and history kept.

	Raises: PermissionError unless the user may read the stored one, or make a new one.
	"""
	values = frappe.parse_json(doc)
	name = values.get("name")
	if not (name and frappe.db.exists(DOCTYPE, name)):
		frappe.has_permission(DOCTYPE, "create", throw=True)
		request = frappe.new_doc(DOCTYPE)
		request.update({field: _value(values, field) for field in ("kind", *kinds.DATA_FIELDS)})
		request.requested_by = request.owner = frappe.session.user
		keep_as_text(request)
		return request
	request = frappe.get_doc(DOCTYPE, name)
	request.check_permission("read")
	if request.workflow_state in requests.OPEN:
		request.update(
			{field: _value(values, field) for field in ("kind", *kinds.DATA_FIELDS) if field in values}
		)
		keep_as_text(request)
	return request


def _value(values: dict[str, Any], field: str) -> Any:
	value = values.get(field)
	# One row too many says as much as all of them.
	return value[: request_data.MOST_ROWS + 1] if isinstance(value, list) else value


def _named(user: str) -> dict[str, str]:
	return {"user": user, "full_name": frappe.get_cached_value("User", user, "full_name") or user}


@frappe.whitelist(methods=["POST"])
def write_reason(name: str, action: str, reason: str) -> None:
	"""The reason of a step that its button is about to take."""
	request = frappe.get_doc(DOCTYPE, name)
	request.check_permission("write")
	fields = {move.reason for move in requests.MOVES.values() if move.action == action and move.reason}
	request.flags.ch_said = fields
	for field in fields:
		request.set(field, reason)
	request.save()


@frappe.whitelist()
def group_now(team: str) -> dict[str, Any]:
	"""What a group is now, to be seen beside what it is to become."""
	frappe.get_doc("HD Team", team).check_permission("read")
	return {field: as_written(value) for field, value in request_missing.present_values(team).items()}


@frappe.whitelist()
def waiting_for_me() -> list[str]:
	"""The requests with which the user has to do something now."""
	return request_turns.waiting_for(frappe.session.user)


@frappe.whitelist()
def waiting_card(filters: str | list | None = None) -> dict[str, Any]:
	"""The number card Waiting for Me."""
	names = waiting_for_me()
	return {
		"value": len(names),
		"fieldtype": "Int",
		"route": ["List", DOCTYPE],
		"route_options": {"name": ["in", names or [""]]},
	}


@frappe.whitelist(methods=["POST"])
def report_wrong(doctype: str, name: str, wrong: str, correction: str) -> str:
	"""Reports wrong data or a wrong escalation from a ticket or an escalation; returns the submitted request.

	Raises: PermissionError unless the user may read the record.
	Policy: CORE-19
	"""
	if doctype not in REPORTED_FROM:
		frappe.throw(_("Wrong data is reported from a ticket or an escalation."), title=_("Data Correction"))
	frappe.get_doc(doctype, name).check_permission("read")
	values = {"kind": kinds.CORRECTION, "wrong": wrong, "correction": correction}
	request = frappe.get_doc(
		{"doctype": DOCTYPE, **values, "reference_doctype": doctype, "reference_name": name}
	).insert()
	request.workflow_state = REVIEW
	request.save()
	return request.name
