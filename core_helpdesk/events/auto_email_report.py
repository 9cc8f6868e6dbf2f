"""A report of the app is never mailed by the framework, whose jobs see everything.

Policy: CORE-13
"""

from frappe.model.document import Document

from core_helpdesk.reports import at_once


def validate(doc: Document, method: str | None = None) -> None:
	at_once.refuse_sending(doc.report)
