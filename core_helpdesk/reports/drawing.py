"""A chart as boxes and lines of text at their places, drawn for readers from either side, written as SVG.

Units: CSS pixels.
"""

from __future__ import annotations

from typing import NamedTuple
from xml.etree import ElementTree

FONTS = "'Noto Sans', 'Noto Sans Arabic', 'Noto Naskh Arabic', 'Segoe UI', Tahoma, Arial, sans-serif"
INK = "#1f2937"
OTHER_SIDE = {"start": "end", "middle": "middle", "end": "start"}


class Label(NamedTuple):
	"""A line of text; `y` is its baseline, and at `x` is its left `start`, its `middle` or its right `end`."""

	text: str
	x: float
	y: float
	anchor: str
	size: float
	color: str = INK


class Box(NamedTuple):
	x: float
	y: float
	width: float
	height: float
	color: str


class Drawing(NamedTuple):
	width: float
	height: float
	boxes: list[Box]
	labels: list[Label]


def mirrored(drawn: Drawing) -> Drawing:
	"""The same for readers from the other side: only the letters stay as they are."""
	boxes = [box._replace(x=drawn.width - box.x - box.width) for box in drawn.boxes]
	labels = [
		label._replace(x=drawn.width - label.x, anchor=OTHER_SIDE[label.anchor]) for label in drawn.labels
	]
	return drawn._replace(boxes=boxes, labels=labels)


def as_svg(drawn: Drawing, *, with_labels: bool = True) -> str:
	"""The drawing as SVG; without its labels for a renderer that does not shape the text of one."""
	size = {"width": _number(drawn.width), "height": _number(drawn.height)}
	look = {"viewBox": f"0 0 {size['width']} {size['height']}", "font-family": FONTS}
	# Anchors are sides of the drawing, whatever the page around it reads like.
	head = {"xmlns": "http://www.w3.org/2000/svg", "direction": "ltr", "role": "img"}
	root = ElementTree.Element("svg", {**head, **size, **look})
	for box in drawn.boxes:
		place = {name: _number(getattr(box, name)) for name in ("x", "y", "width", "height")}
		ElementTree.SubElement(root, "rect", {**place, "fill": box.color})
	for label in drawn.labels if with_labels else ():
		place = {"x": _number(label.x), "y": _number(label.y), "text-anchor": label.anchor}
		kind = {"font-size": _number(label.size), "fill": label.color, "style": "unicode-bidi:plaintext"}
		ElementTree.SubElement(root, "text", {**place, **kind}).text = label.text
	return ElementTree.tostring(root, encoding="unicode")


def _number(value: float) -> str:
	return f"{value:.2f}".rstrip("0").rstrip(".")
