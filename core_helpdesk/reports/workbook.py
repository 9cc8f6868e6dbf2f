"""An answer as a workbook: numbers as numbers, dates as dates, text as text, and a sheet that says what the columns mean.

Policy: QA-12, TSM-09
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from frappe import _
from frappe.utils import get_datetime, getdate
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from core_helpdesk import shown
from core_helpdesk.domain.cells import written
from core_helpdesk.reports.answer import DAY, LENGTH, MOMENT, NUMBER, NUMBERS, SHARE, WHOLE
from core_helpdesk.reports.cell_words import COLORS
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from openpyxl.cell import Cell
	from openpyxl.worksheet.worksheet import Worksheet

	from core_helpdesk.reports.answer import Answer, Column

FORMATS = {
	WHOLE: "#,##0",
	NUMBER: "#,##0.0",
	SHARE: "0.0%",
	LENGTH: "[h]:mm",
	DAY: "yyyy-mm-dd",
	MOMENT: "yyyy-mm-dd hh:mm",
}
DAY_SECONDS = 24 * 3600
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
# What spreadsheets allow.
LONGEST_TITLE, LONGEST_TEXT = 31, 32767
PIXELS_PER_LETTER = 7
WIDEST = 60
# More than anybody reads, and fewer than make a mail too large or its worker too slow.
MOST_ROWS = 5000
HEAD = PatternFill("solid", fgColor="EEF2FF")


def xlsx(title: str, answer: Answer, link: str = "") -> bytes:
	"""The rows of an answer under their heads; for readers from the right the first column is at the right.

	Below the last row that a file holds stands how many more there are, and the link to all of them.
	"""
	book = Workbook()
	sheet = book.active
	sheet.title = _title(title)
	_write_rows(sheet, answer)
	if len(answer.rows) > MOST_ROWS:
		_write_left_out(sheet, len(answer.rows) - MOST_ROWS, link)
	notes = [(column["label"], column["help"]) for column in answer.columns if column.get("help")]
	if notes:
		_write_notes(book.create_sheet(_title(_("What the Columns Mean"))), notes)
	for each in book.worksheets:
		each.sheet_view.rightToLeft = shown.in_arabic()
	made = io.BytesIO()
	book.save(made)
	return made.getvalue()


def _title(text: str) -> str:
	return " ".join(NOT_IN_TITLES.sub(" ", _plain(text)).split())[:LONGEST_TITLE] or "1"


def _plain(text: object) -> str:
	return ILLEGAL_CHARACTERS_RE.sub(" ", as_written(str(text)))


def _write_rows(sheet: Worksheet, answer: Answer) -> None:
	for n, column in enumerate(answer.columns, start=1):
		_head(sheet.cell(1, n), column["label"])
		sheet.column_dimensions[get_column_letter(n)].width = _width(column)
	for line, row in enumerate(answer.rows[:MOST_ROWS], start=2):
		tones = row.get("tones") or {}
		for n, column in enumerate(answer.columns, start=1):
			cell = sheet.cell(line, n)
			_write(cell, row.get(column["fieldname"]), column)
			color = COLORS.get(tones.get(column["fieldname"], ""), "")
			cell.font = Font(bold=bool(row.get("bold")), color=color.removeprefix("#") or None)
	if not answer.rows and answer.message:
		_text(sheet.cell(2, 1), answer.message)
	sheet.freeze_panes = "B2"
	if answer.columns:
		sheet.auto_filter.ref = (
			f"A1:{get_column_letter(len(answer.columns))}{min(len(answer.rows), MOST_ROWS) + 1}"
		)


def _write_left_out(sheet: Worksheet, count: int, link: str) -> None:
	cell = sheet.cell(MOST_ROWS + 3, 1)
	said = _("Rows that are not in this file: {0}. The report has them.").format(count)
	_text(cell, f"{said} {link}".strip())
	cell.font = Font(bold=True)
	if link:
		cell.hyperlink = link


def _head(cell: Cell, label: str) -> None:
	_text(cell, label)
	cell.font, cell.fill = Font(bold=True), HEAD
	cell.alignment = Alignment(wrap_text=True, vertical="center")


def _width(column: Column) -> float:
	longest = max(map(len, column["label"].split()), default=0) + 3
	return min(WIDEST, max(longest, (column.get("width") or 100) / PIXELS_PER_LETTER))


def _write(cell: Cell, value: Any, column: Column) -> None:
	kind = column["fieldtype"]
	if value is None or value == "":
		return
	as_value = _value(value, kind)
	if as_value is None:
		_text(cell, value)
	else:
		cell.value, cell.number_format = as_value, FORMATS[kind]


def _value(value: Any, kind: str) -> Any:
	"""What a spreadsheet counts with; None for what is text."""
	if kind == DAY:
		return getdate(value)
	if kind == MOMENT:
		return get_datetime(value).replace(tzinfo=None)
	if kind not in NUMBERS or not isinstance(value, (int, float)):
		return None
	parts = {SHARE: 100, LENGTH: DAY_SECONDS}.get(kind)
	return value / parts if parts else value


def _text(cell: Cell, value: object) -> None:
	"""Text stays text, whatever it begins with."""
	cell.value = written(_plain(value))[:LONGEST_TEXT]
	cell.data_type = "s"
	cell.alignment = Alignment(vertical="top")


def _write_notes(sheet: Worksheet, notes: list[tuple[str, str]]) -> None:
	for n, (label, said) in enumerate(notes, start=1):
		_text(sheet.cell(n, 1), label)
		sheet.cell(n, 1).font = Font(bold=True)
		_text(sheet.cell(n, 2), said)
		sheet.cell(n, 2).alignment = Alignment(wrap_text=True, vertical="top")
	sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 36, 100
