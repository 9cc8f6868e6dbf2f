"""How many queries something asks: what is done for hundreds of groups must not ask hundreds of times."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import frappe

if TYPE_CHECKING:
	from collections.abc import Iterator


@contextmanager
def queries() -> Iterator[list[str]]:
	"""Every query of the block."""
	db, asked = frappe.local.db, []
	real = db.sql

	def counting(query: object, *args: object, **options: object) -> object:
		asked.append(str(query))
		return real(query, *args, **options)

	db.sql = counting
	try:
		yield asked
	finally:
		del db.sql
