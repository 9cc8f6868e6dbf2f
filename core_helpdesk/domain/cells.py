"""Texts in CSV files that a spreadsheet opens: none of them may be taken for a formula, and each is read back as it was."""

from __future__ import annotations

import re

QUOTE = "'"
# What a spreadsheet computes, and what would be read back as if we had put the quote before it.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
QUOTED = re.compile(r"'+[=+\-@\t\r]")


def written(text: str) -> str:
	"""The text with a quote before it where a spreadsheet would compute it."""
	return QUOTE + text if FORMULA.match(text) else text


def as_read(cell: str) -> str:
	"""The text behind a cell: `written` undone."""
	return cell[1:] if QUOTED.match(cell) else cell
