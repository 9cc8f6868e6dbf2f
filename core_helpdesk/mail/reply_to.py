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
	names = frappe.get_all(ACCOUNT, {"enable_incoming": 1}, pluck="name", order_by="name")
	accounts = (frappe.get_doc(ACCOUNT, name) for name in names)
	return next((account.name for account in accounts if takes_for_tickets(account, address)), None)


def takes_for_tickets(account: Document, address: str) -> bool:
	"""Whether an account, as it is stored or about to be, makes tickets of mail to this address."""
	return reads(account, address) and makes_tickets(account)


def reads(account: Document, address: str) -> bool:
	return mailbox(address) in (mailbox(account.email_id), mailbox(account.login_id))


def mailbox(address: str | None) -> str:
	"""The mailbox that an address ends in: what follows a plus sign is for the reader only."""
	name, at, domain = (address or "").strip().lower().partition("@")
	return name.partition("+")[0] + at + domain


def makes_tickets(account: Document) -> bool:
	"""Whether an account appends what it receives to the host's tickets."""
	if not account.enable_incoming:
		return False
	folders = [folder.append_to for folder in account.get("imap_folder") or []] if account.use_imap else []
	return TICKETS in (account.append_to, *folders)
