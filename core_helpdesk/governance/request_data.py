"""The data of a Group Request: whose it is, what the app alone writes, and when the rest is fixed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, flt, get_datetime, getdate, now_datetime

from core_helpdesk import config, permissions
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance import request_states
from core_helpdesk.governance.requests import CLOSED, OPEN, WRITERS, may_edit, may_move_with, refuse
from core_helpdesk.setup.roles import QA_SPECIALIST, holds
from core_helpdesk.setup.workflows import DRAFT

if TYPE_CHECKING:
	from frappe.model.document import Document

# Written by the app, whatever a form, an import or a call sends along.
BY_THE_APP = (
	"owner",
	"creation",
	"requested_by",
	"requested_on",
	"checks",
	"checked_on",
	"impact",
	"impact_days",
	"impact_state",
	"implemented_on",
	"implemented_by",
	"undone_on",
	"result_team",
	"result_policy",
	"result_category",
	"result_deviation",
	"undo_data",
	"failure",
	"reminded_on",
	*WRITERS.values(),
)
# What is agreed with the department heads before a time is put in force (CORE-17).
DISCUSSION_COLUMNS = ("department", "country", "head", "discussed_on", "answer", "note")
DAYS = 90
# Nobody asks for more people or groups at once, or corrects more in a day; a script might.
MOST_ROWS = 500
MOST_A_DAY = 20


def begin(request: Document) -> None:
	"""A request is of whoever makes it, and begins as a draft.

	Raises: PermissionError for one that begins anywhere else.
	Policy: CORE-04
	"""
	if request.flags.ch_engine:
		request.requested_by = request.requested_by or frappe.session.user
	else:
		empty_what_the_app_writes(request)
		request.requested_by = frappe.session.user
		check_pace(request)
	request.workflow_state = request.workflow_state or DRAFT
	if request.workflow_state != DRAFT and not request.flags.ch_engine:
		refuse(_("A request begins as a draft."))
	request.impact_days = cint(request.impact_days) or DAYS
	request.requested_on = config.from_epoch(config.now_epoch())
	request.set("states", [])
	request_states.enter(request, request.requested_by)


def empty_what_the_app_writes(request: Document) -> None:
	for field in (*BY_THE_APP[2:], *WRITERS, "discussion_decision"):
		request.set(field, None)
	for table in ("discussion", "edited_by"):
		request.set(table, [])


def keep_what_the_app_writes(request: Document) -> None:
	"""Puts back what is not the caller's to write, and refuses what is not theirs to change.

	Raises: PermissionError
	"""
	before = request.get_doc_before_save()
	if not before:
		return
	for field in BY_THE_APP:
		request.set(field, before.get(field))
	for table in ("states", "edited_by"):
		request.set(table, [row.as_dict() for row in before.get(table)])
	keep_data(request, before)
	keep_reasons(request, before)
	keep_discussion(request, before)


def keep_data(request: Document, before: Document) -> None:
	"""Raises: PermissionError where the requested data changed and must not, or not by this user.

	Policy: CORE-06, CORE-10
	"""
	changed = [field for field in ("kind", *kinds.DATA_FIELDS) if differs(request, before, field)]
	if not changed:
		return
	labels = ", ".join(_(request.meta.get_label(field), context=request.doctype) for field in changed)
	if before.workflow_state not in OPEN:
		message = _("{0} is {1}: what was asked for is fixed ({2}).")
		refuse(message.format(before.name, _(before.workflow_state), labels))
	if not may_edit(before, frappe.session.user):
		message = _("Only who asks for {0}, or the managers of the department, may change it ({1}).")
		refuse(message.format(before.name, labels))
	if "kind" in changed and before.workflow_state != DRAFT:
		refuse(_("The kind of a request is fixed once it was submitted: withdraw it and make another one."))
	if "kind" in changed:
		check_pace(request)
	remember_writer(request)


def remember_writer(request: Document) -> None:
	"""Whoever writes some of what is asked for is one of those who ask.

	Policy: CORE-05
	"""
	user = frappe.session.user
	known = {request.requested_by, request.owner, *(row.user for row in request.edited_by)}
	if user not in known:
		request.append("edited_by", {"user": user})


def check_pace(request: Document) -> None:
	"""Raises: ValidationError for more corrections in a day than a person has: each is mailed to those who review it."""
	if request.kind != kinds.CORRECTION:
		return
	since = now_datetime() - timedelta(days=1)
	own = {"requested_by": request.requested_by, "kind": kinds.CORRECTION, "creation": (">", since)}
	if frappe.db.count(request.doctype, own) >= MOST_A_DAY:
		message = _("You have reported {0} corrections in a day. Please go on tomorrow.").format(MOST_A_DAY)
		frappe.throw(message, title=_(kinds.CORRECTION))


def differs(request: Document, before: Document, field: str) -> bool:
	if field in kinds.TABLES:
		return rows_of(request, field) != rows_of(before, field)
	return comparable(request, field) != comparable(before, field)


def rows_of(request: Document, field: str) -> list[tuple[str, ...]]:
	return [tuple(cstr(row.get(name)) for name in kinds.TABLES[field]) for row in request.get(field)]


def comparable(request: Document, field: str) -> Any:
	"""A value that is the same whether it was read from the database or sent along."""
	value, fieldtype = request.get(field), request.meta.get_field(field).fieldtype
	if fieldtype in ("Float", "Check"):
		return flt(value)
	if not value:
		return ""
	if fieldtype == "Date":
		return getdate(value)
	return get_datetime(value) if fieldtype == "Datetime" else cstr(value)


def keep_reasons(request: Document, before: Document) -> None:
	"""Keeps who wrote each reason. What a dialog asked for was written anew, also where it says the same again.

	Raises: PermissionError where a reason is written by somebody who has nothing to decide here.
	"""
	user = frappe.session.user
	for field, writer in WRITERS.items():
		if cstr(request.get(field)) == cstr(before.get(field)) and field not in (request.flags.ch_said or ()):
			continue
		if not may_move_with(field, before, user):
			message = _("{0} is written by who decides on the request.")
			refuse(message.format(_(request.meta.get_label(field), context=request.doctype)))
		request.set(writer, user)


def keep_discussion(request: Document, before: Document) -> None:
	"""Raises: PermissionError unless a QA Specialist records it, before the request is over.

	Policy: CORE-17
	"""
	if discussed(request) == discussed(before):
		return
	if before.workflow_state in CLOSED or not holds(QA_SPECIALIST):
		refuse(_("The discussion with the department heads is recorded by the QA Specialist."))


def discussed(request: Document) -> tuple:
	rows = [tuple(cstr(row.get(name)) for name in DISCUSSION_COLUMNS) for row in request.discussion]
	return rows, cstr(request.discussion_decision)


def settle(request: Document) -> None:
	"""Fills what follows from the rest, and empties what the kind does not ask for."""
	if request.kind not in kinds.KINDS:
		frappe.throw(_("Choose the kind of the request."), title=_("Kind"), exc=frappe.MandatoryError)
	if is_open(request):
		limit_rows(request)
		empty_other_kinds(request)
		refuse_concealed(request)
		place(request)
	request.title = title_of(request)[:180]


def is_open(request: Document) -> bool:
	before = request.get_doc_before_save()
	return not before or before.workflow_state in OPEN


def limit_rows(request: Document) -> None:
	"""Raises: ValidationError for a table of more rows than anybody fills in."""
	for field in kinds.TABLES:
		if len(request.get(field)) > MOST_ROWS:
			label = _(request.meta.get_label(field), context=request.doctype)
			frappe.throw(_("{0}: {1} rows are the most.").format(label, MOST_ROWS), title=_(request.kind))


def empty_other_kinds(request: Document) -> None:
	asked = kinds.KINDS[request.kind].fields
	for field in kinds.DATA_FIELDS:
		if field not in asked and request.get(field):
			request.set(field, [] if field in kinds.TABLES else None)


def refuse_concealed(request: Document) -> None:
	"""A hidden group does not exist for those who may not see it.

	Raises: LinkValidationError
	Policy: TSM-12
	"""
	concealed = set(permissions.concealed_from())
	for team in (request.team, *(row.team for row in request.takes_from)):
		if team in concealed:
			frappe.throw(_("There is no group {0}.").format(team), frappe.LinkValidationError)


def place(request: Document) -> None:
	"""Department and country are those of the group; without one, the requester's if they have only one.

	A correction without a group takes that of its record.
	"""
	if request.kind == kinds.CORRECTION and not request.team and request.reference_name:
		request.team = team_of_record(request)
	if request.team and request.kind in kinds.KINDS_OF_A_GROUP:
		group = config.group(request.team)
		if request.kind != kinds.CHANGE_GROUP or moved_to_another_group(request):
			request.department, request.country = None, None
		request.department = request.department or group.department or None
		request.country = request.country or group.country or None
	elif not request.department:
		own_place(request)


def moved_to_another_group(request: Document) -> bool:
	"""Whether the place is left from the group that the draft was about before."""
	before = request.get_doc_before_save()
	if not before or before.team == request.team:
		return False
	return (before.department, before.country) == (request.department, request.country)


def own_place(request: Document) -> None:
	areas = permissions.areas_of(request.requested_by or frappe.session.user, getdate())
	if len(areas) == 1:
		request.department = areas[0].department
		request.country = request.country or areas[0].country or None


# Where the group stands in the records from which a correction is reported.
GROUP_IN = {"HD Ticket": "agent_group", "Ticket Escalation": "team"}


def team_of_record(request: Document) -> str | None:
	"""The group of the ticket or escalation from which a correction was reported, for who may see both."""
	doctype, name = request.reference_doctype, request.reference_name
	if doctype not in GROUP_IN or not frappe.db.exists(doctype, name):
		return None
	if not frappe.has_permission(doctype, "read", doc=name):
		return None
	team = frappe.db.get_value(doctype, name, GROUP_IN[doctype])
	return None if team in permissions.concealed_from() else team


def title_of(request: Document) -> str:
	about = request.team_name if request.kind == kinds.NEW_GROUP else request.team
	about = about or request.category_name or request.reference_name
	return f"{request.kind}: {about}" if about else request.kind


def fingerprint(request: Document) -> tuple:
	"""What is asked for, to see whether it changed."""
	return tuple(
		rows_of(request, field) if field in kinds.TABLES else request.get(field)
		for field in ("kind", *kinds.DATA_FIELDS)
	)
