"""What came past the app is looked for every day, and before a permitted change would hide it; each is told once.

Policy: CORE-02, QA-04
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk.escalations import findings, people
from core_helpdesk.governance import governed_records
from core_helpdesk.governance.governed_records import PAST_THE_APP
from core_helpdesk.mail import language, notices

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document


def look() -> None:
	"""Compares all that is known with the site."""
	with telling():
		governed_records.watch()


def look_before(document: Document) -> None:
	"""Looks at a stored document before a permitted change of it is remembered, with whatever was done to it before."""
	if document.is_new() or governed_records.is_away() or not governed_records.has_begun():
		return
	with telling():
		governed_records.watch_one(document.doctype, document.name)


@contextmanager
def telling() -> Iterator[None]:
	"""Tells the QA Specialists of the findings that are opened inside."""
	known = {row.name for row in findings.open_of([PAST_THE_APP])}
	yield
	tell([row for row in findings.open_of([PAST_THE_APP]) if row.name not in known])


def tell(new: list[frappe._dict]) -> None:
	"""Of one by its name, of several by their number."""
	for specialist in people.qa_specialists() if new else ():
		with language.speaking(language.language_of(specialist.user)):
			text = _("Changed past the app: {0}").format(new[0].reference_name)
			if len(new) > 1:
				text = _("Changes past the app are to be looked at: {0}").format(len(new))
			notices.insert(specialist.user, text, findings.DOCTYPE, new[0].name)
