"""The records behind a figure, for a list of the Desk to show: as many as the figure says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import frappe
from frappe import _

if TYPE_CHECKING:
	from collections.abc import Iterable

# A list is narrowed to records by their names; more of them than this make a request that servers refuse.
MOST_ROWS = 1000


def listed(doctype: str, names: Iterable[str], report: str) -> dict[str, Any]:
	"""Raises: ValidationError for more records than a list can be narrowed to."""
	found = list(names)
	refuse_many(len(found), report)
	return {"doctype": doctype, "names": found}


def refuse_many(count: int, report: str) -> None:
	"""Raises: ValidationError for more records than a list can be narrowed to."""
	if count <= MOST_ROWS:
		return
	message = _(
		"{0} records are more than a list can be narrowed to. Choose a country or a department first."
	)
	frappe.throw(message.format(count), title=_(report))


def refuse_unknown(figure: str, report: str) -> NoReturn:
	"""Raises: ValidationError."""
	frappe.throw(_("There is no such figure: {0}").format(figure), title=_(report))
