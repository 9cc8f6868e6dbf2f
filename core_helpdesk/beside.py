"""What lies beside a document is read by everybody who reads the document: comments, mails, files and assignments.

Nobody writes there who may not read it. On a report that department heads get nothing is written at all: what one head
or the management says of a department is not for the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import record_lookup
from core_helpdesk.monthly import rights
from core_helpdesk.setup import monthly_workflow as flow

if TYPE_CHECKING:
	from frappe.model.document import Document

RUN, DELIVERY = "Report Run", "Report Delivery"


def check(doctype: str | None, name: str | None) -> None:
	"""Raises: PermissionError if the user may write nothing beside this document.

	Policy: CORE-13, TSM-13
	"""
	if not (doctype and name):
		return
	if is_for_heads(doctype, name):
		message = _(
			"All department heads read what is kept with this report. Write it in its comment while it is with its makers, or discuss it elsewhere."
		)
	elif record_lookup.is_guarded(doctype) and not record_lookup.may_see(doctype, name):
		message = _("You may not read this document, and so nothing of yours is kept with it.")
	else:
		return
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


def comes_to_lie(doc: Document, *place: str) -> bool:
	"""Whether the document is new, or another place stands in these of its fields."""
	return doc.is_new() or any(doc.has_value_changed(field) for field in place)


def is_for_heads(doctype: str | None, name: str | None) -> bool:
	return doctype == flow.NAME and frappe.db.get_value(flow.NAME, name, "kind") == rights.FOR_HEADS


def keeps_answers(doctype: str | None, name: str | None) -> bool:
	"""Whether what is mailed in answer may lie there; it quotes a whole report where it answers one.

	Policy: CORE-13, TSM-12
	"""
	return doctype != DELIVERY and not is_for_heads(doctype, name)


def filed_on(doctype: str, name: str) -> tuple[str, str]:
	"""Where a mail about a document lies, with its reader's address and with the answers to it; empty for nowhere.

	Policy: TSM-13
	"""
	if not is_for_heads(doctype, name):
		return doctype, name
	month = frappe.db.get_value(doctype, name, "month")
	run = frappe.db.get_value(RUN, {"report": rights.FOR_HEADS, "period_key": month})
	return (RUN, run) if run else ("", "")
