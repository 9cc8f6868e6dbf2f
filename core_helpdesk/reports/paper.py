"""An answer as a PDF to print and to file: figures, chart, table and what its columns mean, in the present language.

Policy: QA-12, TSM-09
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe import _

from core_helpdesk.mail import language
from core_helpdesk.reports import cell_words, charts, pdf_writer
from core_helpdesk.reports.drawing import FONTS, Drawing, Label, as_svg

if TYPE_CHECKING:
	from core_helpdesk.reports.answer import Answer, Column, Row

TEMPLATE = "core_helpdesk/templates/pdf/report.html"
# A4 within its margins, in CSS pixels.
UPRIGHT, LYING = 680, 1008
MOST_UPRIGHT = 7
# So many pages that nobody reads more, and so many seconds in which one worker draws.
MOST_ROWS = 500
# From how many columns on letters are smaller, in points.
LETTERS = ((13, 6.6), (9, 7.5), (0, 8.5))
# The pixels that a bold letter takes on the average for each of its points, and those beside the text of a cell.
LETTER, PADDING = 0.95, 14
ABOVE_BASELINE = 1.06
"""Of the size of a label: how far its line begins above its baseline."""
MOST_TILES_UPRIGHT, MOST_TILES_LYING = 4, 8
RIGHT_TO_LEFT = "\u200f"


class Page(NamedTuple):
	"""What is printed: `period` says of which days."""

	title: str
	period: str
	answer: Answer


def pdf(page: Page) -> bytes:
	"""The report on A4, lying where it has many columns.

	Raises: OSError where the machine lacks a library that WeasyPrint needs.
	"""
	return pdf_writer.written(frappe.get_template(TEMPLATE).render(context(page)))


def context(page: Page) -> dict[str, Any]:
	"""What the template shows, in the present language."""
	spoken = frappe.local.lang or "en"
	direction = language.direction(spoken)
	answer = page.answer
	lying = len(answer.columns) > MOST_UPRIGHT
	letters = next(size for least, size in LETTERS if len(answer.columns) >= least)
	return {
		"language": spoken,
		"direction": direction,
		"start": "right" if direction == "rtl" else "left",
		"end": "left" if direction == "rtl" else "right",
		"fonts": FONTS,
		"lying": lying,
		"letters": letters,
		"title": page.title,
		"period": page.period,
		"page_of": counting_pages(_("Page {0} of {1}")),
		"message": answer.message,
		"tile_rows": _tile_rows(cell_words.tiles(answer.summary), lying, direction),
		"chart": drawn(answer.chart, LYING if lying else UPRIGHT, direction)
		if answer.chart and answer.rows
		else None,
		"columns": _columns(answer.columns, LYING if lying else UPRIGHT, letters) if answer.rows else [],
		"rows": [_row(row, answer.columns) for row in answer.rows[:MOST_ROWS]],
		"more": _more(len(answer.rows) - MOST_ROWS),
		"notes_title": _("What the Columns Mean"),
		"notes": [(column["label"], column["help"]) for column in answer.columns if column.get("help")],
	}


def _more(count: int) -> str:
	return _("Rows that are not printed: {0}. The report has them.").format(count) if count > 0 else ""


def counting_pages(text: str) -> str:
	"""The words around the numbers of pages, as a style sheet wants them."""
	parts = text.replace("{1}", "{0}").split("{0}")
	words = ['"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in parts]
	return " ".join([words[0], "counter(page)", words[1], "counter(pages)", words[-1]])


def _tile_rows(tiles: list[dict[str, str]], lying: bool, direction: str) -> list[list[dict[str, str]]]:
	"""The tiles in rows of the same length; the last may be shorter."""
	if direction == "rtl":
		# A line that has no letter, as the end of a label may be, would be set from the left.
		tiles = [{**tile, "label": tile["label"] + RIGHT_TO_LEFT} for tile in tiles]
	most = MOST_TILES_LYING if lying else MOST_TILES_UPRIGHT
	rows = -(-len(tiles) // most)
	across = -(-len(tiles) // rows) if rows else 0
	return [tiles[n : n + across] for n in range(0, len(tiles), across)] if across else []


def _columns(columns: list[Column], paper: int, letters: float) -> list[dict[str, Any]]:
	shares = cell_words.shares(columns, paper, letters * LETTER, PADDING)
	return [
		{"label": column["label"], "is_number": cell_words.is_number(column), "share": share}
		for column, share in zip(columns, shares, strict=True)
	]


def _row(row: Row, columns: list[Column]) -> dict[str, Any]:
	return {"bold": bool(row.get("bold")), "cells": [_cell(row, column) for column in columns]}


def _cell(row: Row, column: Column) -> dict[str, Any]:
	return {
		"text": cell_words.of_row(row, column),
		"is_number": cell_words.is_number(column),
		"keeps": cell_words.keeps_its_direction(column),
		"color": cell_words.color_of(row, column),
	}


def drawn(chart: dict[str, Any], width: int, direction: str) -> dict[str, Any]:
	"""A chart as SVG with its labels laid over it: WeasyPrint sets the text of an SVG letter by letter, unshaped.

	Units: CSS pixels.
	"""
	found = charts.drawing(chart, width=width, right_to_left=direction == "rtl")
	return {
		"width": round(found.width),
		"height": round(found.height),
		"svg": as_svg(found, with_labels=False),
		"labels": [{"text": label.text, "style": _place(label, found)} for label in found.labels],
	}


def _place(label: Label, inside: Drawing) -> str:
	line = f"top:{label.y - ABOVE_BASELINE * label.size:.1f}px;font-size:{label.size}px;color:{label.color};"
	if label.anchor == "start":
		return f"{line}left:{label.x:.1f}px;text-align:left;"
	if label.anchor == "end":
		return f"{line}right:{inside.width - label.x:.1f}px;text-align:right;"
	return f"{line}left:{label.x - 50:.1f}px;width:100px;text-align:center;"
