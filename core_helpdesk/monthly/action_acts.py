"""Deciding on a corrective action, changing it while it is open, and settling it: checked by what is stored.

Policy: QA-M2, QA-M3, TRC-M3
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cstr, formatdate, getdate

from core_helpdesk import config, months, shown
from core_helpdesk.escalations.case import invalid, refuse
from core_helpdesk.mail import monthly_letters
from core_helpdesk.monthly import actions, effects, rights
from core_helpdesk.monthly.actions import DOCTYPE, DONE, DROPPED, OPEN
from core_helpdesk.monthly.steps import is_said
from core_helpdesk.reports.names import Names
from core_helpdesk.stored_text import as_text, as_written

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

# Written by the app, whatever a caller sends along.
BY_THE_APP = (
	"owner",
	"creation",
	"month",
	"kind",
	"decided_by",
	"settled_by",
	"settled_on",
	"note",
	"reminded_on",
)
FIXED = ("what", "from_doctype", "from_report", "measure", "department", "country")
CHANGED_WHILE_OPEN = ("responsible", "due_on")


def begin(action: Document) -> None:
	"""An action is decided on a report that who decides may read, and begins open.

	Raises: PermissionError, ValidationError
	"""
	user = frappe.session.user
	if not rights.decides(user):
		refuse(_("Corrective actions are decided by management and by the QA Specialist."))
	if action.from_doctype not in effects.REPORTS:
		invalid(_("A corrective action is decided on a Monthly Report or a Tracing Month."))
	report = frappe.get_doc(action.from_doctype, cstr(action.from_report))
	report.check_permission("read")
	for field in BY_THE_APP[2:]:
		action.set(field, None)
	values = {
		"owner": user,
		"decided_by": user,
		"state": OPEN,
		"month": report.month,
		"kind": report.get("kind"),
	}
	action.update(values)
	action.what = as_text(cstr(action.what)).strip()
	_check(action)


def _check(action: Document) -> None:
	if not is_said(action.what):
		frappe.throw(_("Write what is to be done."), title=_("Text Missing"))
	_check_responsible(action)
	_check_due(action)
	if action.measure and action.measure not in effects.measures(action.from_doctype):
		frappe.throw(_("There is no such figure: {0}").format(action.measure), title=_(DOCTYPE))
	if action.department and action.from_doctype == effects.TRACING:
		invalid(_("Tracing is counted by country: leave the department empty."))


def _check_responsible(action: Document) -> None:
	person = frappe.db.get_value("User", action.responsible, ["enabled", "user_type"], as_dict=True)
	if not person or not person.enabled or person.user_type != "System User":
		frappe.throw(_("Choose somebody who can sign in to the Desk."), title=_("Responsible"))


def _check_due(action: Document) -> None:
	if not action.due_on:
		frappe.throw(_("Choose the day until which it is to be done."), title=_("To Be Done By"))
	if getdate(action.due_on) < _today():
		frappe.throw(_("The day until which it is to be done is over."), title=_("To Be Done By"))


def _today() -> object:
	return config.from_epoch(config.now_epoch()).date()


def keep(action: Document) -> None:
	"""Puts back what is not the caller's to write, and refuses what is not theirs to change.

	Raises: PermissionError, ValidationError
	"""
	stored = action.get_doc_before_save() or frappe.get_doc(DOCTYPE, action.name)
	said = cstr(action.note)
	for field in BY_THE_APP:
		action.set(field, stored.get(field))
	action.what = as_text(cstr(action.what)).strip()
	changed = [field for field in FIXED if cstr(action.get(field)) != cstr(stored.get(field))]
	if changed:
		refuse(_("What was decided stands: drop the action and decide on another one."))
	_keep_open_fields(action, stored)
	if action.state != stored.state:
		_settle(action, stored, said)


def _keep_open_fields(action: Document, stored: Document) -> None:
	changed = [field for field in CHANGED_WHILE_OPEN if _text(action, field) != _text(stored, field)]
	if not changed:
		return
	if stored.state != OPEN or not rights.decides(frappe.session.user):
		refuse(
			_("Who does it and until when is changed by management or the QA Specialist, while it is open.")
		)
	if "responsible" in changed:
		_check_responsible(action)
	if "due_on" in changed:
		_check_due(action)
		action.reminded_on = None


def _text(action: Document, field: str) -> str:
	value = action.get(field)
	return str(getdate(value)) if field == "due_on" and value else cstr(value)


def _settle(action: Document, stored: Document, note: str) -> None:
	user = frappe.session.user
	if stored.state != OPEN or action.state not in (DONE, DROPPED):
		refuse(_("This action is {0} already, and stays so.").format(_(stored.state, context=DOCTYPE)))
	is_own = stored.responsible == user and action.state == DONE
	if not (is_own or rights.decides(user)):
		refuse(_("The person responsible marks it as done; management or the QA Specialist may drop it."))
	if not is_said(note):
		frappe.throw(_("Write a note: what was done, or why it is dropped."), title=_("Note Missing"))
	now = config.from_epoch(config.now_epoch())
	action.update({"note": as_text(note).strip(), "settled_by": user, "settled_on": now})


def settle(action: Document, state: str, note: str) -> None:
	"""Marks an action as done, or drops it, for the present user, with a note.

	Raises: PermissionError, ValidationError
	"""
	action.update({"state": cstr(state), "note": cstr(note)})
	action.save()


def tell(action: Document) -> None:
	"""Tells who is to do it, unless they decided on it themselves."""
	before = action.get_doc_before_save()
	is_news = before is None or before.responsible != action.responsible
	if not is_news or action.responsible == frappe.session.user or config.mode() != config.LIVE:
		return
	monthly_letters.tell(action.responsible, message(action, assigned))


def message(action: Document, title: Callable[[Document], str]) -> monthly_letters.Message:
	"""What is said of an action to who is to do it."""
	return monthly_letters.Message(
		lambda: title(action),
		lambda: _("Please do it in time, then open it and mark it as done, with a note."),
		lambda: _facts(action),
		(DOCTYPE, action.name),
	)


def assigned(action: Document) -> str:
	text = _("You are responsible for a corrective action, to be done by {0}: {1}")
	return text.format(formatdate(action.due_on), as_written(action.what)[:100])


def overdue(action: Document) -> str:
	text = _("A corrective action is overdue since {0}: {1}")
	return text.format(formatdate(action.due_on), as_written(action.what)[:100])


def _facts(action: Document) -> list[tuple[str, str]]:
	names = Names()
	return [
		(_("What Is to Be Done"), as_written(action.what)),
		(_("To Be Done By"), shown.day(action.due_on)),
		(_("Where", context="Corrective Action"), names.place(action.department or "", action.country or "")),
		(_("Decided By"), names.person(action.decided_by)),
		(_("Decided On"), report_in_words(action)),
	]


def report_in_words(action: Document) -> str:
	"""The report on which it was decided, with its month."""
	return _("{0}: {1}").format(_(action.kind or action.from_doctype), _month(action.month))


def value_now(doctype: str, report: str, measure: str, department: str, country: str) -> str:
	"""A measure in a place as it stands on a report, in words: for who is about to decide on an action there.

	Raises: DoesNotExistError, PermissionError for who does not decide.
	Policy: QA-M3, CORE-13
	"""
	if not rights.decides(frappe.session.user):
		refuse(_("Corrective actions are decided by management and by the QA Specialist."))
	if doctype not in effects.REPORTS or measure not in effects.measures(doctype):
		return ""
	frappe.get_doc(doctype, report).check_permission("read")
	place = {"from_doctype": doctype, "from_report": report, "department": department, "country": country}
	action = frappe._dict(place, measure=measure)
	return effects.then_in_words(action) if actions.sees_effect(action) else ""


def measures_in_words(doctype: str) -> list[dict[str, str]]:
	"""The figures of a report that an action may be measured by, for a choice."""
	labels = {name: effects.meaning_of(doctype, name) for name in effects.measures(doctype)}
	return [{"value": name, "label": meaning.label} for name, meaning in labels.items() if meaning]


def is_mine(action: Document, user: str) -> bool:
	"""Whether the user may settle it."""
	return action.state == OPEN and (action.responsible == user or rights.decides(user))


def view(action: Document) -> dict[str, object]:
	"""What the form shows of an action, and what the present user may do with it."""
	user = frappe.session.user
	sees = actions.sees_effect(action)
	found = actions.latest_effect(action) if sees and action.measure else None
	meaning = effects.meaning_of(action.from_doctype, action.measure) if action.measure else None
	return {
		"report": report_in_words(action),
		"measure": meaning.label if meaning else "",
		"value_then": effects.then_in_words(action) if sees else "",
		"effect": {**found[1]._asdict(), "month": _month(found[0])} if found else None,
		"is_overdue": actions.is_overdue(action),
		"may_settle": is_mine(action, user),
		"may_drop": action.state == OPEN and rights.decides(user),
		"may_change": action.state == OPEN and rights.decides(user),
	}


def _month(month: str) -> str:
	return months.in_words(month, frappe.local.lang or "en")
