"""The further figures of the QA Monthly Report as lines: this month beside the one before, for what the reader answers for.

A closed month keeps them with the figures of its tickets.

Policy: QA-12, CORE-13
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe import _

from core_helpdesk import months, shown
from core_helpdesk.domain.quality import SHARES, STANDING, TIME, read, total, written
from core_helpdesk.figure_words import change_in_words, in_words
from core_helpdesk.reports import closed_months, promise_days, quality_counts
from core_helpdesk.reports import quality_words as words
from core_helpdesk.reports.answer import Column, Row, column

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from core_helpdesk.domain.quality import Area, Areas, Quality
	from core_helpdesk.figure_words import Meaning

WORDED = ("this", "corrected", "last", "change", "goal")
COUNTED = ("this", "last")
"""The columns whose figures lead to what was counted."""
CACHE, KEPT_SECONDS = "ch_further_figures", 60
HEAD = ("tracing_in_time", "complaints_in_time", "inquiries_in_time", "data_accuracy", "satisfaction")


DOCTYPES = {
	"tracing": "Tracing Case",
	"claims": "Tracing Case",
	"complaints": "Ticket Leg",
	"inquiries": "Ticket Leg",
	"requests": "Group Request",
	"deviations": "Parity Deviation",
	"groups": "HD Team",
}
"""What is counted, by the first word of its name: a complaint or an inquiry by the stay with which it began."""


class Line(NamedTuple):
	"""A figure as it is read, beside that of the month before; `goal` is empty where there is none.

	`corrected` is by how much a closed month's would be another today; empty where it would not.
	"""

	name: str
	label: str
	this: str
	last: str
	change: str
	goal: str
	tone: str
	help: str
	corrected: str = ""


class Compared(NamedTuple):
	"""The months that are compared, each as its reader counts it; `today` is how a closed month would be counted now."""

	this: Quality
	last: Quality
	today: Quality | None = None


def of_month(month: str, now: int) -> Areas:
	"""The figures of a month: as they were closed, or as they were a minute ago at most.

	Units: `now`, seconds since the epoch, is the end of a month that is still running.
	"""
	return read(closed_months.kept(month, "quality") or _counted(month, now))


def _counted(month: str, now: int) -> str:
	"""Of all places, as text: whoever reads the month within a minute reads what was counted once, and whoever reads it
	within a day the promises of the days before."""
	key = f"{CACHE}:{month}"
	text = frappe.cache().get_value(key)
	if not text:
		promises = promise_days.decided(month, now)
		text = written(quality_counts.count(months.window(month, now), "", promises))
		frappe.cache().set_value(key, text, expires_in_sec=KEPT_SECONDS)
	return text


def forget() -> None:
	"""Lets the next reader be shown what is so now."""
	for key in (CACHE, promise_days.CACHE):
		frappe.cache().delete_keys(key)


def compared(month: str, now: int, sees: Callable[[Area], bool]) -> Compared:
	"""A month and the one before, of the areas that the reader sees and asked for.

	Policy: CORE-13
	"""
	this, last = of_month(month, now), of_month(months.before(month), now)
	return Compared(total(this, sees), total(last, sees), today(month, sees))


def today(month: str, sees: Callable[[Area], bool]) -> Quality | None:
	"""What a closed month would be counted like today; None if that is no other than it was closed with.

	Policy: QA-12, QA-M1
	"""
	text = closed_months.kept(month, "quality_today")
	return total(read(text), sees) if text else None


def lines(found: Compared) -> Iterator[Line]:
	"""The figures in the present language: all of them, but of the kinds of requests those that one of the months has."""
	meanings, helps = words.meanings(), words.definitions()
	for name in words.shown():
		this, last = found.this.value(name), found.last.value(name)
		# That there was none is a figure, too.
		if this or last or name not in words.of_kinds():
			line = _line(name, meanings[name], this, last, helps.get(name, ""))
			yield line._replace(corrected=_corrected(name, meanings[name], this, found.today))


def _corrected(name: str, meaning: Meaning, value: float | None, today: Quality | None) -> str:
	now = today.value(name) if today and name not in STANDING else value
	if now == value:
		return ""
	return change_in_words(meaning.unit, now, value) or in_words(meaning.unit, now)


def _line(name: str, meaning: Meaning, this: float | None, last: float | None, help_: str) -> Line:
	goal, uncounted = words.goal(name), not this and words.uncounted(name)
	return Line(
		name,
		meaning.label,
		uncounted or in_words(meaning.unit, this),
		# Where nothing was counted, none is no figure.
		in_words(meaning.unit, (last or None) if uncounted else last),
		"" if uncounted else change_in_words(meaning.unit, this, last),
		"" if goal is None else in_words(meaning.unit, goal),
		words.tone(name, meaning, this),
		help_,
	)


def records(month: str, now: int, sees: Callable[[Area], bool], name: str) -> tuple[str, list[str]] | None:
	"""What was counted for a figure of a month, as it is now: its kind and its names; None for no figure.

	Units: `now`, seconds since the epoch, is the end of a month that is still running.
	Policy: QA-12, CORE-13
	"""
	if name not in words.shown():
		return None
	counted = SHARES[name][0] if name in SHARES else name.replace(f"{TIME}requests", "requests_ended")
	found = total(quality_counts.count(months.window(month, now), counted), sees)
	return DOCTYPES[counted.split("_")[0].split(" ")[0]], sorted(set(found.behind[counted]))


def columns(found: Compared) -> list[Column]:
	corrected = column("corrected", _("Corrections Since Closing"), width=170)
	return [
		column("part", _("Figure"), width=340),
		column("this", _("This Month"), width=160),
		*([corrected] if found.today else []),
		column("last", _("Month Before"), width=130),
		column("change", _("Change"), width=110),
		column("goal", _("Goal"), width=90),
		column("help", _("What It Counts"), width=520),
	]


def rows(found: Compared, month: str) -> list[Row]:
	return [
		{
			"part": line.label,
			**{name: shown.isolated(getattr(line, name)) for name in WORDED},
			"help": line.help,
			"tones": _tones(line),
			"drill": {"part": line.name, "month": month, "figures": COUNTED},
		}
		for line in lines(found)
	]


def _tones(line: Line) -> dict[str, str]:
	tones = {"this": line.tone, "corrected": "orange" if line.corrected else ""}
	return {name: tone for name, tone in tones.items() if tone}


def summary(found: Compared) -> list[dict[str, Any]]:
	"""The shares that have all as their goal, each with that of the month before."""
	return [
		{
			"value": shown.isolated(line.this),
			"label": _("{0} (before: {1})").format(line.label, shown.isolated(line.last)),
			"datatype": "Data",
			"indicator": line.tone,
		}
		for line in lines(found)
		if line.name in HEAD and line.this != words.uncounted(line.name)
	]
