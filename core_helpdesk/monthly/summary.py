"""A Monthly Report in words: its figures as lines, the month in sentences, and what people said of it.

Policy: QA-12, TSM-M1, TSM-M2
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import formatdate

from core_helpdesk import months, shown
from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.figure_words import change_in_words, in_words
from core_helpdesk.monthly import tables
from core_helpdesk.reports import month_rows, quality_figures
from core_helpdesk.reports import ticket_words as words
from core_helpdesk.reports.names import Names
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.monthly.reading import Seen


class Line(NamedTuple):
	"""A figure beside that of the month before, its goal, and by how much it would be another today."""

	name: str
	label: str
	this: str
	last: str
	change: str
	goal: str
	tone: str
	corrected: str


class Outcome(NamedTuple):
	"""What came of the discussion with a department; day and person are empty where nothing was entered yet."""

	place: str
	text: str
	day: str
	person: str


def shown_of(kind: str) -> tuple[str, ...]:
	return tables.OF_ESCALATIONS if kind == flow.ESCALATION_REPORT else words.SHOWN


def head(found: Seen) -> list[Line]:
	"""The figures of all that the reader sees together."""
	meanings, today = words.meanings(), words.values(found.whole_today)
	this, last = words.values(found.whole), words.values(found.whole_last)
	return [
		Line(
			name,
			meanings[name].label,
			in_words(meanings[name].unit, this[name]),
			in_words(meanings[name].unit, last[name]),
			change_in_words(meanings[name].unit, this[name], last[name]),
			in_words(meanings[name].unit, words.GOALS[name]) if name in words.GOALS else "",
			words.tone(name, meanings[name], this[name]),
			month_rows.correction_in_words(meanings[name].unit, today[name], this[name]),
		)
		for name in shown_of(found.report.kind)
	]


def others(found: Seen) -> list[dict[str, Any]]:
	"""What the QA Monthly Report says beside tickets; other reports say nothing of it."""
	if found.report.kind != flow.QA_REPORT:
		return []
	return [line._asdict() for line in quality_figures.lines(found.others)]


def sentences(found: Seen) -> list[str]:
	"""The month in words, from the same figures: nothing in them is stored, and so each reader has their own."""
	lines = {line.name: line for line in head(found)}
	month = shown.isolated(months.in_words(found.report.month, frappe.local.lang or "en"))
	said = [] if found.report.kind == flow.ESCALATION_REPORT else [_received(lines, month), _standard(lines)]
	said += [_escalated(lines), _late(lines), *_furthest(found)]
	if any(line.corrected for line in lines.values()) or any(line["corrected"] for line in others(found)):
		said.append(
			_("What the records would say otherwise today stands beside the figures as a correction.")
		)
	return said


def _received(lines: dict[str, Line], month: str) -> str:
	text = _("Tickets received in {0}: {1}; closed: {2}; open at the end: {3}.")
	return text.format(month, *(shown.isolated(lines[name].this) for name in ("received", "closed", OPEN)))


def _standard(lines: dict[str, Line]) -> str:
	line = lines["within_standard"]
	text = _(
		"Within the Standard: {0} of what was closed in time or escalated; in the month before: {1}; the goal is {2}."
	)
	return text.format(*map(shown.isolated, (line.this, line.last, line.goal)))


def _escalated(lines: dict[str, Line]) -> str:
	to_tsm, to_manager = lines["escalated"], lines["to_general_manager"]
	text = _(
		"Escalated to Ticketing System Management: {0}; in the month before: {1}; to the General Manager: {2}."
	)
	return text.format(*map(shown.isolated, (to_tsm.this, to_tsm.last, to_manager.this)))


def _late(lines: dict[str, Line]) -> str:
	failed, solved = lines["failed"], lines["solved_in_time"]
	text = _("Escalations not solved within 24 hours: {0}; in the month before: {1}; solved in time: {2}.")
	return text.format(*map(shown.isolated, (failed.this, failed.last, solved.this)))


def _furthest(found: Seen) -> list[str]:
	"""The department that is furthest from the goal of the report, where more than one has not reached it."""
	if found.report.kind == flow.ESCALATION_REPORT:
		measure, text = "solved_in_time", _("Fewest solved within 24 hours: {0}, with {1}.")
	else:
		measure, text = "within_standard", _("Lowest share within the Standard: {0}, with {1}.")
	shares = [
		(words.values(part.this)[measure], part.name)
		for part in found.parts(Dimension.DEPARTMENT)
		if part.name
	]
	missed = [(share, part) for share, part in shares if share is not None and share < words.GOALS[measure]]
	if len(missed) < 2:
		return []
	share, part = min(missed)
	said = in_words(words.meanings()[measure].unit, share)
	return [text.format(shown.isolated(Names().department(part)), shown.isolated(said))]


def outcomes(report: Document) -> list[Outcome]:
	"""Of each department what was discussed, when, and who entered it.

	Policy: TSM-M2
	"""
	names = Names()
	return [
		Outcome(
			names.place(row.department or "", row.country or "") or "–",
			shown.numbers_kept(as_written(row.outcome)) or _("Not entered yet"),
			formatdate(row.discussed_on) if row.discussed_on else "",
			names.person(row.entered_by),
		)
		for row in report.outcomes
	]
