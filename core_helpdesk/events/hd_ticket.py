"""HD Ticket: keeps tickets out of groups that take none and on tracing's routes, and lets case and clock follow every
change.

Handlers take only the ticket's name. Nothing that fails in them may cost the host its save, but a lost transaction.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import frappe
from frappe.utils import cstr

from core_helpdesk import config
from core_helpdesk.escalations import sync
from core_helpdesk.escalations.transactions import ends_all
from core_helpdesk.hosts import ticket_guard
from core_helpdesk.tracing import following, ticket_gate
from core_helpdesk.tracing import rules as tracing_rules

if TYPE_CHECKING:
	from frappe.model.document import Document

FOLLOWED = "ch_followed"


def before_validate(doc: Document, method: str | None = None) -> None:
	ticket_guard.keep_out(doc)
	ticket_gate.guard(doc)


def validate(doc: Document, method: str | None = None) -> None:
	ticket_guard.keep_out(doc)
	ticket_gate.guard_again(doc)


def on_update(doc: Document, method: str | None = None) -> None:
	follow_all(doc)
	doc.flags[FOLLOWED] = True


def on_change(doc: Document, method: str | None = None) -> None:
	"""Follows direct writes on the document; the call that ends a save has been answered by `on_update`."""
	if not doc.flags.pop(FOLLOWED, None):
		follow_all(doc)


def after_delete(doc: Document, method: str | None = None) -> None:
	trace(cstr(doc.name))
	follow(cstr(doc.name))


def follow_all(doc: Document) -> None:
	"""The case first: in the order of locks it comes before the clocks."""
	name = cstr(doc.name)
	if is_traced(doc):
		trace(name, doc)
	follow(name)


def is_traced(doc: Document) -> bool:
	try:
		return following.concerns(doc)
	except Exception as error:
		left_to_reconcile(error, f"Case of ticket {doc.name} not looked for")
		return False


def trace(name: str, doc: Document | None = None) -> None:
	"""Brings the tracing case up to the ticket, as `follow` does the clock."""
	try:
		if doc or tracing_rules.is_on():
			how = partial(following.came, doc) if doc else following.Came
			following.follow(name, config.now_epoch(), how)
	except Exception as error:
		left_to_reconcile(error, f"Case of ticket {name} not followed")


def follow(name: str) -> None:
	"""Brings the clock up to the ticket; a failure is logged and left to reconcile.

	Raises: what ended the transaction, since going on in it would lose the customer's ticket, or the job.
	"""
	try:
		if config.mode() != config.OFF:
			sync.sync(name, config.now_epoch())
	except Exception as error:
		left_to_reconcile(error, f"Clock of ticket {name} not followed")


def left_to_reconcile(error: Exception, title: str) -> None:
	if ends_all(error):
		raise error
	frappe.log_error(title=title, message=frappe.get_traceback())
