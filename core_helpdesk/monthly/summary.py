"""The figures of a Monthly Report in words and in numbers for a page: lines, tables, chart and sentences.

Policy: QA-12, TSM-M1, TSM-M2
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import formatdate

from core_helpdesk import months, shown
from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_lines import total
from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.figure_words import change_in_words, in_words
from core_helpdesk.reports import month_rows, quality_figures
from core_helpdesk.reports import ticket_words as words
from core_helpdesk.reports.answer import Answer, column
from core_helpdesk.reports.names import Names
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.domain.ticket_lines import Cell
	from core_helpdesk.monthly.reading import Seen

OF_ESCALATIONS = ("escalated", "to_general_manager", "failed", "solved_in_time")
"""The figures of the Department Escalation Report."""
IN_TABLES = (
	"received",
	"closed",
	OPEN,
	"within_standard",
	"escalated",
	"to_general_manager",
	"failed",
	"time_median",
)
# Of each part only what a page has room for; the report on tickets has all.
MOST_LINES = 40
MOST_BARS = 10
RED, GRAY, BLUE = "#e53e3e", "#a0aec0", "#4299e1"


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


def shown_of(kind: str) -> tuple[str, ...]:
	return OF_ESCALATIONS if kind == flow.ESCALATION_REPORT else words.SHOWN


def head(found: Seen) -> list[Line]:
	"""The figures of all that the reader sees together."""
	meanings, corrected = words.meanings(), total(found.corrected)
	this, last = words.values(total(found.this)), words.values(total(found.last))
	return [
		Line(
			name,
			meanings[name].label,
			in_words(meanings[name].unit, this[name]),
			in_words(meanings[name].unit, last[name]),
			change_in_words(meanings[name].unit, this[name], last[name]),
			in_words(meanings[name].unit, words.GOALS[name]) if name in words.GOALS else "",
			words.tone(name, meanings[name], this[name]),
			_signed(corrected[name]),
		)
		for name in shown_of(found.report.kind)
	]


def others(found: Seen) -> list[dict[str, Any]]:
	"""What the QA Monthly Report says beside tickets; other reports say nothing of it."""
	if found.report.kind != flow.QA_REPORT:
		return []
	return [{**line._asdict(), "corrected": ""} for line in quality_figures.lines(found.others)]


def _signed(count: int) -> str:
	return f"{'+' if count > 0 else '−'}{abs(count)}" if count else ""


def table(found: Seen, by: Dimension) -> dict[str, Any]:
	"""A table of the lines of a grouping: its title, column labels and rows of words."""
	columns = OF_ESCALATIONS if found.report.kind == flow.ESCALATION_REPORT else IN_TABLES
	meanings, names, parts = words.meanings(), Names(), found.lines(by)
	return {
		"by": by.value,
		"title": words.dimension_named(by),
		"columns": [meanings[name].label for name in columns],
		"rows": [_row(columns, words.part_named(by, part, names), cell) for part, cell in parts[:MOST_LINES]],
		"left_out": max(0, len(parts) - MOST_LINES),
	}


def _row(columns: tuple[str, ...], part: str, cell: Cell) -> dict[str, Any]:
	meanings, values = words.meanings(), words.values(cell)
	return {
		"part": part,
		"cells": [in_words(meanings[name].unit, values[name]) for name in columns],
		"tones": [words.tone(name, meanings[name], values[name]) for name in columns],
	}


def chart(found: Seen) -> dict[str, Any]:
	"""This month beside the one before, as the framework draws bars; of escalations the departments beside each other."""
	if found.report.kind == flow.ESCALATION_REPORT:
		return _escalation_chart(found)
	names = ("received", "closed", OPEN, "escalated", "failed")
	this, last, labels_of = total(found.this), total(found.last), words.head_labels()
	labels = [labels_of[name] for name in names]
	series = {
		_("Month Before"): [last[name] for name in names],
		_("This Month"): [this[name] for name in names],
	}
	return _bars(labels, series, [GRAY, BLUE])


def _escalation_chart(found: Seen) -> dict[str, Any]:
	parts, names = found.lines(Dimension.DEPARTMENT)[:MOST_BARS], Names()
	labels = [words.part_named(Dimension.DEPARTMENT, part, names) for part, _cell in parts]
	labels_of = words.head_labels()
	of = ("escalated", "failed")
	series = {labels_of[name]: [cell[name] for _part, cell in parts] for name in of}
	return _bars(labels, series, [GRAY, RED])


def _bars(labels: list[str], series: dict[str, list[int]], colors: list[str]) -> dict[str, Any]:
	datasets = [{"name": name, "values": values} for name, values in series.items()]
	return {
		"type": "bar",
		"height": 230,
		"animate": 0,
		"colors": colors,
		"data": {"labels": labels, "datasets": datasets},
	}


def sentences(found: Seen) -> list[str]:
	"""The month in words, from the same figures: nothing in them is stored, and so each reader has their own."""
	lines = {line.name: line for line in head(found)}
	month = shown.isolated(months.in_words(found.report.month, frappe.local.lang or "en"))
	said = [] if found.report.kind == flow.ESCALATION_REPORT else [_received(lines, month), _standard(lines)]
	said += [_escalated(lines), _late(lines), *_furthest(found)]
	if any(total(found.corrected).counts.values()):
		said.append(
			_("What the records would say otherwise today stands beside the figures as a correction.")
		)
	return said


def _received(lines: dict[str, Line], month: str) -> str:
	text = _("Tickets received in {0}: {1}; closed: {2}; open at the end: {3}.")
	return text.format(month, *(shown.isolated(lines[name].this) for name in ("received", "closed", OPEN)))


def _standard(lines: dict[str, Line]) -> str:
	line = lines["within_standard"]
	text = _("Closed within the Standard: {0}; in the month before: {1}; the goal is {2}.")
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
	"""The department that is furthest from the Standard, where there is more than one."""
	parts = [
		(cell.within_standard, part)
		for part, cell in found.lines(Dimension.DEPARTMENT)
		if part and cell.within_standard is not None and cell.within_standard < 1
	]
	if len(parts) < 2:
		return []
	share, part = min(parts)
	meaning = words.meanings()["within_standard"]
	name = shown.isolated(Names().department(part))
	text = _("Furthest from the Standard: {0}, with {1}.")
	return [text.format(name, shown.isolated(in_words(meaning.unit, share)))]


def escalations(found: Seen) -> Answer:
	"""The Department Escalation Report as rows: a line of each department, with what was discussed."""
	meanings, names, said = words.meanings(), Names(), words.definitions()
	columns = [column("part", words.dimension_named(Dimension.DEPARTMENT), width=190)]
	columns += month_rows.columns(OF_ESCALATIONS, meanings, said)
	rows = [
		month_rows.row(
			words.part_named(Dimension.DEPARTMENT, part, names),
			OF_ESCALATIONS,
			meanings,
			words.values(cell),
			words.tone,
		)
		for part, cell in found.lines(Dimension.DEPARTMENT)
	]
	message = "" if rows else _("Nothing escalated in this month.")
	return Answer(
		columns,
		rows,
		message or _("Made on {0}: these figures stand.").format(shown.day(found.report.made_on)),
	)


def outcomes(report: Document) -> list[tuple[str, str, str, str]]:
	"""Of each department what was discussed, when, and who entered it; empty where nothing was yet."""
	names = Names()
	return [
		(
			names.place(row.department or "", row.country or "") or "–",
			shown.numbers_kept(as_written(row.outcome)),
			formatdate(row.discussed_on) if row.discussed_on else "",
			names.person(row.entered_by),
		)
		for row in report.outcomes
	]
