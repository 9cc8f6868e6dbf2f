"""The files of papers, of cases and of claims: private ones that their writer may really give.

A file counts only where its writer may read it: an address that somebody types must not carry a stranger's file to
whoever reads the case or the claim, or its ticket afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import escape_html

if TYPE_CHECKING:
	from frappe.model.document import Document

FILE = "File"
PRIVATE = "/private/files/"


def check(row: Document, earlier: Document | None) -> None:
	"""Looks at the file of a paper where it is another than before.

	Raises: ValidationError for a public file, and for one that the present user may not read.
	Policy: TRC-14
	"""
	if not row.file or (earlier and earlier.file == row.file):
		return
	if not row.file.startswith(PRIVATE):
		message = _(
			"{0}: upload the file as a private one, so that only those who may read this record can open it."
		)
		refuse(row, message)
	if not readable(row.file):
		refuse(row, _("{0}: there is no such file, or you may not read it. Please upload it here."))


def refuse(row: Document, message: str) -> None:
	frappe.throw(message.format(escape_html(row.document or "")), title=_("File", context=row.doctype))


def readable(address: str) -> str:
	"""A record of this file that the present user may read; empty if there is none."""
	for name in frappe.get_all(FILE, {"file_url": address, "is_private": 1}, pluck="name"):
		if frappe.has_permission(FILE, "read", doc=frappe.get_doc(FILE, name)):
			return name
	return ""
