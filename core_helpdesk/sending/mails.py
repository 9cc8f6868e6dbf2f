"""A mail that was queued once: it goes out as that mail, by the same Message-ID, or not at all.

Policy: QA-12
"""

from __future__ import annotations

import re

import frappe

from core_helpdesk.domain.deliveries import DeliveryState
from core_helpdesk.mail.delivery import GIVEN_UP, QUEUE, why_given_up

UNDER_WAY = ("Sending", "Partially Sent", "Sent")
# What a mail server answers to a mail that it will never take, by the last line of the error.
REFUSED = re.compile(r"RecipientsRefused|(?<!\d)5[0-5]\d(?!\d)")
# These have such numbers too, and say that the account is not in order.
OF_ACCOUNT = re.compile(r"Authentication|SenderRefused")


def let_go(mail: str) -> DeliveryState | None:
	"""Puts a mail that the framework has given up back into its queue, and leaves any other as it is.

	Returns: how far it is then, queued or sent; None if it is not there any more.
	"""
	status = frappe.db.get_value(QUEUE, mail, "status", for_update=True) if mail else None
	if status in GIVEN_UP:
		frappe.db.set_value(QUEUE, mail, {"status": "Not Sent", "error": None, "retry": 0})
	if status == "Sent":
		return DeliveryState.SENT
	return DeliveryState.QUEUED if status else None


def hold(mail: str | None) -> bool:
	"""Keeps a mail that has not left from ever leaving; False if it has, or is about to."""
	status = frappe.db.get_value(QUEUE, mail, "status", for_update=True) if mail else None
	if status in UNDER_WAY:
		return False
	if status:
		# What has only expired, newer frameworks send all the same when they are told to, and a run that is about to send
		# it does not outlive that it is gone: it stays, to nobody.
		frappe.db.delete(f"{QUEUE} Recipient", {"parent": mail})
		frappe.db.set_value(QUEUE, mail, {"status": "Expired", "error": None})
	return True


def refusal_of(mail: str) -> str:
	"""Why the server will never take a mail that was given up; empty if another try may help."""
	found = frappe.db.get_value(QUEUE, mail, ["status", "error"], as_dict=True)
	why = why_given_up(found)
	return why if found is None or is_refusal(why) else ""


def is_refusal(why: str) -> bool:
	return bool(REFUSED.search(why)) and not OF_ACCOUNT.search(why)
