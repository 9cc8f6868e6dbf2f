"""Notices on the host's own agent pages, where the host has them."""

from __future__ import annotations

import frappe

DOCTYPE = "HD Notification"
# The one type whose text is ours; the others are worded, and some mailed, by the host.
FREE_TEXT = "Reaction"


def notify(user: str, ticket: str, message: str) -> bool:
	"""Inserts a notice about a ticket for an agent; False where the host has none with a text of its own."""
	if not (frappe.db.exists("DocType", DOCTYPE) and frappe.get_meta(DOCTYPE).has_field("message")):
		return False
	notice = frappe.new_doc(DOCTYPE)
	notice.update(
		{
			"user_from": "Administrator",
			"user_to": user,
			"notification_type": FREE_TEXT,
			"reference_ticket": ticket,
			"message": message,
		}
	)
	notice.insert(ignore_permissions=True)  # written by a job, for an agent
	return True
