"""A host's own escalation rule must not lead where no tickets are taken (hosts up to 1.14 run it on every save)."""

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk.hosts import group_stages, hd_team


def validate(doc: Document, method: str | None = None) -> None:
	"""One that is switched off may name a retired group, or it could not be switched off.

	Policy: TSM-12, CORE-08
	"""
	door = hd_team.door(doc.get("to_team"))
	if door.stage and doc.get("is_enabled"):
		group_stages.refuse(doc.to_team, door.stage)
	if door.is_hidden:
		message = _("An escalation rule cannot assign tickets to the group {0}.")
		frappe.throw(message.format(frappe.bold(doc.to_team)), title=_("Group Not Available"))
