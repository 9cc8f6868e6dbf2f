"""Management signs a Tracing Month that was sent: the General Manager or the Customer Service Manager, once.

Policy: TRC-M1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cstr

from core_helpdesk import config
from core_helpdesk.escalations.case import invalid, refuse
from core_helpdesk.monthly import rights
from core_helpdesk.tracing import month_acts, month_making

if TYPE_CHECKING:
	from datetime import date

	from frappe.model.document import Document


def may_sign(document: Document, user: str) -> bool:
	"""Management other than who sent it, or wrote its remarks."""
	own = {document.sent_by, *cstr(document.remarks_by).split()}
	return rights.may_sign(user) and user not in own


def is_to_be_signed(document: Document) -> bool:
	return document.status == month_making.SENT and not document.signed_by


def sign(document: Document, now: int) -> None:
	"""Records that the present user has signed the month for management.

	Units: seconds since the epoch.
	Raises: PermissionError; ValidationError for a month that was not sent, or is signed.
	Policy: TRC-M1
	"""
	user = frappe.session.user
	if not may_sign(document, user):
		refuse(_("{0} is done by {1}.").format(_("Sign"), rights.a_manager()))
	if document.status != month_making.SENT:
		invalid(_("This report was not sent yet: it is signed as its readers have it."))
	if document.signed_by:
		invalid(_("This report is signed already."))
	office, deputy_of = rights.as_management(user)
	signed = {"signed_by": user, "signed_on": config.from_epoch(now)}
	document.update({**signed, "signed_as": office, "signed_for": deputy_of or None})
	month_acts.save(document)


def signers(document: Document, today: date) -> list[str]:
	"""The people who may sign it now, if it is to be signed."""
	if not is_to_be_signed(document):
		return []
	found = (*rights.managers(today), *rights.general_managers(today))
	return [user for user in dict.fromkeys(person.user for person in found) if may_sign(document, user)]
