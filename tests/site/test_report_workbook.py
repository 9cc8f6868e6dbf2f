"""Reports in a workbook: numbers that count, texts that compute nothing, on the reader's side."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest

from core_helpdesk.mail import language
from core_helpdesk.reports import workbook
from tests.site.report_samples import FORMULA, LONG, MARKUP, NOTHING, TITLE, answer

LANGUAGES = ("en", "ar")


def sheets(spoken: str = "en", count: int = 4) -> openpyxl.Workbook:
	with language.speaking(spoken):
		return openpyxl.load_workbook(io.BytesIO(workbook.xlsx(TITLE[spoken], answer(count))))


def test_numbers_are_numbers_and_dates_are_dates() -> None:
	sheet = sheets().active
	values = [cell.value for cell in sheet[2]]
	assert values[3:] == [1234, 0.975, -3.5, datetime(2026, 11, 22), datetime(2026, 11, 22, 14, 5)]
	assert [cell.number_format for cell in sheet[2]][3:6] == ["#,##0", "0.0%", "#,##0.0"]
	assert sheet["G2"].is_date and sheet["H2"].is_date
	assert sheet["F3"].value is None


def test_no_text_is_a_formula_and_all_of_it_is_there() -> None:
	sheet = sheets().active
	assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == [MARKUP, f"'{FORMULA}", LONG]
	assert all(cell.data_type != "f" for row in sheet for cell in row)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_workbook_opens_on_its_readers_side(spoken: str) -> None:
	book = sheets(spoken)
	assert [each.sheet_view.rightToLeft for each in book] == [spoken == "ar"] * 2
	sheet = book.active
	assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref == "A1:H5"
	assert all(cell.font.bold for cell in sheet[1]) and sheet["A2"].font.bold and not sheet["A3"].font.bold


def test_the_second_sheet_says_what_columns_mean() -> None:
	assert [cell.value for cell in sheets().worksheets[1][1]] == ["Share", "Share <i>of</i> Department."]


def test_titles_and_texts_that_no_workbook_takes() -> None:
	with language.speaking("en"):
		found = answer(1, subjects=("\x07bell",))
		book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx("[a]:*?/\\ " + "t" * 40, found)))
	assert len(book.active.title) <= 31 and book.active["B2"].value.strip() == "bell"


def test_an_empty_workbook_says_that_there_is_nothing() -> None:
	assert sheets(count=0).active["A2"].value == NOTHING["en"]
