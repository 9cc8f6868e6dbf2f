"""What a Group Request still lacks: asked live while it is filled in, and once more before it is submitted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypedDict

import frappe
from frappe import _
from frappe.utils import formatdate, getdate, nowdate

from core_helpdesk import config, permissions
from core_helpdesk.documents import time_given
from core_helpdesk.governance import request_checks
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.hosts import hd_team, team_writer
from core_helpdesk.setup import department_heads
from core_helpdesk.setup.workflow_states import DRAFT
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

HOURS = ("escalation_hours", "standard_hours")


class Lack(TypedDict):
	field: str
	text: str


def missing(request: Document) -> list[Lack]:
	"""Everything that keeps the request from being submitted, in words.

	Policy: CORE-03, CORE-04, CORE-06
	"""
	lacks = [*_empty(request), *_wrong(request), *_deviation(request)]
	seen: dict[str, Lack] = {}
	for field, text in lacks:
		seen.setdefault(field + text, Lack(field=field, text=text))
	return list(seen.values())


def check_complete(request: Document) -> None:
	"""Raises: ValidationError that names everything missing."""
	lacks = missing(request)
	if lacks:
		listed = "".join(f"<li>{frappe.utils.escape_html(lack['text'])}</li>" for lack in lacks)
		frappe.throw(f"<ul>{listed}</ul>", title=_("What Is Missing"), exc=frappe.MandatoryError)


def _empty(request: Document) -> Iterator[tuple[str, str]]:
	kind = kinds.KINDS[request.kind]
	for field in kind.required:
		if not _has(request, field):
			yield (
				field,
				_("Please enter: {0}").format(_(request.meta.get_label(field), context=request.doctype)),
			)
	if request.kind not in (kinds.NEW_CATEGORY, kinds.CORRECTION) and request.team:
		yield from _unplaced(request)
	if request.kind == kinds.CORRECTION and not (request.team or request.reference_name):
		yield "team", _("Say what is wrong: a group, or the record that it was reported from.")


def _deviation(request: Document) -> Iterator[tuple[str, str]]:
	"""Policy: CORE-09"""
	for field in request_checks.deviation_lacks(request):
		message = _("The Escalation Time is not the Standard of Saudi Arabia. Please enter: {0}")
		yield field, message.format(_(request.meta.get_label(field), context=request.doctype))


def _unplaced(request: Document) -> Iterator[tuple[str, str]]:
	if not request.department:
		message = _("The group {0} belongs to no department yet: ask the QA Specialist to give it one.")
		yield "team", message.format(request.team)


def _has(request: Document, field: str) -> bool:
	value = request.get(field)
	if field in HOURS:
		return time_given(value, None) is not None
	return bool(value.strip() if isinstance(value, str) else value)


def _wrong(request: Document) -> Iterator[tuple[str, str]]:
	yield from _dates(request)
	yield from _people(request)
	check = CHECKS.get(request.kind)
	if check:
		yield from check(request)


def _dates(request: Document) -> Iterator[tuple[str, str]]:
	fields = kinds.KINDS[request.kind].fields
	for field, from_today in (("valid_until", False), ("retire_on", True)):
		day = request.get(field)
		if field not in fields or not day:
			continue
		if getdate(day) < getdate(nowdate()) or (not from_today and getdate(day) == getdate(nowdate())):
			label = _(request.meta.get_label(field), context=request.doctype)
			yield field, _("{0}: {1} has passed.").format(label, formatdate(day))


def _people(request: Document) -> Iterator[tuple[str, str]]:
	users = Counter(row.user for row in request.members if row.user)
	for user in sorted(user for user, times in users.items() if times > 1):
		yield "members", _("{0} is listed more than once.").format(user)
	named = sorted({*users, request.head} - {None, ""})
	known = {"name": ("in", named or [""]), "enabled": 1, "user_type": "System User"}
	working = frappe.get_all("User", known, pluck="name")
	for user in named:
		if user not in working:
			field = "head" if user == request.head and user not in users else "members"
			yield field, _("{0} is no user who can work in the Desk.").format(user)


def _new_group(request: Document) -> Iterator[tuple[str, str]]:
	yield from _name(request)
	yield from _inactive_category(request)


def _name(request: Document) -> Iterator[tuple[str, str]]:
	name = (request.team_name or "").strip()
	taken = frappe.db.exists("HD Team", name) if name and name != request.team else None
	# A group that this user is not to know of is found when the request is carried out.
	if taken and taken not in permissions.concealed_from():
		yield "team_name", _("There is a group {0} already.").format(name)
	if not hd_team.can_be_named(as_written(name)):
		yield (
			"team_name",
			_("Helpdesk cannot work with a group whose name has one of these characters: {0}").format(
				hd_team.NOT_IN_NAMES
			),
		)


def _inactive_category(request: Document) -> Iterator[tuple[str, str]]:
	category = request.group_category
	if category and frappe.db.get_value("Group Category", category, "workflow_state") != "Active":
		yield "group_category", _("The category {0} is not in use.").format(category)


def _new_category(request: Document) -> Iterator[tuple[str, str]]:
	"""A draft is what the request is to put in force; one in use, or retired, stands."""
	name = (request.category_name or "").strip()
	state = frappe.db.get_value("Group Category", name, "workflow_state") if name else None
	if state not in (None, DRAFT):
		yield "category_name", _("There is a category {0} already.").format(request.category_name)


def _change_group(request: Document) -> Iterator[tuple[str, str]]:
	yield from _hidden(request)
	if request.team and not changes(request):
		yield "team_name", _("Nothing would change: enter what is to be different.")
	yield from _name(request)
	yield from _head_elsewhere(request)
	yield from _inactive_category(request)


def _head_elsewhere(request: Document) -> Iterator[tuple[str, str]]:
	"""A group that moves comes to the head of its new place, who may not even know of the request.

	Policy: CORE-18
	"""
	if not (request.team and request.head):
		return
	group = config.group(request.team)
	place = (request.department or group.department, request.country or group.country)
	if place != (group.department, group.country) and request.head != department_heads.head_of(*place):
		message = _("The group moves: its head is then that of {0} in {1}, who is named there.")
		yield "head", message.format(*place)


def changes(request: Document) -> dict[str, tuple[str, str]]:
	"""What a Change Group would change: field → what stands there and what is to stand there."""
	now = present_values(request.team)
	wanted = {field: (request.get(field) or "").strip() for field in kinds.CHANGEABLE}
	return {field: (now[field], value) for field, value in wanted.items() if value and value != now[field]}


def present_values(team: str) -> dict[str, str]:
	"""What stands on a group now, by the fields of a request."""
	document = frappe.get_doc("HD Team", team)
	return {
		field: kinds.as_asked(field, document.get(kinds.ON_TEAM.get(field, ""))) for field in kinds.CHANGEABLE
	}


def _hidden(request: Document) -> Iterator[tuple[str, str]]:
	if hd_team.is_hidden(request.team):
		yield (
			"team",
			_("{0} is the hidden group of Ticketing System Management: setup alone changes it.").format(
				request.team
			),
		)


def _add_members(request: Document) -> Iterator[tuple[str, str]]:
	yield from _hidden(request)
	members = set(team_writer.members(request.team))
	for row in request.members:
		if row.user in members:
			yield "members", _("{0} is in the group already.").format(row.user)


def _remove_members(request: Document) -> Iterator[tuple[str, str]]:
	yield from _hidden(request)
	members = set(team_writer.members(request.team))
	for row in request.members:
		if row.user and row.user not in members:
			yield "members", _("{0} is not in the group.").format(row.user)


def _retire(request: Document) -> Iterator[tuple[str, str]]:
	yield from _hidden(request)


def _timed(request: Document) -> Iterator[tuple[str, str]]:
	yield from _hidden(request)


CHECKS = {
	kinds.NEW_GROUP: _new_group,
	kinds.NEW_CATEGORY: _new_category,
	kinds.CHANGE_GROUP: _change_group,
	kinds.CHANGE_ESCALATION: _timed,
	kinds.ADD_MEMBERS: _add_members,
	kinds.REMOVE_MEMBERS: _remove_members,
	kinds.RETIRE_GROUP: _retire,
	kinds.DEVIATION: _timed,
}
