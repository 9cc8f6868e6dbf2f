"""What of a case nobody writes by hand: it comes with its ticket, changes by acts, and stays on record.

An act says who it is by `case.flags.ch_act`, which no caller can send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk.governance.governed_records import plain

if TYPE_CHECKING:
	from frappe.model.document import Document
	from frappe.model.meta import Meta

TABLE, WITHOUT_VALUE = "Table", frozenset({"HTML", "Section Break", "Column Break", "Tab Break"})
# Worked out anew with every save.
SETTLED = frozenset({"title", "number_kind", "faults"})


def refuse_hands(case: Document) -> None:
	"""Raises: PermissionError for a case that is made, renamed or deleted as a document."""
	if case.flags.ch_act or frappe.flags.in_uninstall:
		return
	message = _(
		"A tracing case opens with its ticket and stays on record: nobody makes, renames or deletes one."
	)
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


def keep(case: Document) -> None:
	"""Raises: PermissionError where what acts alone change differs from the stored case.

	Policy: TRC-09, TRC-12
	"""
	before = case.get_doc_before_save()
	if case.flags.ch_act or not before:
		return
	changed = [field for field in fixed(case.meta) if said(case, field) != said(before, field)]
	if changed:
		labels = ", ".join(_(case.meta.get_label(field), context=case.doctype) for field in changed)
		message = _("This changes by the buttons of the case alone: {0}. Please read the case again.")
		frappe.throw(message.format(labels), frappe.PermissionError, title=_("Not Permitted"))


def fixed(meta: Meta) -> list[str]:
	"""The fields that acts alone change: whatever the form shows as read only."""
	return [
		field.fieldname
		for field in meta.fields
		if field.read_only and field.fieldtype not in WITHOUT_VALUE and field.fieldname not in SETTLED
	]


def said(document: Document, fieldname: str) -> object:
	"""A field's value, or its rows, the same before and after they went through the database."""
	field = document.meta.get_field(fieldname)
	if field.fieldtype != TABLE:
		return plain(document, fieldname)
	names = [row.fieldname for row in frappe.get_meta(field.options).fields]
	return [(row.name, *(plain(row, name) for name in names)) for row in document.get(fieldname)]


def new_ones(case: Document, missing: list, cancelled: list) -> tuple[list, list]:
	"""Of the links to what is not there only those that came now: the host deletes groups and people that a case names."""
	stored = frappe.db.get_value(case.doctype, case.name, "*", as_dict=True) if missing else None
	came = [link for link in missing if not stored or plain(case, link[0]) != (stored.get(link[0]) or "")]
	return came, cancelled
