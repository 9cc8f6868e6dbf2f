"""Corrective actions: decided on a report, done by somebody until a day, and shown on the next reports with their effect.

Policy: QA-M2, QA-M3, TRC-M3
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from core_helpdesk import config, month_permissions, months, permissions, shown
from core_helpdesk.monthly import effects, rights
from core_helpdesk.reports.names import Names
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.monthly.effects import Effect

DOCTYPE = "Corrective Action"
OPEN, DONE, DROPPED = "Open", "Done", "Dropped"
FIELDS = (
	"name",
	"what",
	"responsible",
	"department",
	"country",
	"due_on",
	"state",
	"from_doctype",
	"from_report",
	"month",
	"measure",
	"note",
	"settled_on",
)


class Shown(NamedTuple):
	"""An action as it stands on a report: on the one that it was decided on without an effect."""

	name: str
	what: str
	responsible: str
	place: str
	due: str
	state: str
	is_overdue: bool
	is_new: bool
	note: str
	effect: Effect | None


def of(report: Document) -> list[Shown]:
	"""The actions that stand on a report, for the present reader: those of earlier months first, then its own.

	Of earlier months those of the month before, and those that were not settled when this report's month began.
	Policy: QA-M3, TRC-M3
	"""
	present = permissions.scope(frappe.session.user)
	found = [row for row in _of_kind(report) if present.covers(row.department, row.country)]
	if report.doctype == effects.TRACING:
		# Its readers see all of it.
		found = _of_kind(report)
	names, reports = Names(), effects.Reports()
	return [_shown(row, report, names, reports) for row in found if _stands_on(row, report)]


def _of_kind(report: Document) -> list[frappe._dict]:
	wanted = {"from_doctype": report.doctype, "month": ("<=", report.month)}
	if report.doctype == effects.MONTHLY:
		wanted["kind"] = report.kind
	return frappe.get_all(DOCTYPE, wanted, list(FIELDS), order_by="month, due_on, name")


def _stands_on(action: frappe._dict, report: Document) -> bool:
	if action.from_report == report.name or action.month == months.before(report.month):
		return True
	if action.month == report.month:
		return False
	began = months.window(report.month).start
	return action.state == OPEN or config.to_epoch(action.settled_on) >= began


def _shown(action: frappe._dict, report: Document, names: Names, reports: effects.Reports) -> Shown:
	is_new = action.from_report == report.name
	return Shown(
		action.name,
		shown.numbers_kept(as_written(action.what)),
		names.person(action.responsible),
		names.place(action.department or "", action.country or ""),
		formatdate(action.due_on),
		_(action.state, context=DOCTYPE),
		is_overdue(action),
		is_new,
		shown.numbers_kept(as_written(action.note)),
		None if is_new or not sees_effect(action) else effects.on(action, report.name, reports),
	)


def sees_effect(action: Document) -> bool:
	"""Whether the present user sees every place whose figures an action's effect holds; tracing months have readers.

	Policy: CORE-13
	"""
	if action.from_doctype == effects.TRACING:
		return month_permissions.reads(frappe.session.user)
	return rights.sees_all_of(action.department, action.country, frappe.session.user)


def is_overdue(action: Document) -> bool:
	"""Open after the day on which it was due."""
	today = config.from_epoch(config.now_epoch()).date()
	return action.state == OPEN and bool(action.due_on) and getdate(action.due_on) < today


def effect_in_words(effect: Effect) -> str:
	text = _("{0}: then {1}, now {2}")
	return text.format(effect.label, shown.isolated(effect.then), shown.isolated(effect.now))


def rows(report: Document) -> list[dict[str, Any]]:
	"""The same for a page."""
	return [
		{**action._asdict(), "effect": action.effect._asdict() if action.effect else None}
		for action in of(report)
	]


def latest_effect(action: Document) -> tuple[str, Effect] | None:
	"""The effect on the newest report after that on which the action was decided, with its month; None before any."""
	wanted: dict[str, Any] = {"month": (">", action.month)}
	if action.from_doctype == effects.MONTHLY:
		wanted["kind"] = action.kind
	later = frappe.get_all(action.from_doctype, wanted, ["name", "month"], order_by="month desc", limit=1)
	effect = effects.on(action, later[0].name, effects.Reports()) if later else None
	return (later[0].month, effect) if effect else None


def overdue(now: int) -> list[str]:
	"""The open actions whose day is over, the earliest first.

	Units: seconds since the epoch.
	"""
	before = {"state": OPEN, "due_on": ("<", config.from_epoch(now).date())}
	return frappe.get_all(DOCTYPE, before, pluck="name", order_by="due_on, name")
