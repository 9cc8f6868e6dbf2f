"""The values of an answer as text, for what shows them without the Desk: mail and paper, in the present language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frappe.utils import format_datetime, formatdate, get_user_date_format

from core_helpdesk.reports.answer import DAY, LENGTH, MOMENT, NUMBERS, SHARE
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from collections.abc import Iterable

	from core_helpdesk.reports.answer import Column, Row

NONE = "–"
COLORS = {
	"red": "#b91c1c",
	"orange": "#b45309",
	"yellow": "#a16207",
	"green": "#15803d",
	"blue": "#1d4ed8",
	"gray": "#6b7280",
	"grey": "#6b7280",
}
INK = "#111827"


def is_number(column: Column) -> bool:
	return column["fieldtype"] in NUMBERS


def is_time(column: Column) -> bool:
	return column["fieldtype"] in (DAY, MOMENT)


def keeps_its_direction(column: Column) -> bool:
	"""Whether its values read from left to right in every language: numbers and dates do."""
	return is_number(column) or is_time(column)


def in_words(value: Any, column: Column) -> str:
	"""A value as its column shows it: a dash where there is no number, nothing where there is no text."""
	kind = column["fieldtype"]
	if value is None or value == "":
		return NONE if kind in NUMBERS else ""
	if kind == DAY:
		return formatdate(value)
	if kind == MOMENT:
		return format_datetime(value, f"{get_user_date_format().replace('mm', 'MM')} HH:mm")
	if kind in NUMBERS and isinstance(value, (int, float)):
		return _counted(value, kind)
	return " ".join(as_written(str(value)).split())


def of_row(row: Row, column: Column) -> str:
	"""A cell as its row words it, as a change with its sign; else as its column shows the value."""
	name = column["fieldname"]
	return (row.get("said") or {}).get(name) or in_words(row.get(name), column)


def _counted(value: float, kind: str) -> str:
	if kind == LENGTH:
		minutes = round(value / 60)
		return f"{minutes // 60}:{minutes % 60:02}"
	text = f"{value:,.1f}".removesuffix(".0")
	return f"{text}%" if kind == SHARE else text


def color_of(row: Row, column: Column) -> str:
	return COLORS.get((row.get("tones") or {}).get(column["fieldname"], ""), INK)


def shares(columns: list[Column], room: float, letter: float, padding: float) -> list[float]:
	"""What each column takes of a page, in percent: as on the screen, but none is narrower than a word over it.

	Units: pixels, of the page, of an average letter, and of what is beside the text of a cell.
	"""
	widths = [column.get("width") or 100 for column in columns]
	needed = [max(map(len, column["label"].split()), default=0) * letter + padding for column in columns]
	taken = [max(room * width / sum(widths), need) for width, need in zip(widths, needed, strict=True)]
	return [round(100 * width / sum(taken), 2) for width in taken]


def tiles(summary: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
	"""The figures of the head: value, label and colour of each."""
	return [_tile(figure) for figure in summary if figure.get("label")]


def _tile(figure: dict[str, Any]) -> dict[str, str]:
	column = {"fieldtype": figure.get("datatype") or "Data"}
	tone = (figure.get("indicator") or "").lower()
	value = in_words(figure["value"], column) or NONE
	return {"value": value, "label": str(figure["label"]), "color": COLORS.get(tone, INK)}
