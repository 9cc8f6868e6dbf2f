"""Words what the writer of a suggestion is told: that it is answered, with the answer, and that it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.mail import delivery, letters, notices, outgoing
from core_helpdesk.mail import language as languages
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from frappe.model.document import Document

DOCTYPE = "Group Suggestion"


def tell(suggestion: Document, user: str, title: Callable[[Document], str]) -> None:
	"""A notice in the Desk, and a mail where the app is live, in the reader's language.

	Policy: CORE-14
	"""
	reader = letters.reader_of(user, suggestion.department or "")
	with languages.speaking(reader.language):
		text = title(suggestion)
		notices.insert(user, text, DOCTYPE, suggestion.name)
		if config.mode() == config.LIVE:
			mail(suggestion, reader, text)


def mail(suggestion: Document, reader: letters.Reader, title: str) -> None:
	letter = letters.about_document(
		reader,
		title,
		_("Thank you for your suggestion."),
		list(_facts(suggestion)),
		_("Open the Suggestion"),
		(DOCTYPE, suggestion.name),
	)
	try:
		outgoing.queue(letter)
	except outgoing.NotQueued as problem:
		# The Desk has told them; only what would keep every mail back is somebody's to put right.
		if problem.passing:
			delivery.alarm(suggestion.name, reader.user, problem.reason, DOCTYPE)


def _facts(suggestion: Document) -> Iterator[tuple[str, str]]:
	yield _("Group", context="Core Helpdesk"), suggestion.team
	yield _("Suggestion"), as_written(suggestion.suggestion)
	yield _("Answer"), as_written(suggestion.answer)
	yield (
		_("Answered By"),
		frappe.get_cached_value("User", suggestion.answered_by, "full_name") or suggestion.answered_by,
	)


def answered(suggestion: Document) -> str:
	return _("The suggestion on the group {0} is answered.").format(suggestion.team)


def closed(suggestion: Document) -> str:
	return _("The suggestion on the group {0} is closed.").format(suggestion.team)
