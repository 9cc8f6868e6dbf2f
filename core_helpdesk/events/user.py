"""Somebody was given roles: whether that is control which the policy does not give is looked at soon, by a job. Somebody
has another name: they are in their groups as before.

Policy: QA-04
"""

import frappe
from frappe.model.document import Document

from core_helpdesk import jobs
from core_helpdesk.governance import access_watch, known_names, merging


def on_update(doc: Document, method: str | None = None) -> None:
	if frappe.flags.in_install or frappe.flags.in_uninstall or frappe.flags.in_migrate:
		return
	if access_watch.gives_control(access_watch.gained_roles(doc)):
		jobs.watch_access_soon()


def before_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	merging.guard(doc.doctype, old, merge=merge)


def after_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	known_names.follow(doc.doctype, old, new, merge)
