"""What departments suggest on groups: anybody of a department does, the QA Specialist answers and closes.

Policy: CORE-14
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, getdate, now_datetime

from core_helpdesk import config, permissions
from core_helpdesk.escalations import people
from core_helpdesk.hosts import hd_team
from core_helpdesk.mail import language, notices, suggestion_letters
from core_helpdesk.setup.roles import QA_SPECIALIST, must_hold
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

DOCTYPE = "Group Suggestion"
OPEN, ANSWERED, CLOSED = "Open", "Answered", "Closed"
# Nobody has more to say in one suggestion, or more of them in a day; a script might.
LONGEST = 5000
MOST_A_DAY = 20
MACHINE_FIELDS = (
	"state",
	"suggested_by",
	"department",
	"country",
	"answer",
	"answered_by",
	"answered_on",
)


def begin(suggestion: Document) -> None:
	"""A suggestion is its writer's own, on a group that they may know of, under that group's department.

	Raises: ValidationError for a group that is hidden from them or not there, for no text or too much of it, and for
	more suggestions in a day than a person has.
	Policy: CORE-14, TSM-12
	"""
	user = frappe.session.user
	suggestion.team = known_group(suggestion.team, user)
	check_pace(user)
	group = config.group(suggestion.team)
	suggestion.update(
		{
			"suggestion": written(suggestion.suggestion, _("Write the suggestion first.")),
			"state": OPEN,
			"suggested_by": user,
			"department": group.department or None,
			"country": group.country or None,
			"answer": None,
			"answered_by": None,
			"answered_on": None,
		}
	)


def known_group(team: str | None, user: str) -> str:
	"""The group as it is stored. One that is hidden is refused like one that is not there, to its members too: what
	they suggest would show it to others.
	"""
	stored = frappe.db.get_value(hd_team.TEAM, cstr(team)) if team else None
	if not stored or hd_team.is_hidden(stored) or stored in permissions.concealed_from(user):
		message = _("There is no group {0}.").format(escape_html(cstr(team)))
		frappe.throw(message, title=_("Group Suggestion"))
	return stored


def check_pace(user: str) -> None:
	since = now_datetime() - timedelta(days=1)
	if frappe.db.count(DOCTYPE, {"suggested_by": user, "creation": (">", since)}) >= MOST_A_DAY:
		message = _("You have made {0} suggestions in a day. Please go on tomorrow.").format(MOST_A_DAY)
		frappe.throw(message, title=_("Group Suggestion"))


def written(said: str | None, if_empty: str) -> str:
	"""What somebody wrote, as text."""
	text = cstr(said).strip()
	if not text:
		frappe.throw(if_empty, title=_("Group Suggestion"))
	if len(text) > LONGEST:
		message = _("The text has {0} characters; {1} are the most.").format(len(text), LONGEST)
		frappe.throw(message, title=_("Group Suggestion"))
	return as_text(text)


def keep_machine_fields(suggestion: Document) -> None:
	"""Answers and states come by their buttons; what was suggested stays as it was written."""
	before = suggestion.get_doc_before_save()
	if before and not suggestion.flags.ch_transition:
		for field in MACHINE_FIELDS:
			suggestion.set(field, before.get(field))


def tell_specialists(suggestion: Document) -> None:
	writer = frappe.get_cached_value("User", suggestion.suggested_by, "full_name") or suggestion.suggested_by
	for specialist in people.qa_specialists():
		with language.speaking(language.language_of(specialist.user)):
			text = _("{0} suggests something on the group {1}.").format(writer, suggestion.team)
			notices.insert(specialist.user, text, DOCTYPE, suggestion.name)


def reply(name: str, answer: str) -> None:
	"""Raises: PermissionError for anybody but a QA Specialist; ValidationError for no answer, or one too late."""
	suggestion = fresh(name, _("answer a suggestion"))
	if suggestion.state == CLOSED:
		frappe.throw(_("This suggestion is closed."), title=_("Group Suggestion"))
	suggestion.update(
		{
			"answer": written(answer, _("Write the answer first.")),
			"answered_by": frappe.session.user,
			"answered_on": now_datetime(),
			"state": ANSWERED,
		}
	)
	save(suggestion)
	tell(suggestion, suggestion_letters.answered)


def close(name: str) -> None:
	"""Raises: ValidationError while there is no answer: nobody is left without one."""
	suggestion = fresh(name, _("close a suggestion"))
	if suggestion.state == CLOSED:
		frappe.throw(_("This suggestion is closed."), title=_("Group Suggestion"))
	if suggestion.state != ANSWERED:
		frappe.throw(_("Answer it before you close it."), title=_("Group Suggestion"))
	suggestion.state = CLOSED
	save(suggestion)
	tell(suggestion, suggestion_letters.closed)


def fresh(name: str, action: str) -> Document:
	must_hold(QA_SPECIALIST, action)
	return frappe.get_doc(DOCTYPE, name, for_update=True)


def save(suggestion: Document) -> None:
	suggestion.flags.ch_transition = True
	suggestion.save()


def tell(suggestion: Document, title: Callable[[Document], str]) -> None:
	"""Who suggested it hears of it in the Desk and by mail, the head of the group's department in the Desk."""
	writer = suggestion.suggested_by
	suggestion_letters.tell(suggestion, writer, title)
	head = people.head_of(suggestion.department or "", suggestion.country or "", getdate())
	for user in {person.user for person in head.people} - {writer}:
		with language.speaking(language.language_of(user)):
			notices.insert(user, title(suggestion), DOCTYPE, suggestion.name)
