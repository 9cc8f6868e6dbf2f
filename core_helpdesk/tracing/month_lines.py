"""A frozen month in words, for its form and its letter: lines of this month beside the one before, and its tables."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from frappe import _

from core_helpdesk.domain.tracing_figures import Grouping
from core_helpdesk.figure_words import change_in_words, in_words
from core_helpdesk.reports.names import Names
from core_helpdesk.tracing import month_words as words

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.figure_words import Meaning

Frozen = dict[str, Any]
# Of each part only what a page has room for; the report has all.
IN_TABLES = (
	"opened",
	"closed",
	"within_share",
	"late",
	"late_for_regulator",
	"outstanding",
	"inbound_outstanding",
	"overdue_for_regulator",
	"satisfaction",
)
OF_TEAMS = ("leg_assigned", "leg_to_accept_median", "leg_held_median", "leg_late", "leg_unanswered")


class Line(NamedTuple):
	"""A figure as it stands in a page, beside that of the month before, with the goal where there is one."""

	name: str
	label: str
	this: str
	last: str
	change: str
	goal: str
	tone: str


def head(frozen: Frozen) -> list[Line]:
	"""The figures of all cases together, then the claims."""
	meanings = words.meanings()
	figures = [
		_line(name, meanings[name], frozen["total"], frozen["last"]) for name in _told(words.HEAD, frozen)
	]
	return [*figures, *_claims(frozen)]


def _told(names: tuple[str, ...], frozen: Frozen) -> tuple[str, ...]:
	"""Another owner's figures stand where its days were counted when the month was made."""
	return words.told(names, frozen.get("regulator_days", 0))


def _line(name: str, meaning: Meaning, total: dict[str, Any], last: dict[str, Any]) -> Line:
	# What a later version counts, an earlier one has not frozen.
	now, then = total.get(name), last.get(name)
	return Line(
		name,
		meaning.label,
		in_words(meaning.unit, now),
		in_words(meaning.unit, then),
		change_in_words(meaning.unit, now, then),
		words.goal_in_words(name, meaning),
		words.tone(name, meaning, now),
	)


def _claims(frozen: Frozen) -> Iterator[Line]:
	labels = {step.value: words.meanings()[name].label for name, step in words.STEPS.items()}
	for claim in frozen["claims"]:
		this, last = Decimal(claim["this"]), Decimal(claim["last"])
		label = f"{labels[claim['step']]} ({claim['currency']})"
		count = f"{claim['count']} · " if claim["count"] else ""
		yield Line("", label, f"{count}{this:,.2f}", f"{last:,.2f}", _difference(this - last), "", "")


def _difference(change: Decimal) -> str:
	return f"{'+' if change > 0 else '−'}{abs(change):,.2f}" if change else ""


def tables(frozen: Frozen) -> list[dict[str, Any]]:
	"""A table for each grouping that has lines: its title, column labels and rows of words."""
	meanings, names = words.meanings(), Names()
	return [
		{
			"by": by.value,
			"title": words.grouping_named(by),
			"columns": [meanings[name].label for name in _columns(by, frozen)],
			"rows": [
				_row(_columns(by, frozen), words.part_named(by, part, names), line)
				for part, line in _in_order(frozen["groups"].get(by.value, {}))
			],
		}
		for by in Grouping
		if frozen["groups"].get(by.value)
	]


def _columns(by: Grouping, frozen: Frozen) -> tuple[str, ...]:
	return OF_TEAMS if by is Grouping.LEG_TEAM else _told(IN_TABLES, frozen)


def _in_order(lines: dict[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
	"""The busiest first."""

	def weight(line: dict[str, Any]) -> float:
		return sum(line.get(name) or 0 for name in ("closed", "outstanding", "leg_assigned"))

	return sorted(lines.items(), key=lambda item: (-weight(item[1]), item[0]))


def _row(columns: tuple[str, ...], part: str, line: dict[str, Any]) -> dict[str, Any]:
	meanings = words.meanings()
	return {
		"part": part,
		"cells": [in_words(meanings[name].unit, line.get(name)) for name in columns],
		"tones": [words.tone(name, meanings[name], line.get(name)) for name in columns],
	}


def chart(frozen: Frozen) -> dict[str, Any]:
	"""This month beside the one before, as the framework draws bars."""
	labels = words.chart_labels()
	return {
		"type": "bar",
		"height": 230,
		"animate": 0,
		"colors": ["#a0aec0", "#4299e1"],
		"data": {
			"labels": list(labels.values()),
			"datasets": [
				{"name": _("Month Before"), "values": [frozen["last"].get(name) or 0 for name in labels]},
				{"name": _("This Month"), "values": [frozen["total"].get(name) or 0 for name in labels]},
			],
		},
	}
