"""What people write into a Monthly Report, when, and who: all else is put back or refused, whatever way it comes.

Policy: QA-12, QA-M1, TSM-13, TSM-M2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cstr, getdate

from core_helpdesk import config
from core_helpdesk.escalations.case import refuse
from core_helpdesk.monthly import acts, rights, steps
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from frappe.model.document import Document

COMMENT, OUTCOMES = "comment", "outcomes"
FIXED_OF_ROW, ENTERED = ("department", "country"), ("outcome", "discussed_on")
# What follows from a step is written by the step; a caller's words for it are put back.
BY_THE_APP = (
	"owner",
	"creation",
	"made_on",
	*steps.SENT,
	*steps.REVIEWED,
	*steps.SIGNED,
	*steps.FORWARDED,
	"returned_by",
	"returned_on",
	"reminded_on",
)


def keep(report: Document) -> None:
	"""Compares with what is stored: nothing that a caller sends is taken for what was there.

	Raises: PermissionError, ValidationError
	"""
	stored = report.get_doc_before_save() or frappe.get_doc(report.doctype, report.name)
	if (cstr(report.kind), cstr(report.month)) != (stored.kind, stored.month):
		refuse(_("A monthly report stays that of its kind and month."))
	for field in BY_THE_APP:
		report.set(field, stored.get(field))
	report.set(steps.TAKEN, [row.as_dict() for row in stored.get(steps.TAKEN)])
	_keep_comment(report, stored)
	_keep_reason(report, stored)
	_keep_outcomes(report, stored)


def _keep_comment(report: Document, stored: Document) -> None:
	report.comment = as_text(cstr(report.comment)) or None
	if cstr(report.comment) == cstr(stored.comment):
		return
	if not acts.may_comment(stored, frappe.session.user):
		refuse(_("The comment is written by who hands the report on, and cannot be changed afterwards."))
	steps.note_comment(report)
	# Whoever reads the report once it is sent would read its drafts in the versions of it.
	report.flags.ignore_version = True


def _keep_reason(report: Document, stored: Document) -> None:
	"""Why it was returned is said with the step alone."""
	returns = steps.state_of(report) == flow.MADE != steps.state_of(stored)
	said = as_text(cstr(report.get(steps.REASON))).strip()
	if returns:
		report.set(steps.REASON, said or None)
	elif said != cstr(stored.get(steps.REASON)).strip():
		refuse(_("What is to be changed is said when the report is returned."))


def _keep_outcomes(report: Document, stored: Document) -> None:
	"""Of each department that the report names one line stands, whatever a caller sends."""
	rows, known = list(report.outcomes), {row.name: row for row in stored.outcomes}
	if [row.name for row in rows] != list(known):
		refuse(_("The departments of this report stand as they are."))
	for row in rows:
		before = known[row.name]
		if any(cstr(row.get(field)) != cstr(before.get(field)) for field in FIXED_OF_ROW):
			refuse(_("The departments of this report stand as they are."))
		row.entered_by = before.entered_by
		_keep_entered(row, before, stored)


def _keep_entered(row: Document, before: Document, stored: Document) -> None:
	row.outcome = as_text(cstr(row.outcome)).strip() or None
	if all(_comparable(row, field) == _comparable(before, field) for field in ENTERED):
		return
	if not acts.may_enter_outcomes(stored, frappe.session.user):
		message = _("What was discussed is entered by {0}, until the report is forwarded.")
		refuse(message.format(rights.a_discusser()))
	if row.discussed_on and getdate(row.discussed_on) > config.from_epoch(config.now_epoch()).date():
		frappe.throw(_("The day of the discussion is in the future."), title=_("Discussed On"))
	row.entered_by = frappe.session.user


def _comparable(row: Document, field: str) -> object:
	value = row.get(field)
	if field == "discussed_on":
		return getdate(value) if value else None
	return cstr(value).strip()
