"""A ticket category that is renamed keeps its place in what is known of groups and policies."""

from frappe.model.document import Document

from core_helpdesk.governance import known_names, merging


def before_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	merging.guard(doc.doctype, old, merge=merge)


def after_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	known_names.follow(doc.doctype, old, new, merge)
