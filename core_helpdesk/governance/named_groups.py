"""Groups that documents of ours name: they are not deleted, and are told so before the host takes their rule away."""

from __future__ import annotations

import frappe
from frappe import _

from core_helpdesk import at_work

NAMING = (
	("Group Request", "team"),
	("Group Request", "result_team"),
	("Group Request Source", "team"),
	("Group Suggestion", "team"),
	("Change Notice", "team"),
	("Parity Deviation", "team"),
	("Escalation Policy", "team"),
)


def guard_deletion(team: str) -> None:
	"""The framework would refuse too, but only after the host has deleted the group's rule and committed.

	Raises: LinkExistsError
	Policy: CORE-02
	"""
	if at_work.is_the_app():
		return
	for doctype, field in NAMING:
		if frappe.db.exists(doctype, {field: team}):
			message = _(
				"The group {0} is named by a {1} and cannot be deleted: ask for its retirement instead."
			)
			frappe.throw(
				message.format(team, _(doctype)), frappe.LinkExistsError, title=_("Group Not Deleted")
			)
