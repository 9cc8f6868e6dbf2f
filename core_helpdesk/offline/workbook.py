"""The report as a workbook: figures as numbers, every escalation in a sheet of its own, right-to-left in Arabic."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from core_helpdesk.offline.report import COUNT, DURATION, SHARE, TEXT, Column

if TYPE_CHECKING:
	from collections.abc import Iterable

	from openpyxl.cell import Cell
	from openpyxl.worksheet.worksheet import Worksheet

	from core_helpdesk.offline.report import Report, Table, Value
	from core_helpdesk.offline.words import Words

MOMENT = "moment"
FORMATS = {COUNT: "#,##0", SHARE: "0.0%", DURATION: "#,##0.0", MOMENT: "yyyy-mm-dd hh:mm"}
WIDTHS = {TEXT: 26, COUNT: 13, SHARE: 13, DURATION: 15, MOMENT: 18}
HEADING = PatternFill("solid", start_color="17375E")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
FORBIDDEN_IN_TITLES = re.compile(r"[\\/*?:\[\]]")


def workbook(report: Report, escalations: Iterable[tuple[str, ...]], say: Words) -> bytes:
	"""The content of an .xlsx file.

	Units: durations are in hours, as their headings say.
	"""
	book = Workbook()
	_summary(book.active, report, say)
	for table in report.tables:
		_table(_sheet(book, table.title, say), table, say)
	_escalations(_sheet(book, say("Escalations"), say), escalations, say)
	content = io.BytesIO()
	book.save(content)
	return content.getvalue()


def _sheet(book: Workbook, title: str, say: Words) -> Worksheet:
	sheet = book.create_sheet(FORBIDDEN_IN_TITLES.sub(" ", title)[:31])
	sheet.sheet_view.rightToLeft = say.direction == "rtl"
	return sheet


def _summary(sheet: Worksheet, report: Report, say: Words) -> None:
	sheet.title = say("Summary")[:31]
	sheet.sheet_view.rightToLeft = say.direction == "rtl"
	_put(sheet, 1, 1, report.title).font = Font(bold=True, size=16)
	_put(sheet, 2, 1, report.period)
	row = 4
	for card in report.cards:
		_put(sheet, row, 1, card.title)
		cell = _put(sheet, row, 2, card.number)
		cell.number_format = FORMATS.get(card.kind, "General")
		cell.font = Font(bold=True)
		_put(sheet, row, 3, card.note)
		row += 1
	for line in ("", *report.findings, "", *report.notes):
		_put(sheet, row, 1, line)
		row += 1
	sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 42, 14


def _table(sheet: Worksheet, table: Table, say: Words) -> None:
	columns = [
		Column(say("{0} (hours)", column.title), DURATION) if column.kind == DURATION else column
		for column in table.columns
	]
	_fill(sheet, columns, table.rows)


def _escalations(sheet: Worksheet, escalations: Iterable[tuple[str, ...]], say: Words) -> None:
	columns = [
		Column(say("Ticket"), TEXT),
		Column(say("Cycle"), COUNT),
		Column(say("Level"), COUNT),
		Column(say("Group"), TEXT),
		Column(say("Escalated to"), TEXT),
		Column(say("Due at"), MOMENT),
		Column(say("Reason"), TEXT),
	]
	rows = [
		(ticket, int(cycle), int(level), group, say.name(target), due, reason)
		for ticket, cycle, level, group, target, due, reason in escalations
	]
	_fill(sheet, columns, rows)
	sheet.column_dimensions["G"].width = 70


def _fill(sheet: Worksheet, columns: list[Column], rows: Iterable[tuple[Value, ...]]) -> None:
	for number, column in enumerate(columns, 1):
		cell = _put(sheet, 1, number, column.title)
		cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEADING
		cell.alignment = Alignment(wrap_text=True, vertical="center")
		sheet.column_dimensions[get_column_letter(number)].width = WIDTHS[column.kind]
	for number, row in enumerate(rows, 2):
		for place, (column, value) in enumerate(zip(columns, row, strict=True), 1):
			cell = _put(sheet, number, place, _converted(column, value))
			if column.kind != TEXT:
				cell.number_format = FORMATS[column.kind]
	sheet.freeze_panes = "B2"
	sheet.auto_filter.ref = sheet.dimensions


def _converted(column: Column, value: Value) -> Value | datetime:
	if column.kind == DURATION and isinstance(value, int):
		return round(value / 3600, 2)
	if column.kind == MOMENT and isinstance(value, str):
		return datetime.fromisoformat(value)
	return value


def _put(sheet: Worksheet, row: int, column: int, value: Value | datetime) -> Cell:
	"""The cell with a value; text that looks like a formula stays text."""
	cell = sheet.cell(row, column)
	if isinstance(value, str):
		cell.value = UNPRINTABLE.sub(" ", value)
		cell.data_type = "s"
	else:
		cell.value = value
	return cell
