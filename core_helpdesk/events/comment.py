"""What people write beside a document, by its form or past it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core_helpdesk import at_work, beside

if TYPE_CHECKING:
	from frappe.model.document import Document


def before_validate(doc: Document, method: str | None = None) -> None:
	"""What the framework itself notes there is of another kind.

	Raises: PermissionError
	Policy: CORE-13, TSM-13
	"""
	if doc.comment_type == "Comment" and not at_work.is_the_app(doc):
		beside.check(doc.reference_doctype, doc.reference_name)
