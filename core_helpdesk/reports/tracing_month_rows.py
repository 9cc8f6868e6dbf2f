"""Rows, columns, charts and head of the Tracing Monthly Report, worded for their reader.

First all cases together, the month before and the change; then each part, the busiest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frappe import _

from core_helpdesk import months, shown
from core_helpdesk.domain.tracing_figures import Grouping
from core_helpdesk.figure_words import Unit, in_words
from core_helpdesk.reports import month_rows
from core_helpdesk.reports.answer import NUMBER, SHARE, WHOLE, Column, Row, bars, column
from core_helpdesk.reports.names import Names
from core_helpdesk.tracing import month_definitions, month_whole, rules
from core_helpdesk.tracing import month_words as words

if TYPE_CHECKING:
	from collections.abc import Iterable

	from core_helpdesk.domain.tracing_sums import Figures
	from core_helpdesk.reports.tracing_month import Counted
	from core_helpdesk.tracing.month_whole import Whole

KINDS = {Unit.CASES: WHOLE, Unit.DAYS: WHOLE, Unit.HOURS: NUMBER, Unit.SHARE: SHARE}
# More parts than this are no chart any more.
MOST_BARS = 10
HEAD = ("opened", "closed", "within_share", "late", "satisfaction", "outstanding", "inbound_outstanding")
# Two charts leave room for the rows under them.
LOW = {"height": 180}
GREEN, RED, ORANGE, BLUE, GRAY = "#48bb78", "#e53e3e", "#ed8936", "#4299e1", "#a0aec0"


def columns(by: Grouping) -> list[Column]:
	"""`help` says what a figure counts, for whoever points at its head."""
	meanings, said = words.meanings(), month_definitions.in_words()
	found = [column("part", words.grouping_named(by), width=190)]
	found += [
		column(
			name, meanings[name].label, kind=KINDS[meanings[name].unit], width=_width(meanings[name].label)
		)
		for name in words.shown(by)
	]
	if by is not Grouping.LEG_TEAM:
		found += [column(name, meanings[name].label, width=190) for name in words.STEPS]
	return [{**each, "help": said.get(each["fieldname"], "")} for each in found]


def _width(label: str) -> int:
	"""Room for the words of the head: they are longer than any number under them."""
	return max(100, 34 + 8 * len(label))


def rows(counted: Counted) -> list[Row]:
	"""None where nothing was open in either month."""
	this, last = counted.whole, counted.last
	if not any(this.values.values()) and not any(last.values.values()):
		return []
	month = counted.wanted.month
	return [
		{**_row(counted, _("All Cases"), this), **month_rows.drill(words.ALL, month), "bold": 1},
		{**_row(counted, _("Month Before"), last), **month_rows.drill(words.ALL, months.before(month))},
		_change(counted),
		*_parts(counted),
	]


def _parts(counted: Counted) -> Iterable[Row]:
	by, names = counted.wanted.by, Names()
	for name, line in _in_order(counted.lines()):
		label = words.part_named(by, name, names)
		row = _row(counted, label, month_whole.counted(line))
		yield {**row, **month_rows.drill(name, counted.wanted.month)}


def _in_order(lines: dict[str, Figures]) -> list[tuple[str, Figures]]:
	def weight(line: Figures) -> int:
		return line.closed.count + line.outstanding.count + line.leg_assigned.count

	return sorted(lines.items(), key=lambda item: (-weight(item[1]), item[0]))


def _row(counted: Counted, label: str, line: Whole) -> Row:
	found = month_rows.row(label, words.shown(counted.wanted.by), words.meanings(), line.values, words.tone)
	return {**found, **line.claims}


def _change(counted: Counted) -> Row:
	shown_names = words.shown(counted.wanted.by)
	return month_rows.change(shown_names, words.meanings(), counted.whole.values, counted.last.values)


def summary(counted: Counted) -> list[dict[str, Any]]:
	"""The month's main figures, each with its goal or else with that of the month before."""
	meanings = words.meanings()
	this, last = counted.whole.values, counted.last.values
	return [
		{
			"value": shown.isolated(in_words(meanings[name].unit, this[name])),
			"label": _head_label(name, in_words(meanings[name].unit, last[name])),
			"datatype": "Data",
			"indicator": words.tone(name, meanings[name], this[name]),
		}
		for name in HEAD
	]


def _head_label(name: str, before: str) -> str:
	"""Short, since the page cuts what is longer: with the goal where there is one, and the month before."""
	meaning = words.meanings()[name]
	labels = {
		"within_share": _("In {0} Working Days").format(rules.terms().working_days),
		"satisfaction": _("Customers Satisfied"),
		"outstanding": _("Outstanding", context="Tracing Month"),
	}
	label, before = labels.get(name, meaning.label), shown.isolated(before)
	goal = words.goal_in_words(name, meaning)
	if goal:
		return _("{0}, goal {1} (before: {2})").format(label, shown.isolated(goal), before)
	return _("{0} (before: {1})").format(label, before)


def chart(counted: Counted) -> dict[str, Any] | None:
	"""What became of the cases of each part; `beside` is another one, of this month and the one before."""
	lines = [line for line in _in_order(counted.lines())][:MOST_BARS]
	beside = _months_beside(counted)
	if len(lines) < 2:
		return beside
	names, series = Names(), _series(counted.wanted.by)
	drawn = bars(
		[words.part_named(counted.wanted.by, name, names) for name, _line in lines],
		{
			label: [words.figure(line, name).count for _name, line in lines]
			for name, (label, _color) in series.items()
		},
		[color for _label, color in series.values()],
		stacked=counted.wanted.by is not Grouping.LEG_TEAM,
	)
	return {**drawn, **LOW, "beside": beside} if drawn else beside


def _series(by: Grouping) -> dict[str, tuple[str, str]]:
	"""The figures that are drawn, under words short enough for a legend, in their colours."""
	if by is Grouping.LEG_TEAM:
		return {
			"leg_assigned": (_("Assigned", context="Tracing Month"), BLUE),
			"leg_late": (_("Left Late"), RED),
			"leg_unanswered": (_("Not Answered"), ORANGE),
		}
	return {
		"within": (_("In Time"), GREEN),
		"late": (_("Closed Late"), RED),
		"outstanding": (_("Outstanding", context="Tracing Month"), ORANGE),
	}


def _months_beside(counted: Counted) -> dict[str, Any] | None:
	labels = words.chart_labels()
	this, last = counted.whole.values, counted.last.values
	drawn = bars(
		list(labels.values()),
		{
			_("Month Before"): [last[name] or 0 for name in labels],
			_("This Month"): [this[name] or 0 for name in labels],
		},
		[GRAY, BLUE],
	)
	return {**drawn, **LOW} if drawn else None
