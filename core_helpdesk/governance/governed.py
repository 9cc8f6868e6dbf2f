"""Governed means governed: a governed group, its members, categories and policies change by a request alone.

Called by the handlers of these documents' events; says where to make the request. A QA Specialist may, and the app.
"""

from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, get_url_to_form

from core_helpdesk import at_work
from core_helpdesk.governance import governed_records
from core_helpdesk.governance.governed_records import plain
from core_helpdesk.setup.roles import QA_SPECIALIST, holds
from core_helpdesk.setup.workflow_states import ACTIVE

TEAM, CATEGORY, POLICY = "HD Team", "Group Category", "Escalation Policy"
REQUEST = "Group Request"
NEW_GROUP, NEW_CATEGORY = "New Group", "New Group Category"
CHANGE_GROUP, CHANGE_ESCALATION, RETIRE_GROUP = "Change Group", "Change Escalation", "Retire Group"
ADD_MEMBERS, REMOVE_MEMBERS = "Add Members", "Remove Members"
# Said by the app alone, of every group: whether it is governed, and from when to when it takes tickets.
MARKS = ("ch_governed", "ch_stage", "ch_opens_on", "ch_retired_on")
KIND_BY_DOCTYPE = {CATEGORY: NEW_CATEGORY, POLICY: CHANGE_ESCALATION}


def has_begun() -> bool:
	"""Whether any group of the site is governed: from then on groups, categories and policies come by request.

	Policy: CORE-02, CORE-10
	"""
	return governed_records.has_begun()


def is_governed(team: str | None) -> bool:
	"""Whether a group is governed, also if somebody took the mark away past the app."""
	return bool(team) and governed_records.exists(TEAM, team)


def may_change(document: Document | None = None) -> bool:
	return at_work.is_the_app(document) or holds(QA_SPECIALIST)


def guard_team(team: Document) -> None:
	"""Raises: PermissionError with the way to the request.

	Policy: CORE-02, CORE-10, CORE-11
	"""
	before = team.get_doc_before_save()
	keep_marks(team, before)
	if may_change(team):
		return
	if not before:
		if has_begun():
			refuse(NEW_GROUP, _("New groups come by a request that the right people have seen."))
	elif is_governed(before.name):
		refuse_changes(team, before)


def keep_marks(team: Document, before: Document | None) -> None:
	if at_work.is_the_app(team):
		return
	for field in MARKS:
		if plain(team, field) != (plain(before, field) if before else ""):
			message = _("{0} is set by the app alone, as requests and the QA Specialist say.")
			label = _(team.meta.get_label(field), context=TEAM)
			frappe.throw(message.format(label), frappe.PermissionError, title=_("Governed Group"))


def refuse_changes(team: Document, before: Document) -> None:
	was, is_now = members(before), members(team)
	if before.assignment_rule and team.assignment_rule != before.assignment_rule:
		refuse_team(CHANGE_GROUP, team.name)
	if has_other_values(team, before):
		refuse_team(CHANGE_GROUP, team.name)
	if was != is_now:
		refuse_team(REMOVE_MEMBERS if was - is_now else ADD_MEMBERS, team.name)


def has_other_values(document: Document, before: Document) -> bool:
	return any(plain(document, field) != plain(before, field) for field in own_fields(document))


def own_fields(document: Document) -> list[str]:
	"""Everything that a document holds in its own row, but what the host keeps for itself."""
	fields = (field.fieldname for field in document.meta.fields if not field.get("is_virtual"))
	stored = set(document.meta.get_valid_columns())
	return [field for field in fields if field in stored and field != "assignment_rule"]


def members(team: Document) -> set[str]:
	return {row.user for row in team.get("users") or [] if row.user}


def guard_member_row(row: Document) -> None:
	"""A row that is saved or deleted on its own.

	Raises: PermissionError
	"""
	if may_change(row):
		return
	stored = frappe.db.get_value(row.doctype, row.name, "parent") if row.name else None
	for team in filter(None, (stored, row.parent)):
		if is_governed(team):
			refuse_team(REMOVE_MEMBERS if stored else ADD_MEMBERS, team)


def guard_renaming(old: str, new: str) -> None:
	if may_change():
		return
	for team in (old, new):
		if is_governed(team):
			refuse_team(CHANGE_GROUP, team)


def guard_deletion(team: str) -> None:
	"""A governed group is never deleted, not by the QA Specialist either: it is retired.

	Raises: PermissionError
	"""
	if not at_work.is_the_app() and is_governed(team):
		refuse_team(RETIRE_GROUP, team)


def guard_document(document: Document, *, deleting: bool = False) -> None:
	"""A category or policy is made, changed or deleted.

	Raises: PermissionError
	"""
	# A change of state has passed its own check of who may do it, or a date has come.
	if at_work.is_the_app(document) or document.flags.ch_transition or not has_begun():
		return
	if not holds(QA_SPECIALIST) and (deleting or is_changed(document)):
		refuse(KIND_BY_DOCTYPE[document.doctype], is_changed_by_request(document.doctype))


def guard_activation(category: Document) -> None:
	"""Where governance has begun, a category becomes active by a request that the Customer Service Manager approved.

	Raises: PermissionError
	Policy: CORE-20
	"""
	before = category.get_doc_before_save()
	becomes_active = category.workflow_state == ACTIVE and (not before or before.workflow_state != ACTIVE)
	if becomes_active and has_begun() and not at_work.is_the_app(category):
		text = _(
			"A group category becomes active once the Customer Service Manager has approved its request."
		)
		refuse(NEW_CATEGORY, text, category_name=category.name)


def is_changed(document: Document) -> bool:
	before = document.get_doc_before_save()
	if not before or has_other_values(document, before):
		return True
	return governed_records.facts_of(document) != governed_records.facts_of(before)


def is_changed_by_request(doctype: str) -> str:
	return _("{0} changes by a request that the right people have seen.").format(_(doctype))


def is_by_request(team: str) -> str:
	return _("The group {0} is governed: it changes by a request that the right people have seen.").format(
		team
	)


def refuse_team(kind: str, team: str) -> None:
	refuse(kind, is_by_request(frappe.bold(escape_html(team))), team=team)


def refuse(kind: str, text: str, **given: str) -> None:
	"""Raises: PermissionError with the way on."""
	frappe.throw(f"{text} {way_on(kind, **given)}", frappe.PermissionError, title=_("Governed Group"))


def way_on(kind: str, **given: str) -> str:
	"""A link to the request, filled in as far as it can be; for who cannot make one, whom to ask."""
	if not frappe.has_permission(REQUEST, "create"):
		return _("Please ask the head of the department or a QA Specialist.")
	return f'<a href="{request_link(kind, **given)}">{_("Make the request: {0}").format(_(kind))}</a>'


def request_link(kind: str, **given: str) -> str:
	"""The form of a new Group Request, filled in."""
	return f"{get_url_to_form(REQUEST, 'new')}?{urlencode({'kind': kind, **given})}"
