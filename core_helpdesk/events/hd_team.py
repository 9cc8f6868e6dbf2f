"""A hidden group stays what it is: hidden, under its name, its rule at rest; and who may say what governs any group.

Policy: TSM-12, CORE-02, CORE-11
"""

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk import at_work, child_row, config, permissions
from core_helpdesk.escalations import mended
from core_helpdesk.governance import (
	governed,
	governed_records,
	governed_rules,
	group_data,
	group_roll,
	known_names,
	merging,
	moved_groups,
	past_changes,
)
from core_helpdesk.hosts import hd_team
from core_helpdesk.setup import groups, roles
from core_helpdesk.setup.group_values import START
from core_helpdesk.stored_text import keep_as_text
from core_helpdesk.tracing import group_marks

WRITTEN = ("ch_purpose", "ch_process")
GIVEN = ("ch_category", "ch_department", "ch_country", "ch_calendar", "ch_tracing")


def before_insert(doc: Document, method: str | None = None) -> None:
	child_row.refuse_others_rows(doc)


def after_insert(doc: Document, method: str | None = None) -> None:
	group_roll.joined(doc.name)
	group_data.report_made(doc)


def before_validate(doc: Document, method: str | None = None) -> None:
	"""Not `validate`: a caller may switch that off."""
	child_row.refuse_others_rows(doc)
	keep_texts(doc)
	governed.guard_team(doc)
	past_changes.look_before(doc)


def keep_texts(doc: Document) -> None:
	"""What stands there already is no change of whoever saves the group for another reason."""
	before = doc.get_doc_before_save()
	written = [field for field in WRITTEN if not before or doc.get(field) != before.get(field)]
	if written:
		keep_as_text(doc, written)


def validate(doc: Document, method: str | None = None) -> None:
	before = doc.get_doc_before_save()
	was_hidden, is_hidden = bool(before and before.get("ch_hidden")), bool(doc.get("ch_hidden"))
	if was_hidden:
		keep_name(doc, before)
	if is_setup(doc):
		return
	if was_hidden != is_hidden:
		refuse_change(doc, was_hidden)
	keep_governed(doc, before)


def is_setup(doc: Document) -> bool:
	return bool(doc.flags.ch_setup or frappe.flags.in_install or frappe.flags.in_uninstall)


def keep_name(doc: Document, before: Document) -> None:
	if doc.team_name != before.team_name:
		refuse(_("The hidden group {0} cannot be renamed."), doc.name)


def refuse_change(doc: Document, was_hidden: bool) -> None:
	if was_hidden:
		refuse(_("The group {0} is hidden and stays hidden."), doc.name)
	refuse(_("The group {0} cannot be hidden: there is one hidden group, and setup makes it."), doc.name)


def keep_governed(doc: Document, before: Document | None) -> None:
	"""What decides on the clocks of a group is said by those who answer for all groups, also past the grid and the import.

	Raises: PermissionError that says whom to ask.
	Policy: CORE-02, CORE-11
	"""
	if at_work.is_the_app(doc):
		return
	if is_changed(doc, before, START) and roles.QA_SPECIALIST not in frappe.get_roles():
		message = _("Only a QA Specialist may change this on a group: {0}. Please ask one.")
		not_permitted(message.format(labels(doc, [START])))
	given = [field for field in GIVEN if is_changed(doc, before, field)]
	if given and not groups.may_change():
		message = _(
			"Only a QA Specialist or a System Manager may change this on a group: {0}. Please ask one."
		)
		not_permitted(message.format(labels(doc, given)))


def is_changed(doc: Document, before: Document | None, field: str) -> bool:
	if not before:
		return bool(doc.get(field))
	return bool(doc.get(field) or before.get(field)) and doc.has_value_changed(field)


def labels(doc: Document, fields: list[str]) -> str:
	return ", ".join(_(doc.meta.get_label(field), context=doc.doctype) for field in fields)


def not_permitted(message: str) -> None:
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


def refuse(message: str, team: str) -> None:
	frappe.throw(message.format(frappe.bold(team)), title=_("Hidden Group"))


def on_update(doc: Document, method: str | None = None) -> None:
	doc.clear_cache()
	group_marks.follow(doc)
	governed_records.take_again(doc)
	group_data.report_direct_change(doc)
	moved_groups.follow(doc)
	mended.close_mended_of(doc.name, config.now_epoch())
	if not doc.get("ch_hidden"):
		return
	# The host switches the rule on whenever members are added.
	hd_team.rest_rule(doc.assignment_rule)
	# Whoever may change the group may let its members work; a save past permissions gives nobody a role.
	if is_setup(doc) or permissions.sees_hidden(doc.name, frappe.session.user):
		roles.grant_and_say(roles.TSM_AGENT, [row.user for row in doc.users])


def before_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	governed.guard_renaming(old, new)
	merging.guard(doc.doctype, old, merge=merge)
	past_changes.look_before(doc)
	for team in (old, new):
		if hd_team.is_hidden(team):
			refuse(_("The hidden group {0} cannot be renamed, nor another group merged into it."), team)


def after_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	group_marks.forget()
	# A group that is merged into another is deleted next, and forgotten then.
	if not merge:
		governed_records.renamed(doc.doctype, old, new)
	known_names.follow(doc.doctype, old, new, merge)
	group_data.report_renamed(old, new, merge=merge)
	# The host has written the new name into the rule's condition.
	governed_rules.take_again_of(new)


def on_trash(doc: Document, method: str | None = None) -> None:
	if doc.get("ch_hidden") and not frappe.flags.in_uninstall:
		refuse(_("The hidden group {0} cannot be deleted."), doc.name)
	governed.guard_deletion(doc.name)
	group_marks.forget()
	group_roll.left(doc.name)
	group_data.report_deleted(doc)
