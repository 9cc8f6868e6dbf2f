"""That another person acts in an office becomes known: who acts there reads everything, and signs for management.

Policy: CORE-02, QA-04
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cstr, getdate

from core_helpdesk import shown
from core_helpdesk.escalations.case import refuse
from core_helpdesk.governance.named import full_names
from core_helpdesk.mail import language, notices

if TYPE_CHECKING:
	from collections.abc import Iterable, Mapping
	from datetime import date

	from frappe.model.document import Document

OFFICE_CHANGED = "Office Changed"
FROM, UNTIL = "absent_from", "absent_until"


def follow(settings: Document, offices: Mapping[str, str]) -> None:
	"""Opens a finding for each change of holder, deputy or absence, whatever the mode, and tells those who hold an office
	or held it. `offices` are the roles by their fields.

	Each change has its own finding: taken back, it was there all the same.
	"""
	before = settings.get_doc_before_save()
	if not before:
		return
	for field, role in offices.items():
		if _stand(before, field) != _stand(settings, field):
			_report(settings, before, field, role)
			_tell(settings, before, role, offices)


def refuse_own_end(finding: Document) -> None:
	"""Whoever changed an office does not close the finding that says so: others see to it that this was decided.

	Raises: PermissionError
	"""
	before = finding.get_doc_before_save()
	# Nor do they write of it what is to follow.
	if before and before.kind == OFFICE_CHANGED and frappe.session.user == before.owner:
		refuse(
			_("Who changed an office does not close the finding that says so: let somebody else look at it.")
		)


def _people(document: Document, field: str) -> tuple[str, str]:
	return cstr(document.get(field)), cstr(document.get(f"{field}_deputy"))


def _absence(document: Document, field: str) -> tuple[date | None, ...]:
	days = (document.get(f"{field}_{end}") for end in (FROM, UNTIL))
	return tuple(getdate(day) if day else None for day in days)


def _stand(document: Document, field: str) -> tuple[object, ...]:
	return *_people(document, field), *_absence(document, field)


def _report(settings: Document, before: Document, field: str, role: str) -> None:
	then, now = (_in_words(document, field) for document in (before, settings))
	user = frappe.session.user
	details = _("{0}: before {1}, now {2}; changed by {3}.").format(
		_(role), then, now, full_names([user]).get(user) or user
	)
	remedy = _("Make sure that this was decided, and close the finding.")
	key = f"{field}:{frappe.generate_hash(length=10)}"
	notices.alarm(OFFICE_CHANGED, key, details, remedy, settings.doctype, settings.name)


def _in_words(document: Document, field: str) -> str:
	users = _people(document, field)
	names = full_names(users)
	said = " / ".join(names.get(user) or user or "–" for user in users)
	absence = _absence(document, field)
	if not any(absence):
		return said
	first, last = (shown.day(day) if day else "…" for day in absence)
	return _("{0} (absent {1} – {2})").format(said, first, last)


def _tell(settings: Document, before: Document, role: str, offices: Iterable[str]) -> None:
	concerned = {
		user for document in (before, settings) for field in offices for user in _people(document, field)
	}
	# Who is gone hears of nothing, and must not keep the settings from being saved.
	wanted = {"name": ("in", sorted(concerned - {"", frappe.session.user}) or [""]), "enabled": 1}
	for user in frappe.get_all("User", wanted, pluck="name", order_by="name"):
		with language.speaking(language.language_of(user)):
			text = _("Who holds the office {0}, or acts in it, has changed.")
			notices.insert(user, text.format(_(role)), settings.doctype, settings.name)
