"""Draws the chart of an answer for paper: bars that lie, so that long names have room, from the reader's side.

Where bars and lines lie is pygal's work. What is read stays text, shaped by whoever shows it; pygal sees none of it.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

import pygal
from pygal.style import Style

from core_helpdesk.reports.drawing import INK, Box, Drawing, Label, as_svg, mirrored

if TYPE_CHECKING:
	from collections.abc import Iterator

SVG = "{http://www.w3.org/2000/svg}"
FAINT, LINE, PLAIN = "#6b7280", "#e5e7eb", "#4299e1"
SIZE, SMALL = 11, 9.5
LEADING = 1.35 * SIZE
# What a letter takes of the size on the average, in Arabic and in Latin script.
LETTER = 0.53
BAR, THICKEST, GAP, AXIS, SQUARE, EDGE, END = 16, 22, 12, 24, 10, 8, 36
LINES_ACROSS = 8
MOVED = re.compile(r"translate\(([-\d.]+), ?([-\d.]+)\)")
UPRIGHT = re.compile(r"M([-\d.]+) ([-\d.]+) v([-\d.]+)")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Series(NamedTuple):
	name: str
	values: list[float]
	color: str


class Part(NamedTuple):
	"""An element of pygal's drawing, from where its numbers count, and the classes of all that it is part of."""

	element: ElementTree.Element
	x: float
	y: float
	inside: frozenset[str]

	def number(self, name: str) -> float:
		return float(self.element.get(name, 0))


def svg(chart: dict[str, Any], *, width: int, right_to_left: bool) -> str:
	"""A chart as `reports.answer.bars` makes it, as SVG whose labels are text elements.

	Units: CSS pixels.
	"""
	return as_svg(drawing(chart, width=width, right_to_left=right_to_left))


def drawing(chart: dict[str, Any], *, width: int, right_to_left: bool) -> Drawing:
	"""The chart with its first bar at the top; for readers from the right everything lies the other way."""
	stacked = bool((chart.get("barOptions") or {}).get("stacked"))
	series = _series(chart)
	names = [_lines(_clean(name), width) for name in chart["data"]["labels"]]
	legend, top = _legend(series, width)
	height = _height(names, 1 if stacked else len(series))
	parts = list(_parts(_laid_out(names, series, (width, height), stacked=stacked), 0, top, frozenset()))
	bars = list(_bars(parts, series))
	boxes = [*_guides(parts), *(box for box, _value in bars if box.width), *(box for box, _text in legend)]
	labels = [*_named(parts, names), *_scale(parts), *_values(bars, stacked=stacked)]
	drawn = Drawing(width, top + height, boxes, [*labels, *(text for _box, text in legend)])
	return mirrored(drawn) if right_to_left else drawn


def _series(chart: dict[str, Any]) -> list[Series]:
	colors = chart.get("colors") or [PLAIN]
	return [
		Series(_clean(each.get("name")), [value or 0 for value in each["values"]], colors[n % len(colors)])
		for n, each in enumerate(chart["data"]["datasets"])
	]


def _clean(text: object) -> str:
	return " ".join(NOT_XML.sub(" ", str(text or "")).split())


def _width(text: str, size: float = SIZE) -> float:
	return len(text) * LETTER * size


def _lines(name: str, width: int) -> list[str]:
	"""A name in lines of at most a third of the width: nothing of it is cut."""
	return textwrap.wrap(name, int(width / 3 / (LETTER * SIZE))) or [""]


def _height(names: list[list[str]], bars: int) -> int:
	lines = max(map(len, names)) * LEADING
	return round(len(names) * (max(bars * BAR, lines) + GAP)) + AXIS


