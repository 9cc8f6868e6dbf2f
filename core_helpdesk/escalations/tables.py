"""Rows of our own tables by the thousand: one statement for a batch, every text a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import now

if TYPE_CHECKING:
	from collections.abc import Iterable, Sequence

MADE = ("modified", "modified_by", "owner", "creation")
ROWS_AT_ONCE = 1000


def insert(doctype: str, columns: Sequence[str], rows: Sequence[tuple]) -> int:
	"""Inserts the rows whose unique keys are free and returns how many those were.

	`columns` begin with `name`. A row that is there already stays as it is; any other fault raises.
	"""
	moment, user = _literal(now()), _literal(frappe.session.user)
	into = f"insert into `tab{doctype}` ({_named((*columns, *MADE))}) values "
	return sum(_insert_part(into, part, f"{moment}, {user}, {user}, {moment}") for part in _parts(rows))


def replace(doctype: str, columns: Sequence[str], rows: Sequence[tuple]) -> int:
	"""Writes absolute values over rows that exist and are locked, by their names."""
	stamps = f"`modified` = {_literal(now())}, `modified_by` = {_literal(frappe.session.user)}"
	return sum(_replace_part(doctype, columns, part, stamps) for part in _parts(rows))


def new_names(count: int) -> list[str]:
	"""Names for a batch: unguessable like any, and side by side in the table's key."""
	stem = frappe.generate_hash(length=10)
	return [f"{stem}{number:04x}" for number in range(count)]


def _insert_part(into: str, rows: Sequence[tuple], stamps: str) -> int:
	# Escaping is half the work of a large statement, and most values of a batch are the same.
	shared = [_literal(column[0]) if len(set(column)) == 1 else "" for column in zip(*rows, strict=True)]
	return _run(f"{into}%s on duplicate key update `name` = `name`", rows, shared, f", {stamps}")


def _replace_part(doctype: str, columns: Sequence[str], rows: Sequence[tuple], stamps: str) -> int:
	"""What all rows have in common is said once, behind the rows."""
	by_column = list(zip(*rows, strict=True))
	alike = [len(set(column)) == 1 and number > 0 for number, column in enumerate(by_column)]
	own = [column for column, same in zip(columns, alike, strict=True) if not same]
	assigned = [
		f"`{column}` = {_literal(values[0]) if same else f'values(`{column}`)'}"
		for column, values, same in zip(columns, by_column, alike, strict=True)
	]
	into = f"insert into `tab{doctype}` ({_named(own)}) values %s on duplicate key update "
	kept = [values for values, same in zip(by_column, alike, strict=True) if not same]
	return _run(into + ", ".join((*assigned[1:], stamps)), list(zip(*kept, strict=True)), [""] * len(own))


def _run(statement: str, rows: Sequence[tuple], shared: Sequence[str], stamps: str = "") -> int:
	values, parameters = [], []
	for row in rows:
		terms = [text or _term(value, parameters) for value, text in zip(row, shared, strict=True)]
		values.append(f"({', '.join(terms)}{stamps})")
	# Upserts of many rows are beyond the query builder; names come from the code, texts are parameters.
	frappe.db.sql(statement.replace("%s", ", ".join(values), 1), parameters)  # nosemgrep
	return frappe.db._cursor.rowcount


def _term(value: object, parameters: list) -> str:
	if value is None:
		return "null"
	if isinstance(value, int):
		return str(int(value))
	parameters.append(value)
	return "%s"


def _literal(value: object) -> str:
	"""A value as text of a statement that has parameters beside it, where a lone percent sign begins one."""
	if value is None:
		return "null"
	if isinstance(value, int):
		return str(int(value))
	return frappe.db.escape(str(value), percent=False).replace("%", "%%")


def _named(columns: Iterable[str]) -> str:
	return ", ".join(f"`{column}`" for column in columns)


def _parts(rows: Sequence[tuple]) -> Iterable[Sequence[tuple]]:
	return (rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE))
