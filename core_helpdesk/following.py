"""Following documents by mail, which the framework offers past permissions: the mails say what changed, word by word.

Who may not read a document of ours does not follow it, and follows it no longer once that right is gone.
"""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk import record_lookup

DOCTYPE = "Document Follow"
FRAMEWORK = "frappe.desk.form.document_follow"


@frappe.whitelist()
def follow_document(doctype: str, doc_name: str | int, user: str) -> Any:
	"""Policy: CORE-13, TSM-12"""
	refuse_unreadable(doctype, doc_name, user)
	return frappe.get_attr(f"{FRAMEWORK}.follow_document")(doctype, doc_name, user)


@frappe.whitelist()
def update_follow(doctype: str, doc_name: str | int, following: bool) -> Any:
	if following:
		refuse_unreadable(doctype, doc_name, frappe.session.user)
	return frappe.get_attr(f"{FRAMEWORK}.update_follow")(doctype, doc_name, following)


def refuse_unreadable(doctype: str, name: str | int, user: str) -> None:
	if not may_follow(doctype, name, user):
		message = _("Only those who may read a document can follow it.")
		frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


def may_follow(doctype: str, name: str | int, user: str) -> bool:
	if not record_lookup.is_guarded(doctype):
		return True
	return bool(frappe.db.exists(doctype, name)) and frappe.has_permission(
		doctype, "read", doc=frappe.get_doc(doctype, name), user=user
	)


def leave_out(follow: Document) -> None:
	"""Takes away a row that should not be there.

	Not refused: the framework lets people follow what they make, comment on or are given, within the very act.
	"""
	if not may_follow(follow.ref_doctype, follow.ref_docname, follow.user):
		frappe.db.delete(DOCTYPE, {"name": follow.name})


def drop_unreadable() -> None:
	"""Ends what people follow of our documents and may not read any more."""
	followed = frappe.get_all(DOCTYPE, fields=["ref_doctype"], distinct=True, pluck="ref_doctype")
	guarded = [doctype for doctype in followed if doctype and record_lookup.is_guarded(doctype)]
	columns = ["name", "ref_doctype", "ref_docname", "user"]
	for follow in frappe.get_all(DOCTYPE, {"ref_doctype": ("in", guarded or [""])}, columns):
		leave_out(follow)