def _legend(series: list[Series], width: int) -> tuple[list[tuple[Box, Label]], float]:
	"""A square and a word for each series, in as many lines as they need, and where the chart begins under them."""
	found, x, y = [], 0.0, 0.0
	for each in series:
		wide = SQUARE + 6 + _width(each.name)
		if x and x + wide > width:
			x, y = 0.0, y + LEADING + 2
		text = Label(each.name, x + SQUARE + 6, y + SQUARE, "start", SIZE)
		found.append((Box(x, y + 1, SQUARE, SQUARE, each.color), text))
		x += wide + 18
	return found, y + LEADING + EDGE


def _laid_out(
	names: list[list[str]], series: list[Series], size: tuple[int, int], *, stacked: bool
) -> ElementTree.Element:
	longest = max((line for lines in names for line in lines), key=len)
	whole = all(float(value).is_integer() for each in series for value in each.values)
	kind = pygal.HorizontalStackedBar if stacked else pygal.HorizontalBar
	made = kind(
		width=size[0],
		height=size[1],
		style=Style(label_font_size=SIZE, major_label_font_size=SIZE),
		css=[],
		js=[],
		margin=0,
		margin_left=round(_width(longest)) + EDGE,
		margin_right=END,
		margin_bottom=2,
		show_legend=False,
		max_scale=LINES_ACROSS,
		order_min=0 if whole else None,
		zero=0,
	)
	made.x_labels = ["-"] * len(names)
	# It draws from the bottom.
	for each in series:
		made.add("", each.values[::-1])
	return ElementTree.fromstring(made.render())


def _parts(element: ElementTree.Element, x: float, y: float, inside: frozenset[str]) -> Iterator[Part]:
	moved = MOVED.fullmatch(element.get("transform", ""))
	if moved:
		x, y = x + float(moved[1]), y + float(moved[2])
	inside |= set(element.get("class", "").split())
	yield Part(element, x, y, inside)
	for child in element:
		yield from _parts(child, x, y, inside)


def _of(parts: list[Part], tag: str, *classes: str) -> list[Part]:
	return [part for part in parts if part.element.tag == SVG + tag and part.inside.issuperset(classes)]


def _guides(parts: list[Part]) -> Iterator[Box]:
	for part in _of(parts, "path", "axis", "x"):
		line = UPRIGHT.match(part.element.get("d", ""))
		if line:
			x, y, height = map(float, line.groups())
			yield Box(part.x + x, part.y + y, 0.75, height, LINE)


def _scale(parts: list[Part]) -> Iterator[Label]:
	for part in _of(parts, "text", "axis", "x"):
		x, y = part.x + part.number("x"), part.y + part.number("y")
		yield Label(part.element.text or "", x, y, "middle", SMALL, FAINT)


def _named(parts: list[Part], names: list[list[str]]) -> Iterator[Label]:
	for part, lines in zip(_of(parts, "text", "axis", "y"), names[::-1], strict=True):
		first = part.y + part.number("y") - (len(lines) - 1) * LEADING / 2
		for n, line in enumerate(lines):
			yield Label(line, part.x - EDGE, first + n * LEADING, "end", SIZE)


def _bars(parts: list[Part], series: list[Series]) -> Iterator[tuple[Box, float]]:
	"""Every bar with its value."""
	for n, each in enumerate(series):
		rects = _of(parts, "rect", "bar", f"serie-{n}")
		for part, value in zip(rects, each.values[::-1], strict=True):
			height = min(part.number("height"), THICKEST)
			x, y = part.x + part.number("x"), part.y + part.number("y")
			middle = y + part.number("height") / 2
			yield Box(x, middle - height / 2, part.number("width"), height, each.color), value


def _values(bars: list[tuple[Box, float]], *, stacked: bool) -> Iterator[Label]:
	"""What each bar is worth: at its end, or within the part of a bar where there is room."""
	for box, value in bars:
		text = f"{value:,.1f}".removesuffix(".0")
		y = box.y + box.height / 2 + SMALL * 0.36
		if not stacked:
			yield Label(text, box.x + box.width + 4, y, "start", SMALL, INK)
		elif value and box.width > _width(text, SMALL) + 4:
			yield Label(text, box.x + box.width / 2, y, "middle", SMALL, INK)
