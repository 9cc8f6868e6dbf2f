"""Whether a mail that was queued once is still its person's: one that is not goes to nobody.

Days may lie between a mail and the try that sends it, in which people leave, are renamed, or hand their office on.

Policy: CORE-13, TSM-12, TSM-13
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.escalations import people
from core_helpdesk.sending import catalogue, ledger, mails, offices

if TYPE_CHECKING:
	from collections.abc import Iterable

	from core_helpdesk.escalations.people import Recipient


def take_back(row: frappe._dict, now: int) -> bool:
	"""Holds the mail of a locked delivery that is not its person's any more; the delivery then has none.

	Returns: False, and everything as it was, for one that is theirs, is gone, has left or is about to.
	Units: epoch seconds.
	Policy: CORE-13, TSM-13
	"""
	if not mails.waits(row.email_queue) or is_theirs(row, now) or not mails.hold(row.email_queue):
		return False
	frappe.db.set_value(ledger.DELIVERY, row.name, "email_queue", None)
	row.email_queue = None
	return True


def is_theirs(row: frappe._dict, now: int) -> bool:
	"""Whether the mail of a delivery goes to where its recipient is reached now, and they still are who was to get it.

	Units: epoch seconds.
	Policy: CORE-13, TSM-12, TSM-13
	"""
	sent = catalogue.of(row.report)
	user = frappe.db.get_value("User", row.recipient, ["enabled", "email"], as_dict=True)
	if not (sent and user and user.enabled and mails.goes_to(row.email_queue, user.email)):
		return False
	_own, others = offices.changed(row.offices, row.recipient, config.from_epoch(now).date())
	return not others and _has_capacity(row) and catalogue.may_read(sent, row.recipient)


def _has_capacity(row: frappe._dict) -> bool:
	# Whoever gets it for an office was asked by that.
	found = None if row.offices else _all_of(row.capacity, row.report)
	return found is None or row.recipient in [person.user for person in found]


def _all_of(capacity: str, report: str) -> Iterable[Recipient] | None:
	"""All who get a report in a capacity; None of one that is no more than an office."""
	if capacity == people.TSM:
		return people.tsm_members().people
	if capacity == people.QA_SPECIALIST:
		return people.qa_specialists()
	return catalogue.with_further(report, ()) if capacity == catalogue.FURTHER else None
