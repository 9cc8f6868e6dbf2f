"""What an admin sets for reports, checked when it is saved: the size of a mail, and who gets a report besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cint

from core_helpdesk.sending import catalogue

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

FEWEST, MOST = 1, 200


def check_rows(rows: int | None) -> None:
	"""Raises: ValidationError unless a mail can hold so many rows; none given stands for the usual number."""
	if rows and not FEWEST <= cint(rows) <= MOST:
		message = _("A mail holds from {0} to {1} rows of a report: the rest stands behind its link.")
		frappe.throw(message.format(FEWEST, MOST), title=_("Rows in a Mail"))


def check_recipients(rows: Iterable[Document]) -> None:
	"""Raises: ValidationError for a person who is named twice, cannot be reached or is no reader of the report.

	Policy: CORE-13, TSM-09
	"""
	known = set()
	for row in rows:
		if (row.report, row.user) in known:
			_refuse(_("{0} is named twice for the report {1}.").format(row.user, _(row.report)))
		known.add((row.report, row.user))
		_check_reader(row.report, row.user)


def _check_reader(report: str, user: str) -> None:
	sent = catalogue.of(report)
	if sent is None:
		_refuse(_("There is no report {0} that is sent.").format(report))
	found = frappe.db.get_value("User", user, ["email", "enabled"], as_dict=True)
	if not found or not found.enabled:
		_refuse(_("The user {0} is disabled.").format(user))
	if not found.email or user in frappe.STANDARD_USERS:
		_refuse(_("The user {0} has no e-mail address.").format(user))
	if not catalogue.may_read(sent, user):
		able = ", ".join(_(role) for role in sent.readers)
		message = _("{0} may not read the report {1}. Its readers have one of the roles: {2}.")
		_refuse(message.format(user, _(report), able))


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Further Recipients"))
