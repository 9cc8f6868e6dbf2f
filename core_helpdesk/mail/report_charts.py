"""A chart in a mail: bars as cells of a table with a colour, because mail readers show no SVG."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
PLAIN = "#4299e1"
# In percent: the longest bar leaves room for its number, and the shortest can still be seen.
LONGEST, SHORTEST = 86, 1


class Piece(NamedTuple):
	"""A coloured part of a bar; its width is in percent of the chart's."""

	width: int
	color: str
	value: str


class Bar(NamedTuple):
	"""`value` stands at the end of the bar."""

	pieces: list[Piece]
	value: str


class Group(NamedTuple):
	label: str
	bars: list[Bar]


class Chart(NamedTuple):
	"""`legend` has a colour and a name for each series."""

	legend: list[tuple[str, str]]
	groups: list[Group]


def chart_of(chart: dict[str, Any]) -> Chart:
	"""A chart as `reports.answer.bars` makes it, laid out for a mail."""
	datasets = chart["data"]["datasets"]
	colors = [color if COLOR.fullmatch(color) else PLAIN for color in chart.get("colors") or [PLAIN]]
	legend = [(colors[n % len(colors)], str(each.get("name") or "")) for n, each in enumerate(datasets)]
	lines = [
		(str(label), [each["values"][n] or 0 for each in datasets])
		for n, label in enumerate(chart["data"]["labels"])
	]
	stacked = bool((chart.get("barOptions") or {}).get("stacked"))
	highest = max((sum(values) if stacked else max(values) for _label, values in lines), default=0) or 1
	groups = []
	for label, values in lines:
		pieces = [
			Piece(_width(value, highest), color, _in_words(value))
			for value, (color, _name) in zip(values, legend, strict=True)
		]
		bars = [Bar([piece for piece in pieces if piece.width], _in_words(sum(values)))]
		if not stacked:
			bars = [Bar([piece] if piece.width else [], piece.value) for piece in pieces]
		groups.append(Group(label, bars))
	return Chart(legend, groups)


def _width(value: float, highest: float) -> int:
	return max(SHORTEST, round(LONGEST * value / highest)) if value > 0 else 0


def _in_words(value: float) -> str:
	return f"{value:,.1f}".removesuffix(".0")
