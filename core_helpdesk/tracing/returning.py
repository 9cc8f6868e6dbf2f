"""What is wrong with a case's data goes back to who entered it, with all of it listed in their language.

That is who passed the ticket on to tracing, else the member of staff who made it, else who last wrote on the case.
Policy: TRC-06, TRC-07
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import get_fullname

from core_helpdesk.escalations.case import invalid, must_say
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.mail import data_letters
from core_helpdesk.shown import listed
from core_helpdesk.tracing import case_data, paperwork, records, rights, work

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from frappe.model.document import Document

# How many changes of a case are looked through for who wrote on it.
LATELY = 50


def give_back(case: Document, reason: str, now: int) -> None:
	"""Returns the data to who entered it, with a reason; the customer is not asked.

	Raises: PermissionError, ValidationError where the case is closed, or nobody else of the staff entered it.
	Policy: TRC-06, TRC-07
	"""
	rights.must_work(case, frappe.session.user)
	if case.status == records.CLOSED:
		invalid(_("This case is closed."))
	reason = must_say(reason, _("Reason"))
	sender = get_fullname(frappe.session.user)
	person = tell(case, lambda: _("{0} returned it to you: {1}").format(sender, reason))
	if not person:
		invalid(_("Nobody else of the staff entered this data: please ask the customer."))
	what = f"{get_fullname(person)}: {reason}"
	work.note(case, "Returned to Who Entered It", what, now)
	records.save(case)


def tell(case: Document, lead: Callable[[], str]) -> str:
	"""Tells who entered the data what is wrong with it; returns them, empty where there is nobody to tell.

	`lead` says in the present language why they hear of it.
	"""
	person = who_entered(case)
	if person:
		data_letters.tell(case, person, lead, lambda: wrong(case))
	return person


def who_entered(case: Document) -> str:
	"""The member of staff other than the present user from whom the data came; empty where there is none."""
	me = frappe.session.user
	return next((user for user in _came_from(case) if user and user != me and _is_at_work(user)), "")


def wrong(case: Document) -> list[str]:
	"""All that is missing or wrong, papers included, in the present language."""
	said = [fault["text"] for fault in case_data.in_words(case)]
	names = paperwork.names(case)
	papers = [names[paper] for paper in paperwork.missing(case)]
	if papers:
		said.append(_("Required documents have not been received: {0}.").format(listed(papers)))
	return said


def _came_from(case: Document) -> Iterator[str]:
	yield (case.legs[0].passed_by or "") if case.legs else ""
	yield hd_ticket.made_by(case.ticket)
	yield from _wrote(case)


def _wrote(case: Document) -> Iterator[str]:
	"""Who changed what people write on the case, the last one first."""
	written = {field.fieldname for field in case.meta.fields if not field.read_only}
	of_case = {"ref_doctype": records.DOCTYPE, "docname": case.name}
	for version in frappe.get_all(
		"Version", of_case, ["owner", "data"], order_by="creation desc", limit=LATELY
	):
		changed = frappe.parse_json(version.data or "{}").get("changed") or ()
		if written.intersection(field for field, *_values in changed):
			yield version.owner


def _is_at_work(user: str) -> bool:
	"""No customer, no machine, and nobody who cannot sign in any more."""
	if user in frappe.STANDARD_USERS:
		return False
	return bool(frappe.db.exists("User", {"name": user, "enabled": 1, "user_type": "System User"}))
