"""Words what people are told of Group Requests: one notice and one mail each, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frappe import _
from frappe.utils import get_fullname

from core_helpdesk import config
from core_helpdesk.mail import delivery, language, letters, notices, outgoing
from core_helpdesk.setup import workflows as flow
from core_helpdesk.shown import country
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

DOCTYPE = "Group Request"


class Message(NamedTuple):
	"""What a person is told; worded once their language is spoken."""

	user: str
	title: Callable[[Document], str]
	lead: Callable[[Document], str]


def tell(request: Document, message: Message) -> None:
	"""A notice in the Desk, and a mail where the app is live.

	Policy: CORE-04, CORE-06, CORE-07
	"""
	reader = letters.reader_of(message.user, request.department or "")
	with language.speaking(reader.language):
		title = message.title(request)
		notices.insert(message.user, title, DOCTYPE, request.name)
		if config.mode() == config.LIVE:
			_mail(request, reader, title, message.lead(request))


def _mail(request: Document, reader: letters.Reader, title: str, lead: str) -> None:
	letter = letters.about_document(
		reader, title, lead, list(_facts(request, reader)), _("Open the Request"), (DOCTYPE, request.name)
	)
	try:
		outgoing.queue(letter)
	except outgoing.NotQueued as problem:
		delivery.alarm(request.name, reader.user, problem.reason, DOCTYPE)


def _facts(request: Document, reader: letters.Reader) -> list[tuple[str, str]]:
	since = config.to_epoch(request.states[-1].entered_at) if request.states else 0
	return [
		(_("Request"), f"{titled(request)} ({request.name})"),
		(
			_("Department", context="Core Helpdesk"),
			letters.department_named(request.department, reader.language),
		),
		(_("Country"), country(request.country, reader.language)),
		(_("Requested By"), get_fullname(request.requested_by)),
		(_("Information Needed"), as_written(request.needs)),
		(_("Reason of the Decision"), as_written(request.decision_reason)),
		(_("Since"), reader.moment(since)),
	]


def titled(request: Document) -> str:
	"""The title with its kind in the present language; it is stored in English, as every option is."""
	kind, colon, about = (request.title or request.kind).partition(": ")
	return f"{_(kind)}{colon}{as_written(about)}"


def to_review(request: Document) -> str:
	return _("A group request waits for your review: {0}").format(titled(request))


def to_decide(request: Document) -> str:
	return _("A group request waits for your approval: {0}").format(titled(request))


def to_implement(request: Document) -> str:
	return _("An approved group request waits to be implemented: {0}").format(titled(request))


def to_complete(request: Document) -> str:
	return _("Your group request needs information: {0}").format(titled(request))


def approved(request: Document) -> str:
	return _("Your group request was approved: {0}").format(titled(request))


def rejected(request: Document) -> str:
	return _("Your group request was rejected: {0}").format(titled(request))


def added_at_once(request: Document) -> str:
	return _("A department has added members to its group: {0}").format(as_written(request.team))


def withdrawn(request: Document) -> str:
	return _("A group request was withdrawn: {0}").format(titled(request))


def look_at_it(request: Document) -> str:
	return _("Open it to see the checks and its impact, and to decide.")


def what_to_add(request: Document) -> str:
	return as_written(request.needs) or _("Open it to see what is missing.")


def what_came_of_it(request: Document) -> str:
	if request.workflow_state == flow.REJECTED:
		return as_written(request.decision_reason)
	return _("Open it to see what came of it.")


def why_added(request: Document) -> str:
	return _("Work reason: {0}").format(as_written(request.work_reason))


def still_waiting(request: Document) -> str:
	return _("It has been waiting for more than two working days.")
