"""A to-do writes on the document that it names, whoever may read that. Who assigns a traced ticket of their group to
themselves has taken its case; the host says so by a to-do alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import at_work, beside, config
from core_helpdesk.escalations.transactions import logged_on_failure
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.tracing import handing_over, rules

if TYPE_CHECKING:
	from frappe.model.document import Document


def before_validate(doc: Document, method: str | None = None) -> None:
	"""The framework notes its text there as a comment, and who is to do it, and asks for no right.

	Raises: PermissionError
	Policy: CORE-13, TSM-13
	"""
	if beside.comes_to_lie(doc, "reference_type", "reference_name") and not at_work.is_the_app(doc):
		beside.check(doc.reference_type, doc.reference_name)


def after_insert(doc: Document, method: str | None = None) -> None:
	"""Policy: TRC-10"""
	user = frappe.session.user
	if doc.reference_type != hd_ticket.DOCTYPE or doc.allocated_to != user or not rules.is_on():
		return
	# An assignment must not fail for the case's sake.
	with logged_on_failure(f"Case of ticket {doc.reference_name} not taken"):
		handing_over.taken_by_assignment(doc.reference_name, user, config.now_epoch())
