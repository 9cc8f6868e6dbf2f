"""A mail that was queued once: it goes out as that mail, by the same Message-ID, or not at all.

Policy: QA-12
"""

from __future__ import annotations

import re

import frappe

from core_helpdesk import config
from core_helpdesk.domain.deliveries import DeliveryState
from core_helpdesk.escalations import machine_clock
from core_helpdesk.mail.delivery import GIVEN_UP, QUEUE, why_given_up

UNDER_WAY = ("Sending", "Partially Sent", "Sent")
RECIPIENT = "Email Queue Recipient"
# No job of the framework lives as long: whoever was sending is gone.
LONGEST_SENDING = 30 * 60
# The number of a server's answer in the last line of an error: as Python writes it, else one that stands by itself.
ANSWER = re.compile(r"\(([45]\d\d), b['\"]")
NUMBER = re.compile(r"(?<![\w.@:-])([45][0-5]\d)(?![\w.@:-])")
# Whatever its number, such an answer says that the account is not in order, or has sent too much for now;
OF_ACCOUNT = re.compile(r"SenderRefused|authenticat|\b(530|535|5\.4\.5|5\.7\.57)\b", re.IGNORECASE)
LIMIT = re.compile(r"limit|quota", re.IGNORECASE)
# but there are limits of what the reader's own server takes, too.
OF_READER = re.compile(r"\b5\.(2\.[23]|3\.4)\b|size|large|mailbox", re.IGNORECASE)


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
		frappe.db.delete(RECIPIENT, {"parent": mail})
		frappe.db.set_value(QUEUE, mail, {"status": "Expired", "error": None})
	return True


def waits(mail: str | None) -> bool:
	"""Whether a mail is there that nobody has got: what went wrong with one may have done so after it had left."""
	states = _recipients(mail, "status") if mail else []
	return bool(states) and "Sent" not in states


def goes_to(mail: str, address: str | None) -> bool:
	"""Whether a mail names this address and no other."""
	return {found.lower() for found in _recipients(mail, "recipient")} == {(address or "").lower()}


def _recipients(mail: str, column: str) -> list[str]:
	# As last committed: whoever sends a mail writes down each of them at once.
	return frappe.db.get_values(RECIPIENT, {"parent": mail}, column, for_update=True, pluck=True)


def is_halted(mail: frappe._dict, now: int) -> bool:
	"""Whether whoever was sending a mail must have been killed; not every framework looks for such mails itself.

	Units: epoch seconds.
	"""
	is_old = mail.status == "Sending" and now - config.to_epoch(mail.modified) >= LONGEST_SENDING
	return is_old and machine_clock.is_right(now)


def go_on(mail: str, now: int) -> bool:
	"""Puts a mail that has come to a halt back into the framework's queue, unless it had left; True if it had.

	Units: epoch seconds.
	Policy: QA-12
	"""
	found = frappe.db.get_value(QUEUE, mail, ["status", "modified"], as_dict=True, for_update=True)
	if found is None or not is_halted(found, now):
		return bool(found) and found.status == "Sent"
	has_left = set(_recipients(mail, "status")) == {"Sent"}
	frappe.db.set_value(QUEUE, mail, "status", "Sent" if has_left else "Not Sent")
	return has_left


def refusal_of(mail: str) -> str:
	"""Why the server will never take a mail that was given up; empty if another try may help."""
	found = frappe.db.get_value(QUEUE, mail, ["status", "error"], as_dict=True)
	why = why_given_up(found)
	return why if found is None or is_refusal(why) else ""


def is_refusal(why: str) -> bool:
	"""Whether an error says that a server will never take the mail: by the number of its answer, where there is one."""
	if OF_ACCOUNT.search(why):
		return False
	answer = ANSWER.search(why) or NUMBER.search(why)
	if answer is None:
		return "RecipientsRefused" in why
	# What stands before it are addresses.
	words = why[answer.end() :]
	has_sent_too_much = LIMIT.search(words) and not OF_READER.search(words)
	return answer[1].startswith("5") and not has_sent_too_much
