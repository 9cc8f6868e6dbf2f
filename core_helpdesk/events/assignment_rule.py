"""The assignment rule of a hidden group never assigns anybody, and is not deleted; that of a governed one is governed.

Policy: TSM-12, CORE-10
"""

import json

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk.events import hd_team as hd_team_events
from core_helpdesk.governance import governed, governed_rules, named_groups
from core_helpdesk.hosts import hd_team


def before_validate(doc: Document, method: str | None = None) -> None:
	"""Some hosts write a condition that they refuse themselves when a group is renamed: this mends it first.

	Raises: PermissionError for who may not change the rule of a governed group.
	"""
	team = frappe.db.get_value("HD Team", {"assignment_rule": doc.name})
	if team and not is_json(doc.get("assign_condition_json")):
		condition = [["status", "==", "Open"], "and", ["agent_group", "==", team]]
		doc.assign_condition_json = json.dumps(condition, ensure_ascii=False)
	governed_rules.guard(doc)


def is_json(text: str | None) -> bool:
	try:
		json.loads(text or "null")
	except ValueError:
		return False
	return True


def validate(doc: Document, method: str | None = None) -> None:
	if doc.disabled or not serves_hidden_team(doc):
		return
	# Not thrown: the host itself switches it on when a member is added.
	doc.disabled = 1
	frappe.msgprint(_("This rule belongs to a hidden group and stays off."), alert=True, indicator="orange")


def serves_hidden_team(doc: Document) -> bool:
	"""True if the rule is a hidden group's own, or names such a group in its condition."""
	if doc.document_type != "HD Ticket":
		return False
	if doc.name in hd_team.hidden_rules():
		return True
	return any(f"'{team}'" in (doc.assign_condition or "") for team in hd_team.hidden_teams())


def on_update(doc: Document, method: str | None = None) -> None:
	governed_rules.take_again(doc)


def after_delete(doc: Document, method: str | None = None) -> None:
	"""Deleting a group deletes its rule and commits: refusing here keeps both, Administrator included."""
	if frappe.flags.in_uninstall:
		return
	team = frappe.db.get_value("HD Team", {"assignment_rule": doc.name, "ch_hidden": 1})
	if team:
		hd_team_events.refuse(_("The hidden group {0} and its assignment rule cannot be deleted."), team)
	governed_team = frappe.db.get_value("HD Team", {"assignment_rule": doc.name})
	if governed_team:
		governed.guard_deletion(governed_team)
		named_groups.guard_deletion(governed_team)
