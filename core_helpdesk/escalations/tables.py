"""Rows of our own tables by the thousand: one statement for a batch, every text a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import now

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator, Sequence

WRITTEN = ("modified", "modified_by")
MADE = (*WRITTEN, "owner", "creation")
ROWS_AT_ONCE = 1000


def insert(doctype: str, columns: Sequence[str], rows: Sequence[tuple]) -> int:
	"""Inserts the rows whose unique keys are free and returns how many those were.

	`columns` begin with `name`. A row that is there already stays as it is; any other fault raises.
	"""
	return _write(doctype, columns, rows, MADE, "`name` = `name`")


def replace(doctype: str, columns: Sequence[str], rows: Sequence[tuple]) -> int:
	"""Writes absolute values over rows that exist and are locked, by their names."""
	assigned = ", ".join(
		f"`{column}` = values(`{column}`)" for column in (*columns[1:], "modified", "modified_by")
	)
	return _write(doctype, columns, rows, WRITTEN, assigned)


def new_names(count: int) -> list[str]:
	"""Names for a batch: unguessable like any, and side by side in the table's key."""
	stem = frappe.generate_hash(length=10)
	return [f"{stem}{number:04x}" for number in range(count)]


def _write(
	doctype: str, columns: Sequence[str], rows: Sequence[tuple], standard: Sequence[str], on_duplicate: str
) -> int:
	named = ", ".join(f"`{column}`" for column in (*columns, *standard))
	moment, user = frappe.db.escape(now()), frappe.db.escape(frappe.session.user)
	stamped = ", ".join((moment, user, user, moment)[: len(standard)])
	into = f"insert into `tab{doctype}` ({named}) values "
	return sum(_write_part(into, part, stamped, on_duplicate) for part in _parts(rows))


def _parts(rows: Sequence[tuple]) -> Iterable[Sequence[tuple]]:
	return (rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE))


def _write_part(into: str, rows: Sequence[tuple], stamped: str, on_duplicate: str) -> int:
	shared = _shared(rows)
	values = ", ".join(f"({', '.join(map(_term, row, shared))}, {stamped})" for row in rows)
	# Upserts of many rows are beyond the query builder; names come from the code, texts are parameters.
	frappe.db.sql(  # nosemgrep
		f"{into}{values} on duplicate key update {on_duplicate}",
		[value for row in rows for value in _parameters(row, shared)],
	)
	return frappe.db._cursor.rowcount


def _shared(rows: Sequence[tuple]) -> list[str]:
	"""For each column the escaped value that all rows have in common, empty where they differ.

	Escaping is half the work of a large statement, and most values of a batch are the same.
	"""
	columns = zip(*rows, strict=True)
	return [
		""
		if _is_plain(column[0]) or len(set(column)) > 1
		else frappe.db.escape(str(column[0])).replace("%", "%%")
		for column in columns
	]


def _term(value: object, shared: str) -> str:
	if shared:
		return shared
	if value is None:
		return "null"
	return str(int(value)) if isinstance(value, int) else "%s"


def _parameters(row: tuple, shared: Sequence[str]) -> Iterator[object]:
	return (value for value, text in zip(row, shared, strict=True) if not text and not _is_plain(value))


def _is_plain(value: object) -> bool:
	return value is None or isinstance(value, int)
