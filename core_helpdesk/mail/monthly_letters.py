"""What people are told of monthly reports and corrective actions: a notice in the Desk and a mail, in their language.

Policy: QA-M1, QA-M3, TSM-13, TSM-M2, TRC-M1
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frappe import _

from core_helpdesk import beside, config
from core_helpdesk.mail import delivery, language, letters, notices, outgoing

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable


class Message(NamedTuple):
	"""What is said of a document and asked for, worded once its reader's language is spoken."""

	title: Callable[[], str]
	lead: Callable[[], str]
	facts: Callable[[], Iterable[tuple[str, str]]]
	reference: tuple[str, str]


def tell(user: str, message: Message, *, by_mail: bool = True) -> None:
	"""A notice in the Desk, and a mail where the app is live; that a mail cannot be queued becomes known."""
	reader = letters.reader_of(user)
	with language.speaking(reader.language):
		title = message.title()
		notices.insert(user, title, *message.reference)
		if by_mail and config.mode() == config.LIVE:
			_mail(reader, title, message)


def _mail(reader: letters.Reader, title: str, message: Message) -> None:
	letter = letters.about_document(
		reader, title, message.lead(), message.facts(), _("Open Document"), message.reference
	)
	doctype, name = message.reference
	on, of = beside.filed_on(doctype, name)
	try:
		# What lies on the document is read by others who read it.
		outgoing.queue(letter._replace(filed=title, reference_doctype=on, reference_name=of))
	except outgoing.NotQueued as problem:
		delivery.alarm(name, reader.user, problem.reason, doctype)
