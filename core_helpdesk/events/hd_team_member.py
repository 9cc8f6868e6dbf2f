"""Members of a governed group come and go by a request, also as rows on their own.

Policy: CORE-12
"""

from frappe.model.document import Document

from core_helpdesk.governance import governed


def before_validate(doc: Document, method: str | None = None) -> None:
	governed.guard_member_row(doc)


def on_trash(doc: Document, method: str | None = None) -> None:
	governed.guard_member_row(doc)
