"""Marks our mails as written by a machine, so that no responder answers them and no host reads them as tickets."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import frappe

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.email.email_body import EMail

# The first is the one that Frappe Helpdesk drops on receipt; the others are what responders look at (RFC 3834).
AUTOMATIC = {
	"X-Auto-Generated": "core-helpdesk",
	"Auto-Submitted": "auto-generated",
	"X-Auto-Response-Suppress": "All",
	"Precedence": "bulk",
}


@contextmanager
def automatic() -> Iterator[None]:
	"""While open, every mail built is marked as automatic."""
	before = frappe.flags.ch_automatic_mail
	frappe.flags.ch_automatic_mail = True
	try:
		yield
	finally:
		frappe.flags.ch_automatic_mail = before


def make_email_body_message(email: EMail) -> None:
	"""Hook of the framework, called with each mail before it is made into text."""
	if not frappe.flags.ch_automatic_mail:
		return
	for name, value in AUTOMATIC.items():
		email.set_header(name, value)
