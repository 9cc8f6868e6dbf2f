"""A report of the app is never kept: whoever asked for the kept one would see what its maker may see.

Policy: CORE-13
"""

from frappe.model.document import Document

from core_helpdesk.reports import at_once


def before_insert(doc: Document, method: str | None = None) -> None:
	at_once.refuse_keeping(doc.report_name)
