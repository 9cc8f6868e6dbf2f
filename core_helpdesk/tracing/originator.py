"""Who brought a ticket: kept on its case when that opened, so that nobody becomes it by changing the ticket later.

Policy: TRC-12, TRC-22
"""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

from core_helpdesk.hosts import hd_team
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from frappe.model.document import Document


def email_of(case: Document) -> str:
	"""The address that the ticket came from, in small letters; empty where it has none."""
	return parseaddr(as_written(case.customer_email))[1].strip().lower()


def is_originator(case: Document, user: str) -> bool:
	"""True for the user of that address, but not for whoever has worked the case: nobody confirms their own solution."""
	if user.lower() != email_of(case):
		return False
	return not any(hd_team.is_member(leg.team, user) for leg in case.legs)


def is_still(case: Document, email: str) -> bool:
	"""False where the ticket now names another address than the one it came from: what goes there may reach anybody."""
	return not email or email == email_of(case)
