"""People of an assignment rule, saved or deleted as rows of their own: past the rule, and what guards it.

Policy: CORE-10
"""

from frappe.model.document import Document

from core_helpdesk.governance import governed_rules


def before_validate(doc: Document, method: str | None = None) -> None:
	governed_rules.guard_row(doc)


def on_trash(doc: Document, method: str | None = None) -> None:
	governed_rules.guard_row(doc)
