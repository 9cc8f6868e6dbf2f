"""Nobody follows a document of ours that they may not read, however the row came.

Policy: CORE-13, TSM-12
"""

from frappe.model.document import Document

from core_helpdesk import following


def on_update(doc: Document, method: str | None = None) -> None:
	following.leave_out(doc)
