"""A host's own escalation rule must not lead into a hidden group (hosts up to 1.14 run it on every save)."""

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk.hosts import hd_team


def validate(doc: Document, method: str | None = None) -> None:
	"""Policy: TSM-12"""
	if hd_team.is_hidden(doc.get("to_team")):
		message = _("An escalation rule cannot assign tickets to the group {0}.")
		frappe.throw(message.format(frappe.bold(doc.to_team)), title=_("Group Not Available"))
