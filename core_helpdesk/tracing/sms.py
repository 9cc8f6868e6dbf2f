"""SMS to customers: by the framework's own gateway, in a job of their own, and only where the site has one.

The gateway is asked over the network, which no save and no answer is to wait for.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import frappe
from frappe.core.doctype.sms_settings.sms_settings import send_sms

from core_helpdesk import config

SETTINGS, LOG = "SMS Settings", "SMS Log"
JOB = "core_helpdesk.tracing.sms.send"


def queue(mobile: str, text: str) -> bool:
	"""Lets a job send the text once this transaction is committed; returns whether it will."""
	if not (mobile and text and is_possible()):
		return False
	frappe.db.after_commit.add(partial(_enqueue, mobile, text))
	return True


def _enqueue(mobile: str, text: str) -> None:
	# What is committed stands, whether or not a job can be queued.
	with suppress(Exception):
		frappe.enqueue(JOB, queue="short", mobile=mobile, text=text)


def is_possible() -> bool:
	return bool(frappe.db.get_single_value(SETTINGS, "sms_gateway_url"))


def send(mobile: str, text: str) -> bool:
	"""Sends one SMS, unless the site has stopped telling customers meanwhile; returns whether it was sent."""
	if config.stored_mode() != config.LIVE or not is_possible():
		return False
	try:
		send_sms([mobile], text, success_msg=False)
	except (ImportError, frappe.DoesNotExistError):
		# Frappe 15 notes what it has sent in a doctype that another app brings: the SMS has left without it too.
		if frappe.db.exists("DocType", LOG):
			raise
	return True
