"""A hidden group stays what it is: hidden, under its name, its assignment rule at rest.

Policy: TSM-12
"""

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk.hosts import hd_team
from core_helpdesk.setup import roles


def validate(doc: Document, method: str | None = None) -> None:
	before = doc.get_doc_before_save()
	was_hidden, is_hidden = bool(before and before.get("ch_hidden")), bool(doc.get("ch_hidden"))
	if was_hidden:
		keep_name(doc, before)
	if was_hidden != is_hidden and not is_setup(doc):
		refuse_change(doc, was_hidden)


def is_setup(doc: Document) -> bool:
	return bool(doc.flags.ch_setup or frappe.flags.in_install or frappe.flags.in_uninstall)


def keep_name(doc: Document, before: Document) -> None:
	if doc.team_name != before.team_name:
		refuse(_("The hidden group {0} cannot be renamed."), doc.name)


def refuse_change(doc: Document, was_hidden: bool) -> None:
	if was_hidden:
		refuse(_("The group {0} is hidden and stays hidden."), doc.name)
	refuse(_("The group {0} cannot be hidden: there is one hidden group, and setup makes it."), doc.name)


def refuse(message: str, team: str) -> None:
	frappe.throw(message.format(frappe.bold(team)), title=_("Hidden Group"))


def on_update(doc: Document, method: str | None = None) -> None:
	if not doc.get("ch_hidden"):
		return
	# The host switches the rule on whenever members are added.
	hd_team.rest_rule(doc.assignment_rule)
	roles.grant_and_say(roles.TSM_AGENT, [row.user for row in doc.users])


def before_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	for team in (old, new):
		if hd_team.is_hidden(team):
			refuse(_("The hidden group {0} cannot be renamed, nor another group merged into it."), team)


def on_trash(doc: Document, method: str | None = None) -> None:
	if doc.get("ch_hidden") and not frappe.flags.in_uninstall:
		refuse(_("The hidden group {0} cannot be deleted."), doc.name)
