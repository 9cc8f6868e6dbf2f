"""Words what staff are reminded of about tracing cases: one notice and one mail that list them, in the reader's language."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.utils import get_url

from core_helpdesk.mail import language, letters, notices, outgoing

if TYPE_CHECKING:
	from collections.abc import Callable, Sequence

DOCTYPE = "Tracing Case"
NAMED, LISTED = 5, 30


class Reminder(NamedTuple):
	"""What a person is reminded of, worded once their language is spoken, and the list of the screen that shows it."""

	title: Callable[[int], str]
	lead: Callable[[], str]
	list: str


def tell(user: str, reminder: Reminder, cases: Sequence[frappe._dict]) -> None:
	"""A notice in the Desk, and a mail; a mail that cannot be queued leaves the notice.

	Policy: TRC-08, TRC-11, TRC-16, TRC-23
	"""
	reader = letters.reader_of(user)
	with language.speaking(reader.language):
		title = reminder.title(len(cases))
		named = [str(case.ticket) for case in cases[:NAMED]]
		more = [_("and {0} more").format(len(cases) - NAMED)] if len(cases) > NAMED else []
		text = f"{title} ({', '.join([*named, *more])})"
		notice = notices.insert(user, text, DOCTYPE, cases[0].name)
		if len(cases) > 1:
			frappe.db.set_value(notices.DOCTYPE, notice, "link", _path(reminder), update_modified=False)
		with suppress(outgoing.NotQueued):
			outgoing.queue(_letter(reader, reminder, title, cases))


def _letter(
	reader: letters.Reader, reminder: Reminder, title: str, cases: Sequence[frappe._dict]
) -> outgoing.Letter:
	facts = [(_("Ticket {0}").format(case.ticket), _about(case)) for case in cases[:LISTED]]
	if len(cases) > LISTED:
		facts.append(("…", _("and {0} more").format(len(cases) - LISTED)))
	letter = letters.about_document(
		reader,
		title,
		reminder.lead(),
		facts,
		_("Open the First Case"),
		(DOCTYPE, cases[0].name),
		first_link=(_("Manage My Tickets"), get_url(_path(reminder))),
	)
	# What lies on the first case is read by people who may not know of the others.
	return letter._replace(filed=title)


def _about(case: frappe._dict) -> str:
	status = _(case.answer or case.status, context=DOCTYPE)
	# The status first: a line that begins with Latin letters would run from the left.
	return " · ".join(filter(None, (status, case.team, case.name)))


def _path(reminder: Reminder) -> str:
	return f"/app/tracing-work/{reminder.list}"


NOT_UPDATED = Reminder(
	lambda count: _("Tracing cases that wait for an update from you: {0}").format(count),
	lambda: _("Please follow them up, and write down what you found out."),
	"not_updated",
)
FOLLOW_UP = Reminder(
	lambda count: _("Tracing cases that you wanted to follow up by now: {0}").format(count),
	lambda: _("Please follow them up, and set the next day."),
	"mine",
)
TO_CLOSE = Reminder(
	lambda count: _("Tracing cases that are confirmed and still open: {0}").format(count),
	lambda: _("The customers are satisfied: please close them."),
	"answered",
)
URGENT = Reminder(
	lambda count: _("Urgent tracing cases that nobody has opened: {0}").format(count),
	lambda: _("Please look at them now."),
	"urgent",
)
PASSED_ON = Reminder(
	lambda count: _("Tracing cases that you passed on and that were not updated: {0}").format(count),
	lambda: _("Please ask those who have them, and add what they need."),
	"passed_on",
)
WITHOUT_EFFECT = Reminder(
	lambda count: _("Tracing cases not updated though their officers were reminded: {0}").format(count),
	lambda: _("Please see to it that they are worked."),
	"not_updated",
)
