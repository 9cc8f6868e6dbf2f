"""What people and other machines say, on its way into rows that are written past the framework's cleaning.

It is kept as they wrote it, but for what a page would take for markup: that is shown as text.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

# A page begins no tag before a blank, a digit or an equals sign: what is smaller than something stays as it is.
TAG = re.compile(r"<(?![\s\d=])")
COLUMN_BYTES = 65535
CUT = "…"
TEXT_TYPES = ("Data", "Small Text", "Text", "Long Text")


def as_text(said: str | None) -> str:
	"""The text without markup, no longer than a column for text."""
	text = TAG.sub("&lt;", said or "")
	encoded = text.encode()
	if len(encoded) <= COLUMN_BYTES:
		return text
	return encoded[: COLUMN_BYTES - len(CUT.encode())].decode(errors="ignore") + CUT


def as_written(stored: str | None) -> str:
	"""The text as its writer typed it, for what escapes it once more: it is stored as a page shows it."""
	return unescape(stored or "")


def keep_as_text(document: Document, fields: Iterable[str] = ()) -> None:
	"""Makes text of what people wrote into a document, into these fields, or into all of it and its rows.

	The framework's own cleaning leaves alone what can be read as JSON, as markup between quotation marks can.
	"""
	for field in fields or _text_fields(document):
		if isinstance(document.get(field), str):
			document.set(field, as_text(document.get(field)))
	for table in () if fields else document.meta.get_table_fields():
		for row in document.get(table.fieldname) or ():
			keep_as_text(row, _text_fields(row))


def _text_fields(document: Document) -> list[str]:
	return [field.fieldname for field in document.meta.fields if field.fieldtype in TEXT_TYPES]
