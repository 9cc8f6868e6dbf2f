"""Acts of the framework that a document's own events do not see, or only if the caller lets them.

These run when something is discarded or renamed, never on a save.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr

from core_helpdesk import at_work, record_lookup
from core_helpdesk.escalations import places
from core_helpdesk.governance import governed, governed_rules, known_names
from core_helpdesk.hosts import hd_team
from core_helpdesk.reports import closed_months
from core_helpdesk.sending import offices

# What governed groups name; their own documents are guarded anyway.
NAMED = ("HD Ticket Type", "User")
RULE = "Assignment Rule"


def before_discard(doc: Document, method: str | None = None) -> None:
	"""A discarded document can never be saved again, nor does anything that reads it look whether it was.

	Raises: PermissionError
	Policy: CORE-10, CORE-20, TSM-12
	"""
	if is_kept(doc):
		message = _("{0} is never discarded: it ends by its own steps.")
		frappe.throw(message.format(_(doc.doctype)), frappe.PermissionError, title=_("Not Permitted"))


def is_kept(doc: Document) -> bool:
	if doc.doctype != RULE:
		return record_lookup.is_guarded(doc.doctype)
	teams = frappe.get_all("HD Team", {"assignment_rule": doc.name}, pluck="name")
	return any(hd_team.is_hidden(team) or governed.is_governed(team) for team in teams)


def before_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	if doc.doctype == RULE and merge:
		governed_rules.guard_merging(old, new)
	if is_watched(doc.doctype):
		checked().add((doc.doctype, cstr(old)))


def after_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""A document's own method to rename it, which anybody may call who reads it, leaves the checks out on request: the
	right to write, the events before, and whether such a document has another name at all.

	Raises: PermissionError
	Policy: CORE-10, TSM-04
	"""
	if doc.doctype in places.WORDS.values():
		places.renamed(doc.doctype, cstr(new))
		closed_months.renamed(doc.doctype, cstr(old), cstr(new))
		offices.renamed(doc.doctype, cstr(old), cstr(new))
	if not is_watched(doc.doctype):
		return
	if doc.doctype == RULE:
		known_names.follow(RULE, old, new, merge)
	if at_work.is_the_app():
		return
	known = (doc.doctype, cstr(old))
	if known not in checked():
		message = _("{0} cannot be renamed without its checks.")
		frappe.throw(message.format(_(doc.doctype)), frappe.PermissionError, title=_("Not Permitted"))
	checked().discard(known)


def is_watched(doctype: str) -> bool:
	return doctype in NAMED or record_lookup.is_guarded(doctype)


def checked() -> set[tuple[str, str]]:
	"""What is being renamed in this request with its checks."""
	if frappe.flags.ch_checked_renames is None:
		frappe.flags.ch_checked_renames = set()
	return frappe.flags.ch_checked_renames
