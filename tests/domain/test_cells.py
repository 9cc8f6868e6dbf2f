"""Cells of CSV files: harmless in a spreadsheet, and read back as what was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_helpdesk.domain.cells import as_read, written


@pytest.mark.parametrize(
	("text", "cell"),
	[
		("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
		("+966", "'+966"),
		("-1", "'-1"),
		("@group", "'@group"),
		("\tgroup", "'\tgroup"),
		("\rgroup", "'\rgroup"),
		("'=group", "''=group"),
		("'quoted'", "'quoted'"),
		("Operations = Dammam", "Operations = Dammam"),
		("", ""),
	],
)
def test_a_text_that_would_be_computed_gets_a_quote(text: str, cell: str) -> None:
	assert written(text) == cell
	assert as_read(cell) == text


@given(st.text(alphabet="'=+-@\t\rab", max_size=6))
def test_every_text_is_read_back(text: str) -> None:
	assert as_read(written(text)) == text
	assert not written(text).startswith(tuple("=+-@\t\r"))
