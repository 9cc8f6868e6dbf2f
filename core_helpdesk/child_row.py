"""Rows of a document's table that are asked for on their own, as REST allows.

The framework checks a row against its document only while it hangs on it in memory. One that was loaded or sent alone is
checked against the roles of the document's doctype, past every rule about single documents.
"""

from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document


class Place(NamedTuple):
	"""The table of a document in which a row stands."""

	parenttype: str
	parent: str
	parentfield: str


class ChildRow(Document):
	"""A row that is as open as its document: who may not read or change that one may not do it to the row."""

	@Document.parent_doc.getter
	def parent_doc(self) -> Document | None:
		return in_memory(self) or stored_document(self)


class FixedRow(ChildRow):
	"""A row that is checked with its document, and so changes with it only.

	These run for a row on its own alone: a document writes its rows past their events.
	Policy: CORE-17, CORE-20
	"""

	def before_validate(self) -> None:
		refuse_alone(self)

	def on_trash(self) -> None:
		refuse_alone(self)


class RememberedRow(FixedRow):
	"""A row of what happened: the groups and people whom it names may be gone since."""

	def get_invalid_links(self, is_submittable: bool = False) -> tuple[list, list]:
		return [], []


class OwnRows(Document):
	"""A document whose tables take no row away from another."""

	def before_insert(self) -> None:
		refuse_others_rows(self)

	def before_validate(self) -> None:
		refuse_others_rows(self)


def in_memory(row: Document) -> Document | None:
	"""The document on which the row hangs."""
	return Document.parent_doc.fget(row)


def stored_document(row: Document) -> Document | None:
	# Not the place that a caller wrote into the row: it may stand elsewhere, and is to be read or taken from there.
	place = stored_place(row) or Place(row.parenttype, row.parent, row.parentfield)
	if not (place.parenttype and place.parent):
		return None
	return frappe.get_doc(place.parenttype, place.parent)


def stored_place(row: Document) -> Place | None:
	found = row.name and frappe.db.get_value(row.doctype, row.name, Place._fields)
	return Place(*found) if found else None


def refuse_alone(row: Document) -> None:
	message = _("{0} is changed with the document that it belongs to, not on its own.")
	frappe.throw(message.format(_(row.doctype)), frappe.PermissionError, title=_("Not Permitted"))


def refuse_others_rows(document: Document) -> None:
	"""Rows come with the names that the caller gave them: one that stands in another document would leave it for this.

	Raises: PermissionError
	"""
	for field in document.meta.get_table_fields():
		names = [row.name for row in document.get(field.fieldname) if row.name]
		elsewhere = frappe.get_all(
			field.options,
			filters={"name": ("in", names)},
			or_filters={"parent": ("!=", document.name or ""), "parenttype": ("!=", document.doctype)},
			pluck="name",
		)
		if names and elsewhere:
			message = _("A row of the table {0} belongs to another document.")
			text = message.format(_(field.label or field.fieldname))
			frappe.throw(text, frappe.PermissionError, title=_("Not Permitted"))
