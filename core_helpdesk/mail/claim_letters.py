"""Words what people are told of Tracing Claims: one notice and one mail each, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frappe import _
from frappe.utils import fmt_money, get_fullname

from core_helpdesk import config, shown
from core_helpdesk.mail import delivery, language, letters, notices, outgoing
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

DOCTYPE = "Tracing Claim"


class Message(NamedTuple):
	"""What a person is told; worded once their language is spoken."""

	user: str
	title: Callable[[Document], str]
	lead: Callable[[Document], str]


def tell(claim: Document, message: Message) -> None:
	"""A notice in the Desk, and a mail where the app is live.

	Policy: TRC-19
	"""
	reader = letters.reader_of(message.user, claim.department or "")
	with language.speaking(reader.language):
		title = message.title(claim)
		notices.insert(message.user, title, DOCTYPE, claim.name)
		if config.mode() == config.LIVE:
			_mail(claim, reader, title, message.lead(claim))


def _mail(claim: Document, reader: letters.Reader, title: str, lead: str) -> None:
	letter = letters.about_document(
		reader, title, lead, _facts(claim), _("Open the Claim"), (DOCTYPE, claim.name)
	)
	try:
		outgoing.queue(letter)
	except outgoing.NotQueued as problem:
		delivery.alarm(claim.name, reader.user, problem.reason, DOCTYPE)


def _facts(claim: Document) -> list[tuple[str, str]]:
	return [
		(_("Claim", context="Tracing Form"), claim.name),
		(_("Case", context="Tracing Form"), claim.tracing_case),
		(_("Ticket"), claim.ticket or ""),
		(_("Amount", context=DOCTYPE), amount(claim)),
		(_("Requested By"), get_fullname(claim.requested_by) if claim.requested_by else ""),
		(_("Grounds", context=DOCTYPE), shown.numbers_kept(as_written(claim.grounds))),
		(_("Reason of the Decision"), shown.numbers_kept(as_written(claim.decision_reason))),
	]


def amount(claim: Document) -> str:
	"""With the currency's code: its sign can be of another script than the reader's."""
	return f"{fmt_money(claim.amount)} {claim.currency}"


def _named(claim: Document) -> tuple[str, str]:
	"""Its name and amount, which keep their order in a title from right to left."""
	return shown.isolated(claim.name), shown.isolated(amount(claim))


def to_decide(claim: Document) -> str:
	return _("A claim waits for your approval: {0}, {1}").format(*_named(claim))


def to_pay(claim: Document) -> str:
	return _("An approved claim was handed over to Customer Care: {0}, {1}").format(*_named(claim))


def returned(claim: Document) -> str:
	return _("Your claim was returned to you: {0}, {1}").format(*_named(claim))


def approved(claim: Document) -> str:
	return _("Your claim was approved: {0}, {1}").format(*_named(claim))


def refused(claim: Document) -> str:
	return _("Your claim was refused: {0}, {1}").format(*_named(claim))


def paid(claim: Document) -> str:
	return _("Your claim was paid: {0}, {1}").format(*_named(claim))


def withdrawn(claim: Document) -> str:
	return _("Your claim was withdrawn: {0}, {1}").format(*_named(claim))


def look_at_it(claim: Document) -> str:
	return _("Open it to see the case, the documents and what you can do.")


def still_waiting(claim: Document) -> str:
	return _("It has been waiting for more than two working days.")


def what_came_of_it(claim: Document) -> str:
	return shown.numbers_kept(as_written(claim.decision_reason)) or _("Open it to see what came of it.")
