"""What reports of figures have in common: heads that say what is counted, numbers in their colours, and where they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _

from core_helpdesk import shown
from core_helpdesk.figure_words import Unit, as_number, change_in_words, in_words
from core_helpdesk.reports.answer import NUMBER, SHARE, WHOLE, column

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Mapping

	from core_helpdesk.figure_words import Meaning, Number
	from core_helpdesk.reports.answer import Column, Row

	Meanings = Mapping[str, Meaning]
	Values = Mapping[str, Number]
	Tone = Callable[[str, Meaning, Number], str]

KINDS = {Unit.CASES: WHOLE, Unit.HOURS: NUMBER, Unit.SHARE: SHARE}


def columns(names: Iterable[str], meanings: Meanings, definitions: Mapping[str, str]) -> list[Column]:
	"""Columns of these figures; `help` says what each counts, for whoever points at its head."""
	return [{**_column(name, meanings[name]), "help": definitions[name]} for name in names]


def _column(name: str, meaning: Meaning) -> Column:
	width = max(100, 34 + 8 * len(meaning.label))
	return {**column(name, meaning.label, kind=KINDS[meaning.unit], width=width), "precision": 1}


def row(label: str, names: Iterable[str], meanings: Meanings, values: Values, tone: Tone) -> Row:
	"""The figures of these names as numbers, and the colours of those that have one."""
	names = tuple(names)
	tones = {name: tone(name, meanings[name], values[name]) for name in names}
	return {
		"part": label,
		**{name: as_number(meanings[name].unit, values[name]) for name in names},
		"tones": {name: tone for name, tone in tones.items() if tone},
	}


def change(names: Iterable[str], meanings: Meanings, this: Values, last: Values) -> Row:
	"""By how much each figure changed, green where that is better; `said` is each with its sign, a share in points."""
	found: Row = {"part": _("Change"), "tones": {}, "said": {}}
	for name in names:
		found["said"][name] = change_in_words(meanings[name].unit, this[name], last[name])
		now, then = (as_number(meanings[name].unit, month[name]) for month in (this, last))
		found[name] = None if now is None or then is None else round(now - then, 1)
		if found[name] and meanings[name].better:
			found["tones"][name] = "green" if found[name] * meanings[name].better > 0 else "red"
	return found


def corrections(names: Iterable[str], meanings: Meanings, today: Values, then: Values) -> list[Row]:
	"""By how much the figures would be others today, if any would: what was closed is never changed silently.

	Policy: QA-12, QA-M1
	"""
	said = {name: correction_in_words(meanings[name].unit, today[name], then[name]) for name in names}
	said = {name: text for name, text in said.items() if text}
	if not said:
		return []
	found = {name: _difference(meanings[name].unit, today[name], then[name]) for name in said}
	return [
		{
			"part": _("Corrections Since Closing"),
			**dict.fromkeys(names),
			**found,
			"tones": dict.fromkeys(found, "orange"),
			"said": said,
		}
	]


def correction_in_words(unit: Unit, today: Number, then: Number) -> str:
	"""By how much a figure would be another today, a share in points; what it would be where one of both is none.

	Empty where it reads the same.
	"""
	if as_number(unit, today) == as_number(unit, then):
		return ""
	return change_in_words(unit, today, then) or in_words(unit, today)


def _difference(unit: Unit, today: Number, then: Number) -> Number:
	now, before = as_number(unit, today), as_number(unit, then)
	return round((now or 0) - (before or 0), 1)


def head(labels: Mapping[str, str], meanings: Meanings, this: Values, last: Values, tone: Tone) -> list[Row]:
	"""The figures for the head of a report under these labels, each with that of the time before."""
	return [
		{
			"value": shown.isolated(in_words(meanings[name].unit, this[name])),
			"label": _("{0} (before: {1})").format(
				label, shown.isolated(in_words(meanings[name].unit, last[name]))
			),
			"datatype": "Data",
			"indicator": tone(name, meanings[name], this[name]),
		}
		for name, label in labels.items()
	]


def drill(part: str, month: str) -> Row:
	"""Says to the page which records the figures of a line are of."""
	return {"drill": {"part": part, "month": month}}
