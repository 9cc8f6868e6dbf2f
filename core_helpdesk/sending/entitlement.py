"""Whether a mail that was queued once is still its person's: one that is not goes to nobody.

Days may lie between a mail and the try that sends it, in which people leave, are renamed, or hand their office on.

Policy: CORE-13, TSM-12, TSM-13
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.escalations import people
from core_helpdesk.sending import catalogue, content, ledger, mails, offices

if TYPE_CHECKING:
	from collections.abc import Iterable
	from datetime import date

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
	"""Whether the mail of a delivery goes to where its recipient is reached now, they still are who was to get it, and they
	see as much as when it was made.

	Units: epoch seconds.
	Policy: CORE-13, TSM-12, TSM-13
	"""
	sent = catalogue.of(row.report)
	user = frappe.db.get_value("User", row.recipient, ["enabled", "email"], as_dict=True)
	if not (sent and user and user.enabled and mails.goes_to(row.email_queue, user.email)):
		return False
	today = config.from_epoch(now).date()
	_own, others = offices.changed(row.offices, row.recipient, today)
	is_reader = _has_capacity(row, today) and catalogue.may_read(sent, row.recipient)
	return not others and is_reader and content.sight_kept(row.name) == content.sight(row.recipient)


def _has_capacity(row: frappe._dict, today: date) -> bool:
	# Whoever gets it for an office was asked by that.
	found = None if row.offices else _all_of(row, today)
	return found is None or row.recipient in [person.user for person in found]


def _all_of(row: frappe._dict, today: date) -> Iterable[Recipient] | None:
	"""All who get the report of a delivery in its capacity without an office; None of a capacity that is an office."""
	if row.capacity == people.TSM:
		return people.tsm_members().people
	if row.capacity == people.QA_SPECIALIST:
		return people.qa_specialists()
	if row.capacity == catalogue.FURTHER:
		return catalogue.with_further(row.report, ())
	if row.capacity in (people.CUSTOMER_SERVICE_MANAGER, people.DEPUTY):
		# They stand in for a General Manager who is away.
		return people.general_manager(today).people
	return None
