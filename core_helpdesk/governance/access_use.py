"""When somebody last changed what control is about: by the documents themselves, their versions and decided requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.query_builder.functions import Max
from frappe.utils import get_datetime

from core_helpdesk.governance import access_objects as objects
from core_helpdesk.hosts import hd_team
from core_helpdesk.setup import workflows as flow

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator
	from datetime import datetime

Used = dict[tuple[str, str], "datetime"]
DECIDED = (
	flow.NEEDS_INFORMATION,
	flow.MANAGER_APPROVAL,
	flow.APPROVED,
	flow.IMPLEMENTED,
	flow.REJECTED,
)
# What somebody writes about themselves is no use of control over others.
ABOUT_PEOPLE = ("User", "Role", "Role Profile", "Custom DocPerm")
DOCTYPES = {
	objects.GROUPS: (hd_team.TEAM,),
	objects.CATEGORIES: ("Group Category",),
	objects.POLICIES: ("Escalation Policy",),
	objects.CALENDARS: ("Working Calendar",),
	objects.SETTINGS: ("Core Helpdesk Settings",),
	objects.RIGHTS: ABOUT_PEOPLE,
}


def last_used() -> Used:
	"""The last change by each person, by what they changed and who they are."""
	found: Used = {}
	for what, doctypes in DOCTYPES.items():
		for user, moment in _changes(what, doctypes):
			_keep(found, (what, user), moment)
	for what, user, moment in (*_decisions(), *_memberships()):
		_keep(found, (what, user), moment)
	return found


def _keep(found: Used, key: tuple[str, str], moment: object) -> None:
	at = get_datetime(moment) if moment else None
	if key[1] and at and (key not in found or found[key] < at):
		found[key] = at


def _changes(what: str, doctypes: Iterable[str]) -> Iterator[tuple[str, object]]:
	yield from _versions(doctypes)
	for doctype in doctypes:
		if doctype == "User":
			continue  # a sign-in or a new password writes the row, too
		if frappe.get_meta(doctype).issingle:
			stored = frappe.db.get_singles_dict(doctype)
			yield stored.get("modified_by") or "", stored.get("modified")
		else:
			hidden = hd_team.hidden_teams() if what == objects.GROUPS else ()
			yield from _rows(doctype, hidden)


def _versions(doctypes: Iterable[str]) -> list[tuple[str, object]]:
	version = frappe.qb.DocType("Version")
	query = (
		frappe.qb.from_(version)
		.select(version.owner, Max(version.creation))
		.where(version.ref_doctype.isin(list(doctypes)) & (version.docname != version.owner))
		.groupby(version.owner)
	)
	hidden = hd_team.hidden_teams()
	if hidden:
		query = query.where(version.docname.notin(hidden))
	return list(query.run())


def _rows(doctype: str, left_out: tuple[str, ...]) -> Iterator[tuple[str, object]]:
	"""Who made a document, and who changed it last."""
	table = frappe.qb.DocType(doctype)
	for person, moment in ((table.owner, table.creation), (table.modified_by, table.modified)):
		query = frappe.qb.from_(table).select(person, Max(moment)).groupby(person)
		yield from (query.where(table.name.notin(left_out)) if left_out else query).run()


def _decisions() -> Iterator[tuple[str, str, object]]:
	row = frappe.qb.DocType("Group Request State")
	query = (
		frappe.qb.from_(row)
		.select(row.by, Max(row.entered_at))
		.where((row.parenttype == "Group Request") & row.state.isin(DECIDED))
		.groupby(row.by)
	)
	for user, moment in query.run():
		yield objects.DECISIONS, user, moment


def _memberships() -> Iterator[tuple[str, str, object]]:
	"""Changes to a hidden group: its own row, its versions, and the notes that the app leaves on it."""
	hidden = hd_team.hidden_teams()
	if not hidden:
		return
	version, note = frappe.qb.DocType("Version"), frappe.qb.DocType("Comment")
	queries = (
		frappe.qb.from_(version)
		.select(version.owner, Max(version.creation))
		.where((version.ref_doctype == hd_team.TEAM) & version.docname.isin(hidden))
		.groupby(version.owner),
		frappe.qb.from_(note)
		.select(note.owner, Max(note.creation))
		.where(
			(note.reference_doctype == hd_team.TEAM)
			& note.reference_name.isin(hidden)
			& (note.comment_type == "Info")
		)
		.groupby(note.owner),
	)
	for query in queries:
		for user, moment in query.run():
			yield objects.HIDDEN_GROUP, user, moment
