"""A ticket's status on the host: set for people whom the app has asked before, and put back in a save under way.

Host statuses are chosen by what they mean; only "Closed" is fixed on every host.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import frappe

from core_helpdesk.domain.clock import TicketState
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.hosts.as_agent import as_agent
from core_helpdesk.hosts.tsm_guard import chosen_by_a_person

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

CLOSED, OPEN = "Closed", "Open"
SETTINGS = "HD Settings"
CALLED = re.compile(r"/api(?:/v\d+)?/method/([^/]+)/?")
API = "helpdesk.helpdesk.doctype.hd_ticket.api"
MERGE, SPLIT = f"{API}.merge_ticket", f"{API}.split_ticket"
# What the host works out of a status while it saves, and what a customer sends along with one.
FOLLOW_STATUS = (
	"status",
	"status_category",
	"first_responded_on",
	"first_response_time",
	"response_by",
	"resolution_by",
	"resolution_date",
	"resolution_time",
	"user_resolution_time",
	"resolution_failed_by",
	"first_response_failed_by",
	"resolution_details",
	"on_hold_since",
	"total_hold_time",
	"agreement_status",
	"feedback",
	"feedback_rating",
	"feedback_extra",
)
MERGED = ("is_merged", "merged_with")


def state_before(ticket: Document) -> TicketState:
	"""What the stored ticket is while it is being saved."""
	return hd_ticket.state_of((ticket.get_doc_before_save() or {}).get("status"))


def is_closing(ticket: Document) -> bool:
	"""True in the save that takes a ticket from open or waiting to resolved or closed."""
	before = ticket.get_doc_before_save()
	# Statuses first: nearly every save ends here, and asks the database nothing.
	if not before or before.get("status") == ticket.get("status"):
		return False
	is_resolved = hd_ticket.state_of(ticket.get("status")) is TicketState.RESOLVED
	return is_resolved and state_before(ticket) is not TicketState.RESOLVED


def put_back(ticket: Document) -> None:
	"""Undoes a change of status in the save that is under way, with all that the host has made of it by then."""
	_restore(ticket, FOLLOW_STATUS)
	# The host has just chosen a service level, which may ask for the status.
	if callable(getattr(ticket, "set_sla", None)):
		ticket.set_sla()


def put_merge_back(ticket: Document) -> None:
	"""Undoes what says that a ticket was merged, where the host did not merge it."""
	_restore(ticket, MERGED)


def _restore(ticket: Document, fields: tuple[str, ...]) -> None:
	before = ticket.get_doc_before_save()
	for field in fields:
		if ticket.meta.has_field(field):
			ticket.set(field, before.get(field))


def says_merged(ticket: Document) -> bool:
	"""True in the save after which a ticket counts as merged, and did not before."""
	before = ticket.get_doc_before_save()
	return bool(before and ticket.get("is_merged")) and not before.get("is_merged")


def is_host_merging() -> bool:
	"""True while the host's own merge is what was called, and where no person chose anything."""
	return is_called(MERGE)


def is_host_splitting() -> bool:
	"""The same for the host's own split: that a ticket is part of another one, anybody can say."""
	return is_called(SPLIT)


def is_called(method: str) -> bool:
	if not chosen_by_a_person():
		return True
	request = getattr(frappe.local, "request", None)
	if not request:
		return False
	named, addressed = frappe.form_dict.get("cmd"), CALLED.fullmatch(request.path)
	# A name in the form is called before the one in the address, as long as the framework looks for one there.
	if not addressed:
		return named == method and not request.path.startswith("/api/")
	return addressed[1] == method and named in (None, "", method)


def is_set_by_reply(ticket: Document) -> bool:
	"""True if the host is set to give a ticket this status whenever an agent answers: nobody chose to close it then."""
	if not frappe.get_meta(SETTINGS).has_field("update_status_to"):
		return False
	is_on, status = frappe.db.get_value(SETTINGS, SETTINGS, ["auto_update_status", "update_status_to"])
	return bool(int(is_on or 0)) and ticket.get("status") == status


def close(name: str) -> None:
	"""Closes a ticket for a person whom the app has asked before; the gate lets it pass."""
	_write(name, lambda ticket: CLOSED)


def reopen(name: str) -> None:
	"""Opens a resolved ticket again, as a customer's answer would."""
	_write(name, lambda ticket: getattr(ticket, "ticket_reopen_status", None) or OPEN)


def _write(name: str, chosen: Callable[[Document], str]) -> None:
	ticket = frappe.get_doc(hd_ticket.DOCTYPE, name)
	ticket.status = chosen(ticket)
	ticket.flags.ch_engine = True
	with as_agent():
		ticket.save(ignore_permissions=True)
