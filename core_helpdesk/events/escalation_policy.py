"""Escalation policies are governed.

Policy: CORE-02, CORE-10
"""

from frappe.model.document import Document

from core_helpdesk.governance import governed, governed_records, past_changes


def before_validate(doc: Document, method: str | None = None) -> None:
	"""Not `validate`: a caller may switch that off."""
	governed.guard_document(doc)
	past_changes.look_before(doc)


def on_update(doc: Document, method: str | None = None) -> None:
	if governed.has_begun():
		governed_records.take(doc)


def on_trash(doc: Document, method: str | None = None) -> None:
	governed.guard_document(doc, deleting=True)
	governed_records.forget(doc.doctype, doc.name)


def before_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	governed.guard_document(doc, deleting=True)
