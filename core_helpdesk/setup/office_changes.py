"""That an office went to somebody else becomes known: who holds it reads everything, and signs for management.

Policy: CORE-02, QA-04
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cstr

from core_helpdesk import config
from core_helpdesk.governance.named import full_names
from core_helpdesk.mail import language, notices

if TYPE_CHECKING:
	from collections.abc import Mapping

	from frappe.model.document import Document

OFFICE_CHANGED = "Office Changed"


def follow(settings: Document, offices: Mapping[str, str]) -> None:
	"""Opens a finding for each office whose holder or deputy is another one than before, and tells those who hold an
	office or held it. `offices` are the roles by their fields.
	"""
	before = settings.get_doc_before_save()
	if not before or config.stored_mode() == config.OFF:
		return
	for field, role in offices.items():
		if any(cstr(before.get(each)) != cstr(settings.get(each)) for each in _fields(field)):
			_report(settings, before, field, role)
			_tell(settings, before, role, [each for office in offices for each in _fields(office)])


def _fields(office: str) -> tuple[str, str]:
	return office, f"{office}_deputy"


def _report(settings: Document, before: Document, field: str, role: str) -> None:
	then, now = (_in_words(document, field) for document in (before, settings))
	details = _("{0}: before {1}, now {2}; changed by {3}.").format(
		_(role), then, now, full_names([frappe.session.user]).get(frappe.session.user) or frappe.session.user
	)
	remedy = _("Make sure that this was decided, and close the finding.")
	notices.alarm(OFFICE_CHANGED, field, details, remedy, settings.doctype, settings.name)


def _in_words(document: Document, field: str) -> str:
	users = [document.get(each) for each in _fields(field)]
	names = full_names(users)
	return " / ".join(names.get(user) or user or "–" for user in users)


def _tell(settings: Document, before: Document, role: str, fields: list[str]) -> None:
	concerned = {document.get(field) for document in (before, settings) for field in fields}
	for user in sorted(filter(None, concerned - {frappe.session.user})):
		with language.speaking(language.language_of(user)):
			text = _("The holder or the deputy of the office {0} has changed.")
			notices.insert(user, text.format(_(role)), settings.doctype, settings.name)
