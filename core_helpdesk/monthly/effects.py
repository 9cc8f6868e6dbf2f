"""The effect of a corrective action: its measure, in its place, on the report that it was decided on and on a later one.

Reports are frozen, and so both values can be read again at any time.
Policy: QA-M3, TRC-M3
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import frappe

from core_helpdesk.domain.ticket_lines import chosen, total
from core_helpdesk.domain.tracing_figures import Grouping
from core_helpdesk.figure_words import change_in_words, in_words
from core_helpdesk.monthly import figures
from core_helpdesk.reports import ticket_words
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.tracing import month_making, month_words

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.domain.ticket_facts import Place
	from core_helpdesk.domain.ticket_lines import Cells
	from core_helpdesk.figure_words import Meaning, Number

MONTHLY, TRACING = flow.NAME, month_making.DOCTYPE
REPORTS = (MONTHLY, TRACING)


class Effect(NamedTuple):
	"""A measure then and now, in words; `change` has its sign, `tone` is green where it became better."""

	label: str
	then: str
	now: str
	change: str
	tone: str


def measures(doctype: str) -> tuple[str, ...]:
	"""The figures that an action on a report of this doctype may be measured by."""
	return ticket_words.SHOWN if doctype == MONTHLY else month_words.OF_CASES


def meaning_of(doctype: str, measure: str) -> Meaning | None:
	found = ticket_words.meanings() if doctype == MONTHLY else month_words.meanings()
	return found.get(measure)


class Reports(dict):
	"""The frozen figures of reports, by doctype and name, each read when it is first asked for."""

	def __missing__(self, key: tuple[str, str]) -> Any:
		doctype, report = key
		if doctype == MONTHLY:
			self[key] = figures.cells_of(frappe.db.get_value(MONTHLY, report, "month"))
		else:
			self[key] = month_making.read(frappe.get_doc(TRACING, report))
		return self[key]


def _of_tickets(cells: Cells, measure: str, department: str, country: str) -> Number:
	def is_there(place: Place) -> bool:
		return department in ("", place.department) and country in ("", place.country)

	return ticket_words.values(total(chosen(cells, is_there))).get(measure)


def _of_tracing(kept: dict[str, Any], measure: str, country: str) -> Number:
	line = kept["groups"].get(Grouping.COUNTRY.value, {}).get(country, {}) if country else kept["total"]
	return line.get(measure)


def then_in_words(action: Document) -> str:
	"""The measure on the report that the action was decided on, or an empty text without a measure."""
	meaning = meaning_of(action.from_doctype, action.measure) if action.measure else None
	return in_words(meaning.unit, value(action, action.from_report, Reports())) if meaning else ""


def value(action: Document, report: str, reports: Reports) -> Number:
	"""The measure of an action as it stands on a report, in its place; None if it has no value there."""
	kept, country = reports[action.from_doctype, report], action.country or ""
	if action.from_doctype == MONTHLY:
		return _of_tickets(kept, action.measure, action.department or "", country)
	return _of_tracing(kept, action.measure, country)


def on(action: Document, report: str, reports: Reports) -> Effect | None:
	"""The effect as a later report shows it; None for an action without a measure."""
	meaning = meaning_of(action.from_doctype, action.measure) if action.measure else None
	if meaning is None:
		return None
	then, now = value(action, action.from_report, reports), value(action, report, reports)
	return Effect(
		meaning.label,
		in_words(meaning.unit, then),
		in_words(meaning.unit, now),
		change_in_words(meaning.unit, now, then),
		_tone(meaning, then, now),
	)


def _tone(meaning: Meaning, then: Number, now: Number) -> str:
	if then is None or now is None or now == then or not meaning.better:
		return ""
	return "green" if (now - then) * meaning.better > 0 else "red"
