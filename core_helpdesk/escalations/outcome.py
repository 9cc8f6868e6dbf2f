"""How an effect ended, and writing that down."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.utils import now

if TYPE_CHECKING:
	from collections.abc import Sequence

PENDING, DONE, SKIPPED, FAILED = "Pending", "Done", "Skipped", "Failed"
# Not a state of the effect: it is pending still, and was tried.
WAITS = "Waits"


class Outcome(NamedTuple):
	"""The state an effect is left in, and in a few words what was done or why not."""

	state: str
	result: str = ""


def done(result: str = "") -> Outcome:
	return Outcome(DONE, result)


def skipped(why: str) -> Outcome:
	return Outcome(SKIPPED, why)


def write(doctype: str, names: Sequence[str], values: dict[str, object]) -> None:
	"""Sets the same values on rows of ours by name, past the caches that nobody fills for them."""
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.update(table).where(table.name.isin(list(names))).set(table.modified, now())
	for column, value in values.items():
		query = query.set(table[column], value)
	query.run()
