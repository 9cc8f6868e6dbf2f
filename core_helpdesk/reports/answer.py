"""What a report answers: columns, rows, a word when there are none, a chart and sums.

Values are plain text, numbers and dates in the reader's language, the same on the screen, in print and in a file. A row
may say besides where a value leads (`links`) and in which colour it stands (`tones`); files do not have these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core_helpdesk import shown
from core_helpdesk.domain.cells import written

Row = dict[str, Any]
Column = dict[str, Any]

TEXT, NUMBER, WHOLE, DAY, MOMENT, LENGTH, SHARE = (
	"Data",
	"Float",
	"Int",
	"Date",
	"Datetime",
	"Duration",
	"Percent",
)
NUMBERS = (NUMBER, WHOLE, LENGTH, SHARE)
# One bar alone says no more than the number above it.
FEWEST_BARS = 2
BRIEF = "brief_labels"


def column(name: str, label: str, *, kind: str = TEXT, width: int = 150) -> Column:
	"""A column under a translated label. Never of type Link: the framework would ask for rights on what it leads to.

	Text stands where the reader begins to read; the framework would go by what the first row happens to hold.
	"""
	side = "right" if kind in NUMBERS or shown.in_arabic() else "left"
	more = {"precision": 2} if kind == NUMBER else {}
	return {"fieldname": name, "label": label, "fieldtype": kind, "width": width, "align": side, **more}


@dataclass
class Answer:
	"""`message` is shown above the rows, and alone where there are none."""

	columns: list[Column]
	rows: list[Row]
	message: str = ""
	chart: dict[str, Any] | None = None
	summary: list[dict[str, Any]] = field(default_factory=list)

	def as_tuple(self) -> tuple:
		"""In the framework's order; no text of a row is a formula to a spreadsheet."""
		rows = [as_written(row) for row in self.rows]
		return (
			self.columns,
			rows,
			self.message or None,
			_in_little_room(self.chart) if rows else None,
			self.summary,
		)


def _in_little_room(chart: dict[str, Any] | None) -> dict[str, Any] | None:
	"""The chart as the Desk draws it: with the brief names under the bars, which it would cut otherwise."""
	if not chart or BRIEF not in chart:
		return chart
	shown = {name: value for name, value in chart.items() if name != BRIEF}
	return {**shown, "data": {**chart["data"], "labels": chart[BRIEF]}}


def as_written(row: Row) -> Row:
	return {name: written(value) if isinstance(value, str) else value for name, value in row.items()}


def figure(value: float, label: str, tone: str = "") -> dict[str, Any]:
	"""A number for the head of the report."""
	number = {"value": value, "label": label, "datatype": "Int"}
	return {**number, "indicator": tone} if tone else number


def bars(
	labels: list[str],
	values: dict[str, list[float]],
	colors: list[str],
	*,
	stacked: bool = False,
	brief: list[str] | None = None,
) -> dict[str, Any] | None:
	"""A chart of bars; `values` are those of each series in the order of the labels. None for fewer than two bars.

	`brief` are the labels for where there is little room.
	"""
	if len(labels) < FEWEST_BARS:
		return None
	datasets = [{"name": name, "values": numbers} for name, numbers in values.items()]
	data = {"labels": labels, "datasets": datasets}
	chart = {"data": data, "type": "bar", "colors": colors, "height": 220, "animate": 0}
	if brief:
		chart[BRIEF] = brief
	return {**chart, "barOptions": {"stacked": 1}} if stacked else chart


def lines(labels: list[str], values: dict[str, list[float]], colors: list[str]) -> dict[str, Any] | None:
	"""A chart of lines over time; None for fewer than two points."""
	drawn = bars(labels, values, colors)
	return {**drawn, "type": "line"} if drawn else None
