"""What is promised to customers, as the settings say: the time that complaints and inquiries may take, and which they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cint, flt

from core_helpdesk import config
from core_helpdesk.domain.promises import Kind, Promised

if TYPE_CHECKING:
	from frappe.model.document import Document

COMPLAINT_DAYS, INQUIRY_HOURS = 11, 24
MOST_DAYS, MOST_HOURS = 60, 24 * 31


def promised() -> Promised:
	"""What the settings promise; nothing for a kind that no category holds.

	Policy: CX-2.1, CX-3.7
	"""
	doc = frappe.get_cached_doc(config.SETTINGS)
	held: dict[str, set[str]] = {kind.value: set() for kind in Kind}
	for row in doc.promised_categories:
		held[row.kind].add(row.ticket_category)
	return Promised(
		frozenset(held[Kind.COMPLAINT.value]),
		frozenset(held[Kind.INQUIRY.value]),
		cint(doc.complaint_days) or COMPLAINT_DAYS,
		flt(doc.inquiry_hours) or INQUIRY_HOURS,
	)


def check(settings: Document) -> None:
	"""Raises: ValidationError for a category that is named twice, and for times that nobody could be promised."""
	named = [row.ticket_category for row in settings.promised_categories]
	for category in named:
		if named.count(category) > 1:
			_refuse(_("The ticket category {0} is named twice: keep one of its rows.").format(category))
	if not 0 <= cint(settings.complaint_days) <= MOST_DAYS:
		_refuse(_("Complaints: enter from 1 to {0} working days.").format(MOST_DAYS))
	if not 0 <= flt(settings.inquiry_hours) <= MOST_HOURS:
		_refuse(_("Inquiries: enter from 1 to {0} hours.").format(MOST_HOURS))


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Times Promised to Customers"))
