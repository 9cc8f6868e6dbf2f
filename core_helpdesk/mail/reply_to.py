"""The address that answers go to, and why a given address must not be used.

Policy: TSM-04 (answers are filed on the escalation or read by people, never turned into tickets)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

if TYPE_CHECKING:
	from frappe.model.document import Document

TICKETS = "HD Ticket"
ACCOUNT = "Email Account"


def problem_with(address: str) -> str:
	"""Why answers cannot go to this address, in the present language; empty if they can."""
	if not address:
		return _("No Reply-To address is set in Core Helpdesk Settings.")
	account = account_making_tickets(address)
	if account:
		message = _("The e-mail account {0} turns mail to {1} into tickets. Choose another Reply-To address.")
		return message.format(account, address)
	return ""


def account_making_tickets(address: str) -> str | None:
	"""The incoming account that reads this address and appends to the host's tickets."""
	fields = ["name", "email_id", "login_id", "append_to", "use_imap"]
	accounts = frappe.get_all(ACCOUNT, {"enable_incoming": 1}, fields)
	wanted = mailbox(address)
	reading = [row for row in accounts if wanted in (mailbox(row.email_id), mailbox(row.login_id))]
	return next((account.name for account in reading if _makes_tickets(account)), None)


def mailbox(address: str | None) -> str:
	"""The mailbox that an address ends in: what follows a plus sign is for the reader only."""
	name, at, domain = (address or "").strip().lower().partition("@")
	return name.partition("+")[0] + at + domain


def _makes_tickets(account: frappe._dict) -> bool:
	if account.append_to == TICKETS:
		return True
	folders = {"parenttype": ACCOUNT, "parent": account.name, "append_to": TICKETS}
	return bool(account.use_imap and frappe.db.exists("IMAP Folder", folders))


def makes_tickets(account: Document) -> bool:
	"""The same of an account that is being saved."""
	if not account.enable_incoming:
		return False
	folders = [folder.append_to for folder in account.get("imap_folder") or []] if account.use_imap else []
	return TICKETS in (account.append_to, *folders)
