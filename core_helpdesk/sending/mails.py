"""A mail that was queued once: it goes out as that mail, by the same Message-ID, or not at all.

Policy: QA-12
"""

from __future__ import annotations

import re

import frappe
from frappe import _
from frappe.email.doctype.email_queue.email_queue import get_email_retry_limit

from core_helpdesk import config
from core_helpdesk.domain.deliveries import DeliveryState
from core_helpdesk.escalations import machine_clock
from core_helpdesk.mail.delivery import GIVEN_UP, QUEUE, why_given_up
from core_helpdesk.stored_text import as_text

LEAVING = ("Sending", "Sent")
RECIPIENT, ACCOUNT = "Email Queue Recipient", "Email Account"
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
	if status in LEAVING or (status == "Partially Sent" and not waits(mail)):
		return False
	if status:
		# What has only expired, newer frameworks send all the same when they are told to, and a run that is about to send
		# it does not outlive that it is gone: it stays, to nobody.
		frappe.db.delete(RECIPIENT, {"parent": mail})
		frappe.db.set_value(QUEUE, mail, {"status": "Expired", "error": None})
	return True


def waits(mail: str | None) -> bool:
	"""Whether a mail is there that its reader has not got: what went wrong may have done so after it had left."""
	states = [row.status for row in _readers(mail)] if mail else []
	return bool(states) and "Sent" not in states


def goes_to(mail: str, address: str | None) -> bool:
	"""Whether a mail is for who reads at this address, and for nobody else."""
	return {row.recipient.lower() for row in _readers(mail)} == {(address or "").lower()}


def _readers(mail: str) -> list[frappe._dict]:
	"""The recipients of a mail, less the address at which newer frameworks keep a copy of all that an account sends."""
	# As last committed, and locked in the order in which the framework does: it writes down each that has left at once.
	account = frappe.db.get_value(QUEUE, mail, "email_account", for_update=True)
	columns = ["recipient", "status"]
	rows = frappe.db.get_values(RECIPIENT, {"parent": mail}, columns, as_dict=True, for_update=True)
	if len(rows) < 2 or not account or not frappe.get_meta(ACCOUNT).has_field("always_bcc"):
		return rows
	copied = (frappe.db.get_value(ACCOUNT, account, "always_bcc") or "").lower()
	return [row for row in rows if row.recipient.lower() != copied]


def is_halted(mail: frappe._dict, now: int) -> bool:
	"""Whether whoever was sending a mail must have been killed; not every framework looks for such mails itself.

	Units: epoch seconds.
	"""
	is_old = mail.status == "Sending" and now - config.to_epoch(mail.modified) >= LONGEST_SENDING
	return is_old and machine_clock.is_right(now)


def go_on(mail: str, now: int, *, may_go: bool) -> bool:
	"""Puts a mail that has come to a halt back into the framework's queue, unless it had left; True if it had.

	One that may not go, or has come to a halt as often as a mail is tried, counts as given up.
	Units: epoch seconds.
	Policy: QA-12
	"""
	found = frappe.db.get_value(QUEUE, mail, ["status", "modified", "retry"], as_dict=True, for_update=True)
	if found is None or not is_halted(found, now):
		return bool(found) and found.status == "Sent"
	if "Sent" in [row.status for row in _readers(mail)]:
		frappe.db.set_value(QUEUE, mail, "status", "Sent")
		return True
	tries = (found.retry or 0) + 1
	again, stopped = {"status": "Not Sent"}, as_text(_("The worker that sent this mail was stopped."))
	if not may_go or tries >= get_email_retry_limit():
		again = {"status": "Error", "error": stopped}
	frappe.db.set_value(QUEUE, mail, {**again, "retry": tries})
	return False


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
