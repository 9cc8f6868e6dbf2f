"""Rows written by the thousand keep every text as it is, alone and side by side."""

import frappe
import pytest

from core_helpdesk.escalations import tables
from core_helpdesk.escalations.findings import DOCTYPE

ODD_TEXTS = [
	"50 % off, 100%% sure, %s %(name)s %d",
	'it\'s `quoted` "twice" \\ and back\\\\',
	"line\nbreak\ttab \x1a end",
	"شحنة رقم ٥ – 📦",
	"'); drop table tabUser; --",
	"",
]
COLUMNS = ("name", "kind", "details", "state")


def write(texts: list[str]) -> list[str]:
	names = tables.new_names(len(texts))
	rows = [(name, "Site Changed", text, "Open") for name, text in zip(names, texts, strict=True)]
	assert tables.insert(DOCTYPE, COLUMNS, rows) == len(texts)
	return names


def stored(names: list[str], column: str = "details") -> list[str]:
	return [frappe.db.get_value(DOCTYPE, name, column) for name in names]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_a_text_that_all_rows_share_is_stored_as_it_is(text):
	assert stored(write([text])) == [text]
	assert stored(write([text, text])) == [text, text]


def test_texts_side_by_side_are_stored_as_they_are():
	assert stored(write(ODD_TEXTS)) == ODD_TEXTS


def test_rows_are_written_over_by_name_with_what_they_share_and_what_they_do_not():
	names = write(["before"] * len(ODD_TEXTS))
	tables.replace(
		DOCTYPE,
		("name", "details", "remedy"),
		[(name, text, "100 % the same") for name, text in zip(names, ODD_TEXTS, strict=True)],
	)
	assert stored(names) == ODD_TEXTS
	assert stored(names, "remedy") == ["100 % the same"] * len(names)
	tables.replace(DOCTYPE, ("name", "details"), [(names[0], "alone: 5 %")])
	assert stored(names)[:2] == ["alone: 5 %", ODD_TEXTS[1]]
