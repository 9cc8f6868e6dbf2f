"""The papers of a claim: which one needs, which have come, and their files, which go where the claim goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import cint, cstr

from core_helpdesk import config
from core_helpdesk.tracing import rules
from core_helpdesk.tracing.paper_files import FILE, check, readable

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

NATURE = "Claim"
COLUMNS = ("document", "is_received", "file", "note")


def require(claim: Document) -> None:
	"""Lists the papers that every claim needs.

	Policy: TRC-14
	"""
	needed = rules.required_documents(NATURE)
	listed = {row.document for row in claim.documents}
	for document in needed:
		if document not in listed:
			claim.append("documents", {"document": document})


def from_case(case: Document, needed: Iterable[str]) -> list[dict[str, Any]]:
	"""The papers that a claim needs, as far as the case has them, and all others that came."""
	wanted = tuple(needed)
	came = {row.document: row for row in case.documents if row.is_received or row.file}
	rows = []
	for document in dict.fromkeys((*wanted, *came)):
		row = came.get(document)
		rows.append(
			{
				"document": document,
				"is_required": int(document in wanted),
				"is_received": cint(row.is_received) if row else 0,
				"file": row.file if row else None,
			}
		)
	return rows


def rows_of(claim: Document) -> list[tuple[str, ...]]:
	"""What people write in the rows, to see whether it changed."""
	return [
		tuple(cstr(cint(row.get(name)) if name == "is_received" else row.get(name)) for name in COLUMNS)
		for row in claim.documents
	]


def note(claim: Document) -> None:
	"""Notes which paper is required, and who said when that it came: what the caller sent of this is not looked at.

	Raises: ValidationError for a file that its writer may not give.
	"""
	needed = rules.required_documents(NATURE)
	before = claim.get_doc_before_save()
	known = {row.name: row for row in (before.documents if before else ())}
	for row in claim.documents:
		earlier = known.get(row.name)
		row.is_required = int(row.document in needed)
		if cint(row.is_received) and earlier and earlier.is_received:
			row.received_on, row.received_by = earlier.received_on, earlier.received_by
		elif cint(row.is_received):
			row.received_on, row.received_by = config.from_epoch(config.now_epoch()), frappe.session.user
		else:
			row.received_on = row.received_by = None
		check(row, earlier)


def hang_on(claim: Document) -> None:
	"""Makes the files of the rows attachments of the claim: who reads it can open them, and they go where it goes."""
	for row in claim.documents:
		attached = {
			"file_url": row.file,
			"attached_to_doctype": claim.doctype,
			"attached_to_name": claim.name,
		}
		if row.file and not frappe.db.exists(FILE, attached):
			found = readable(row.file)
			if found:
				copy_to(found, claim.doctype, claim.name)


def copy_to(file: str, doctype: str, name: str) -> str:
	"""Lets a file hang on one document more, as private as it is; returns the new record, empty if the file is lost."""
	original = frappe.get_doc(FILE, file)
	if not original.is_remote_file and not original.exists_on_disk():
		return ""
	copied = frappe.new_doc(FILE)
	copied.update(
		{
			"file_name": original.file_name,
			"file_url": original.file_url,
			"is_private": original.is_private,
			"attached_to_doctype": doctype,
			"attached_to_name": name,
		}
	)
	copied.flags.ch_engine = (
		True  # what hung on a case before files had to be private is no fault of whoever claims
	)
	return copied.insert(ignore_permissions=True).name  # whoever may read the claim was asked before


def missing(claim: Document) -> list[str]:
	"""The required papers that have not come.

	Policy: TRC-14, TRC-19
	"""
	come = {row.document for row in claim.documents if row.is_received}
	return [document for document in rules.required_documents(NATURE) if document not in come]


def in_words(document: str) -> str:
	"""A paper's name in the present language, where the settings have one."""
	known = {paper.document: paper.document_ar for paper in rules.required_papers(NATURE)}
	is_arabic = (frappe.local.lang or "").startswith("ar")
	return (is_arabic and known.get(document)) or document


def gather(claim: Document) -> None:
	"""Lets the files of the case hang on the claim as well, so that whoever answers for it finds all in one place."""
	own = {"attached_to_doctype": claim.doctype, "attached_to_name": claim.name}
	known = set(frappe.get_all(FILE, own, pluck="file_url"))
	of_case = {"attached_to_doctype": "Tracing Case", "attached_to_name": claim.tracing_case, "is_folder": 0}
	for file in frappe.get_all(FILE, of_case, ["name", "file_url"], order_by="creation"):
		if file.file_url not in known:
			known.add(file.file_url)
			copy_to(file.name, claim.doctype, claim.name)
