"""How many queries something asks: what is done for hundreds of groups must not ask hundreds of times."""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import frappe

if TYPE_CHECKING:
	from collections.abc import Iterator


@contextmanager
def queries(sent_by: str = "") -> Iterator[list[str]]:
	"""Every query of the block, or those that code in this file sends."""
	db, asked = frappe.local.db, []
	real = db.sql

	def counting(query: object, *args: object, **options: object) -> object:
		if not sent_by or any(sent_by in frame.filename for frame in traceback.extract_stack()):
			asked.append(str(query))
		return real(query, *args, **options)

	db.sql = counting
	try:
		yield asked
	finally:
		del db.sql
