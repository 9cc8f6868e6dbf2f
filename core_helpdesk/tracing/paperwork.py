"""The papers of a case: which its nature needs, which have come, since when, and files that no stranger can open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.shown import in_arabic
from core_helpdesk.tracing import paper_files, rules

if TYPE_CHECKING:
	from frappe.model.document import Document


def require(case: Document) -> None:
	"""Lists what the case's nature needs, and notes who said of which paper that it has come.

	A paper that is needed no longer stays only if it has come, or somebody wrote about it.
	Raises: ValidationError for a file that its writer may not give.
	Policy: TRC-14
	"""
	if case.status != "Closed":
		_list_required(case)
	_note_received(case)


def _list_required(case: Document) -> None:
	needed = rules.required_documents(case.nature) if case.nature else ()
	rows = [row for row in case.documents if row.document in needed or not row.is_required or _has_come(row)]
	if len(rows) != len(case.documents):
		case.set("documents", rows)
	listed = {row.document for row in rows}
	for document in needed:
		if document not in listed:
			case.append("documents", {"document": document})
	for row in case.documents:
		row.is_required = int(row.document in needed)


def _has_come(row: Document) -> bool:
	return bool(row.is_received or row.file or row.note)


def _note_received(case: Document) -> None:
	"""Who and when is ours to write: what the caller sent is not looked at."""
	before = case.get_doc_before_save()
	known = {row.name: row for row in (before.documents if before else ())}
	for row in case.documents:
		earlier = known.get(row.name)
		was_received = bool(earlier and earlier.is_received)
		if row.is_received and was_received:
			row.received_on, row.received_by = earlier.received_on, earlier.received_by
		elif row.is_received:
			row.received_on, row.received_by = config.from_epoch(config.now_epoch()), frappe.session.user
		else:
			row.received_on = row.received_by = None
		paper_files.check(row, earlier)


def missing(case: Document) -> tuple[str, ...]:
	"""The required papers that have not come, in the order of the form.

	Policy: TRC-13, TRC-14
	"""
	return tuple(row.document for row in case.documents if row.is_required and not row.is_received)


def names(case: Document) -> dict[str, str]:
	"""The case's papers by their names in the present language, where the settings have one."""
	arabic = {paper.document: paper.document_ar for paper in rules.required_papers(case.nature)}
	return {
		row.document: (in_arabic() and arabic.get(row.document)) or row.document for row in case.documents
	}
