"""Members of a hidden group come and go with the group alone, of a governed one by a request, and no row moves.

These run for a row that is saved or deleted on its own; a group writes its rows past their events.
Policy: TSM-12, CORE-12
"""

from frappe.model.document import Document

from core_helpdesk import child_row
from core_helpdesk.governance import governed
from core_helpdesk.hosts import hd_team


def before_validate(doc: Document, method: str | None = None) -> None:
	stored = child_row.stored_place(doc)
	if hd_team.is_hidden(doc.parent) or (stored and stored.parent != doc.parent):
		child_row.refuse_alone(doc)
	governed.guard_member_row(doc)


def on_trash(doc: Document, method: str | None = None) -> None:
	if hd_team.is_hidden(doc.parent):
		child_row.refuse_alone(doc)
	governed.guard_member_row(doc)
