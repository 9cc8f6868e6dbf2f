"""A file is kept in fields for attachments alone, and a private one where customers' data is.

When a file becomes private, the framework writes its new address into the field that it names, whichever that is, or
that holds its old one: past the document's rules, and for whoever may change the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import frappe
from frappe import _
from frappe.utils import cint

from core_helpdesk import at_work, beside, record_lookup

if TYPE_CHECKING:
	from frappe.model.document import Document

HOLDING = ("Attach", "Attach Image")
# What says who may do what on the site, what a group names, and what happened.
FURTHER = frozenset(
	{
		"Comment",
		"Custom DocPerm",
		"DocPerm",
		"DocShare",
		"HD Ticket Type",
		"Has Role",
		"Role",
		"User",
		"User Permission",
		"Version",
		"Workflow",
		"Workflow Document State",
		"Workflow Transition",
	}
)
# What is attached there names people, addresses and amounts.
PRIVATE_ONLY = (
	"Corrective Action",
	"Monthly Report",
	"Report Delivery",
	"Tracing Case",
	"Tracing Claim",
	"Tracing Month",
)
PLACE = ("attached_to_doctype", "attached_to_name")
LINKS = ("http://", "https://")


def before_validate(doc: Document, method: str | None = None) -> None:
	"""Not `validate`: a caller may switch that off.

	Raises: PermissionError, ValidationError for a public file where only private ones may be.
	Policy: CORE-10, CORE-13, TSM-03, TSM-13, TRC-14
	"""
	is_the_app = at_work.is_the_app(doc)
	place = doc.attached_to_doctype, doc.attached_to_name
	if not is_the_app and beside.comes_to_lie(doc, *PLACE) and beside.is_for_heads(*place):
		beside.check(*place)
	if not is_the_app and becomes_public(doc):
		message = _(
			"Upload the file as a private one, so that only those who may read this record can open it."
		)
		frappe.throw(message, title=_("Not Permitted"))
	moves = not doc.is_new() and doc.has_value_changed("is_private")
	if not doc.attached_to_doctype or not (doc.attached_to_field or moves):
		return
	if not is_kept(doc.attached_to_doctype):
		return
	for field in [doc.attached_to_field] if doc.attached_to_field else fields_with_address(doc):
		if not holds_attachments(doc.attached_to_doctype, field):
			refuse(doc.attached_to_doctype, field)


def becomes_public(doc: Document) -> bool:
	"""Whether a record of theirs would get a file that anybody may open; a link to elsewhere holds nothing of ours."""
	if doc.attached_to_doctype not in PRIVATE_ONLY or cint(doc.is_private):
		return False
	if (doc.file_url or "").startswith(LINKS):
		return False
	return beside.comes_to_lie(doc, *PLACE) or any(map(doc.has_value_changed, ("is_private", "file_url")))


def is_kept(doctype: str) -> bool:
	return doctype in FURTHER or record_lookup.is_guarded(doctype)


def fields_with_address(file: Document) -> list[str]:
	"""The fields of the document in which the file's address stands."""
	doctype, name, address = file.attached_to_doctype, file.attached_to_name, unquote(file.file_url or "")
	if not (address and name and frappe.db.exists(doctype, name)):
		return []
	document = frappe.get_doc(doctype, name).as_dict(no_default_fields=True)
	return [field for field, value in document.items() if value == address]


def holds_attachments(doctype: str, field: str) -> bool:
	meta = frappe.get_meta(doctype)
	# An attachment in a row of a table is the document's, under a field that the document itself lacks.
	if field not in meta.get_valid_columns() and not meta.has_field(field):
		return True
	definition = meta.get_field(field)
	return bool(definition) and definition.fieldtype in HOLDING


def refuse(doctype: str, field: str) -> None:
	message = _("{0} of {1} holds no attachment, and so no file can be put there.")
	label = _(frappe.get_meta(doctype).get_label(field), context=doctype)
	frappe.throw(message.format(label, _(doctype)), frappe.PermissionError, title=_("Not Permitted"))
