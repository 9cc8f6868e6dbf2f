"""HD Ticket: keeps tickets out of groups that take none, and lets the clock follow every change.

Handlers take only the ticket's name. Nothing that fails in them may cost the host its save, but a lost transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import cstr

from core_helpdesk import config
from core_helpdesk.escalations import sync
from core_helpdesk.escalations.transactions import ends_all
from core_helpdesk.hosts import ticket_guard

if TYPE_CHECKING:
	from frappe.model.document import Document

FOLLOWED = "ch_followed"


def before_validate(doc: Document, method: str | None = None) -> None:
	ticket_guard.keep_out(doc)


def validate(doc: Document, method: str | None = None) -> None:
	ticket_guard.keep_out(doc)


def on_update(doc: Document, method: str | None = None) -> None:
	follow(cstr(doc.name))
	doc.flags[FOLLOWED] = True


def on_change(doc: Document, method: str | None = None) -> None:
	"""Follows direct writes on the document; the call that ends a save has been answered by `on_update`."""
	if not doc.flags.pop(FOLLOWED, None):
		follow(cstr(doc.name))


def after_delete(doc: Document, method: str | None = None) -> None:
	follow(cstr(doc.name))


def follow(name: str) -> None:
	"""Brings the clock up to the ticket; a failure is logged and left to reconcile.

	Raises: what ended the transaction, since going on in it would lose the customer's ticket, or the job.
	"""
	try:
		if config.mode() != config.OFF:
			sync.sync(name, config.now_epoch())
	except Exception as error:
		if ends_all(error):
			raise
		frappe.log_error(title=f"Clock of ticket {name} not followed", message=frappe.get_traceback())
