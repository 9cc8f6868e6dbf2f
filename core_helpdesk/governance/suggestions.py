"""What departments suggest on groups: anybody of a department does, the QA Specialist answers and closes.

Policy: CORE-14
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from core_helpdesk import config
from core_helpdesk.escalations import people
from core_helpdesk.hosts import hd_team
from core_helpdesk.mail import language, notices
from core_helpdesk.setup.roles import QA_SPECIALIST, must_hold

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

DOCTYPE = "Group Suggestion"
OPEN, ANSWERED, CLOSED = "Open", "Answered", "Closed"
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

	Raises: ValidationError for a hidden group.
	"""
	if hd_team.is_hidden(suggestion.team):
		frappe.throw(_("There is no group {0}.").format(suggestion.team), title=_("Group Suggestion"))
	group = config.group(suggestion.team)
	suggestion.update(
		{
			"state": OPEN,
			"suggested_by": frappe.session.user,
			"department": group.department or None,
			"country": group.country or None,
			"answer": None,
			"answered_by": None,
			"answered_on": None,
		}
	)


def keep_machine_fields(suggestion: Document) -> None:
	"""Answers and states come by their buttons; what was suggested stays as it was written."""
	before = suggestion.get_doc_before_save()
	if before and not suggestion.flags.ch_transition:
		for field in MACHINE_FIELDS:
			suggestion.set(field, before.get(field))


def tell_specialists(suggestion: Document) -> None:
	for specialist in people.qa_specialists():
		with language.speaking(language.language_of(specialist.user)):
			text = _("{0} suggests something on the group {1}.").format(
				suggestion.suggested_by, suggestion.team
			)
			notices.insert(specialist.user, text, DOCTYPE, suggestion.name)


def reply(name: str, answer: str) -> None:
	"""Raises: PermissionError for anybody but a QA Specialist; ValidationError for no answer, or one too late."""
	suggestion = fresh(name, _("answer a suggestion"))
	if suggestion.state == CLOSED:
		frappe.throw(_("This suggestion is closed."), title=_("Group Suggestion"))
	if not (answer or "").strip():
		frappe.throw(_("Write the answer first."), title=_("Group Suggestion"))
	suggestion.update(
		{
			"answer": answer,
			"answered_by": frappe.session.user,
			"answered_on": now_datetime(),
			"state": ANSWERED,
		}
	)
	save(suggestion)
	tell(suggestion, lambda: _("The suggestion on the group {0} is answered.").format(suggestion.team))


def close(name: str) -> None:
	"""Raises: ValidationError while there is no answer: nobody is left without one."""
	suggestion = fresh(name, _("close a suggestion"))
	if suggestion.state != ANSWERED:
		frappe.throw(_("Answer it before you close it."), title=_("Group Suggestion"))
	suggestion.state = CLOSED
	save(suggestion)
	tell(suggestion, lambda: _("The suggestion on the group {0} is closed.").format(suggestion.team))


def fresh(name: str, action: str) -> Document:
	must_hold(QA_SPECIALIST, action)
	return frappe.get_doc(DOCTYPE, name, for_update=True)


def save(suggestion: Document) -> None:
	suggestion.flags.ch_transition = True
	suggestion.save()


def tell(suggestion: Document, text: Callable[[], str]) -> None:
	"""Both hear of it: who suggested it, and the head of the group's department."""
	head = people.head_of(suggestion.department or "", suggestion.country or "", getdate())
	users = [suggestion.suggested_by, *(person.user for person in head.people)]
	for user in dict.fromkeys(filter(None, users)):
		with language.speaking(language.language_of(user)):
			notices.insert(user, text(), DOCTYPE, suggestion.name)
