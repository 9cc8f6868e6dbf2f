"""The tables, charts and tiles of a Monthly Report: each part of a month beside the month before, for form, paper and mail.

Policy: QA-12, TSM-M1, TSM-M2
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from frappe import _

from core_helpdesk import shown
from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.figure_words import in_words
from core_helpdesk.reports import month_rows, ticket_month_rows
from core_helpdesk.reports import ticket_words as words
from core_helpdesk.reports.answer import Answer, bars, column
from core_helpdesk.reports.brief_names import brief
from core_helpdesk.reports.names import Names
from core_helpdesk.setup import monthly_workflow as flow

if TYPE_CHECKING:
	from core_helpdesk.domain.ticket_lines import Cell
	from core_helpdesk.monthly.reading import Seen

OF_ESCALATIONS = ("escalated", "to_general_manager", "failed", "solved_in_time")
"""The figures of the Department Escalation Report."""
IN_TABLES = (
	"received",
	"reopened",
	"closed",
	OPEN,
	"within_standard",
	"escalated",
	"to_general_manager",
	"failed",
	"time_median",
	"time_p90",
)
"""Those of a part that a lying page has room for; the report on tickets has all."""
IN_CHART = ("received", "closed", OPEN, "escalated", "failed")
TILES_OF_ESCALATIONS = ("escalated", "to_general_manager", "failed")
MOST_LINES = 40
MOST_BARS, MOST_BARS_ON_PAPER = 10, 5
RED, GRAY, BLUE = "#e53e3e", "#a0aec0", "#4299e1"


class Part(NamedTuple):
	"""A line of a table: what it is called, and its figures in the month and in the one before."""

	name: str
	this: Cell
	last: Cell


class Chart(NamedTuple):
	"""A chart with what stands over it."""

	title: str
	drawn: dict[str, Any]


def is_of_escalations(found: Seen) -> bool:
	return found.report.kind == flow.ESCALATION_REPORT


def table(found: Seen, by: Dimension) -> dict[str, Any]:
	"""A table of the lines of a grouping: its title, the head of the lines, column labels, and rows of words with those
	of the month before.

	Policy: QA-12
	"""
	columns = OF_ESCALATIONS if is_of_escalations(found) else IN_TABLES
	meanings, names, parts = words.meanings(), Names(), found.parts(by)
	return {
		"by": by.value,
		"title": titles()[by],
		"head": words.dimension_named(by),
		"columns": [meanings[name].label for name in columns],
		"rows": [_row(columns, words.part_named(by, part.name, names), part) for part in parts[:MOST_LINES]],
		"left_out": max(0, len(parts) - MOST_LINES),
	}


def titles() -> dict[Dimension, str]:
	"""What stands over a table of each grouping."""
	return {
		Dimension.COUNTRY: _("By Country"),
		Dimension.DEPARTMENT: _("By Department"),
		Dimension.GROUP_CATEGORY: _("By Group Category"),
		Dimension.GROUP: _("By Group"),
		Dimension.TICKET_CATEGORY: _("By Ticket Category"),
	}


def _row(columns: tuple[str, ...], label: str, part: Part) -> dict[str, Any]:
	meanings, this, last = words.meanings(), words.values(part.this), words.values(part.last)
	return {
		"part": label,
		"cells": [in_words(meanings[name].unit, this[name]) for name in columns],
		"before": [in_words(meanings[name].unit, last[name]) for name in columns],
		"tones": [words.tone(name, meanings[name], this[name]) for name in columns],
	}


def has_figures(found: Seen) -> bool:
	"""Whether anything was counted of what the reader sees, in the month or in the one before."""
	return any(any(cell.counts.values()) for cell in (found.whole, found.whole_last))


def tiles(found: Seen) -> list[dict[str, Any]]:
	"""The main figures, each with that of the month before; none where nothing was counted."""
	if not has_figures(found):
		return []
	labels = words.head_labels()
	if is_of_escalations(found):
		labels = {name: labels[name] for name in TILES_OF_ESCALATIONS}
	this, last = words.values(found.whole), words.values(found.whole_last)
	return month_rows.head(labels, words.meanings(), this, last, words.tone)


def chart(found: Seen) -> dict[str, Any]:
	"""This month beside the one before, as the Desk draws bars; of escalations the departments beside each other."""
	if is_of_escalations(found):
		labels, *figures = _escalated(found, MOST_BARS)
		return _as_bars(brief(labels), *figures)
	return _as_bars(*_of_all(found))


def charts(found: Seen) -> list[Chart]:
	"""What is drawn on paper: the month beside the one before, and the departments beside each other, as far as there
	are two.
	"""
	by_department = titles()[Dimension.DEPARTMENT]
	if is_of_escalations(found):
		drawn = [Chart(by_department, bars(*_escalated(found, MOST_BARS)))]
	else:
		of_departments = ticket_month_rows.chart(found.counted(Dimension.DEPARTMENT), MOST_BARS_ON_PAPER)
		drawn = [
			Chart(_("This Month and the Month Before"), bars(*_of_all(found))),
			Chart(by_department, of_departments),
		]
	return [each for each in drawn if each.drawn] if has_figures(found) else []


Bars = tuple[list[str], dict[str, list[int]], list[str]]
"""Labels, values of each series, and their colours."""


def _of_all(found: Seen) -> Bars:
	this, last = found.whole, found.whole_last
	# The name of whom it goes to has no room under a bar, and would be left out.
	labels = {**words.head_labels(), "escalated": _("Escalated", context="Ticket Figures")}
	series = {
		_("Month Before"): [last[name] for name in IN_CHART],
		_("This Month"): [this[name] for name in IN_CHART],
	}
	return [labels[name] for name in IN_CHART], series, [GRAY, BLUE]


def _escalated(found: Seen, most: int) -> Bars:
	parts, names, labels = found.parts(Dimension.DEPARTMENT)[:most], Names(), words.head_labels()
	series = {labels[name]: [part.this[name] for part in parts] for name in ("escalated", "failed")}
	called = [words.part_named(Dimension.DEPARTMENT, part.name, names) for part in parts]
	return called, series, [GRAY, RED]


def _as_bars(labels: list[str], series: dict[str, list[int]], colors: list[str]) -> dict[str, Any]:
	datasets = [{"name": name, "values": values} for name, values in series.items()]
	return {
		"type": "bar",
		"height": 230,
		"animate": 0,
		"colors": colors,
		# Letters take less room than it thinks, and it leaves out what does not fit.
		"axisOptions": {"seriesLabelSpaceRatio": 1.2},
		"data": {"labels": labels, "datasets": datasets},
	}


def escalations(found: Seen) -> Answer:
	"""The Department Escalation Report as rows for a mail: all together, the month before, and each department.

	Policy: TSM-M2
	"""
	columns = [column("part", words.dimension_named(Dimension.DEPARTMENT), width=190)]
	columns += month_rows.columns(OF_ESCALATIONS, words.meanings(), words.definitions())
	parts, names = found.parts(Dimension.DEPARTMENT), Names()
	if not parts:
		return Answer(columns, [], _("Nothing escalated in this month."))
	rows = [
		{**_escalation_row(_("All Escalations"), found.whole), "bold": 1},
		_escalation_row(_("Month Before"), found.whole_last),
	]
	rows += [
		_escalation_row(words.part_named(Dimension.DEPARTMENT, part.name, names), part.this) for part in parts
	]
	made = _("Made on {0}: these figures are final.").format(shown.day(found.report.made_on))
	return Answer(columns, rows, made, bars(*_escalated(found, MOST_BARS)), tiles(found))


def _escalation_row(label: str, cell: Cell) -> dict[str, Any]:
	return month_rows.row(label, OF_ESCALATIONS, words.meanings(), words.values(cell), words.tone)
