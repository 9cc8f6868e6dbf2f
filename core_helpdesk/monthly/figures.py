"""The frozen figures of Monthly Reports: kept apart from the report, in records that only the app writes and reads.

Whoever may read a report would otherwise find, or guess by filters, what it counts of places that they do not see.
Policy: QA-M1, CORE-13
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe

from core_helpdesk import config, months
from core_helpdesk.domain import quality
from core_helpdesk.domain.quality import Area, Quality
from core_helpdesk.domain.ticket_facts import Place
from core_helpdesk.domain.ticket_lines import Cell
from core_helpdesk.escalations import places
from core_helpdesk.reports import closed_months, quality_counts, ticket_counts
from core_helpdesk.reports.closed_months import read, written

if TYPE_CHECKING:
	from core_helpdesk.domain.quality import Areas
	from core_helpdesk.domain.ticket_lines import Cells

DOCTYPE = "Monthly Figures"
CELLS, OTHERS = ("cells", "last_cells"), ("others", "last_others")


class Frozen(NamedTuple):
	"""What was counted of tickets in the month and in the one before, and beside tickets in both."""

	cells: Cells
	last: Cells
	others: Areas
	last_others: Areas


def freeze(report: str, month: str, now: int) -> None:
	"""Keeps the figures of a month for a report, for good.

	Units: seconds since the epoch.
	"""
	_close(month, now)
	document = frappe.new_doc(DOCTYPE)
	both = (month, months.before(month))
	tickets = dict(zip(CELLS, map(_tickets, both), strict=True))
	document.update({"report": report, **tickets, **dict(zip(OTHERS, map(_others, both), strict=True))})
	document.flags.ch_engine = True
	document.insert(ignore_permissions=True)  # made by a job, for the report


def _close(month: str, now: int) -> None:
	"""A month that has settled is closed first, so that all its reports say the same."""
	if closed_months.closed_on(month) is None and months.window(month).end + closed_months.SETTLING <= now:
		closed_months.close(month, now)


def _tickets(month: str) -> str:
	closed = closed_months.kept(month, "cells")
	return closed or written(ticket_counts.cells(months.window(month)))


def _others(month: str) -> str:
	closed = closed_months.kept(month, "quality")
	return closed or quality.written(quality_counts.count(months.window(month)))


def kept(report: str) -> Frozen:
	"""The frozen figures of a report, whole: for whoever narrows them to their reader.

	Raises: DoesNotExistError
	"""
	found = frappe.db.get_value(DOCTYPE, {"report": report}, [*CELLS, *OTHERS])
	if not found:
		raise frappe.DoesNotExistError(report)
	this, last, *others = (text or "[]" for text in found)
	return Frozen(read(this), read(last), *map(quality.read, others))


def cells_of(report: str) -> Cells:
	"""What was counted of tickets in the month alone."""
	return read(frappe.db.get_value(DOCTYPE, {"report": report}, "cells") or "[]")


def corrections(month: str, then: Cells) -> Cells:
	"""By how much the counts of a month would be others today than they stand in a report.

	Policy: QA-M1
	"""
	if closed_months.closed_on(month) is None:
		return {}
	closed = closed_months.cells(month, config.now_epoch())
	found = closed_months.difference(closed, then)
	for place, cell in closed_months.corrections(month).items():
		found.setdefault(place, Cell()).take(cell)
	return found


def renamed(doctype: str, old: str, new: str) -> None:
	"""Lets reports speak of a renamed group, department, category or country by its name of today."""
	words = [
		name for name, named in zip(Place._fields, places.WORDS.values(), strict=True) if named == doctype
	]
	if not words:
		return
	for row in frappe.get_all(DOCTYPE, fields=["name", *CELLS, *OTHERS]):
		values = {field: _with_name(row[field], words[0], old, new) for field in CELLS}
		if words[0] in Area._fields:
			values |= {field: _area_with_name(row[field], words[0], old, new) for field in OTHERS}
		if any(values[field] != row[field] for field in values):
			frappe.db.set_value(DOCTYPE, row.name, values, update_modified=False)


def _with_name(text: str | None, word: str, old: str, new: str) -> str:
	"""Written cells in which a word of the places is another; places that become one are one."""
	if not _names(text, old):
		return text or ""
	found: defaultdict[Place, Cell] = defaultdict(Cell)
	for place, cell in read(text).items():
		found[_called(place, word, old, new)].take(cell)
	return written(found)


def _area_with_name(text: str | None, word: str, old: str, new: str) -> str:
	"""The same of what is counted by areas."""
	if not _names(text, old):
		return text or ""
	found: defaultdict[Area, Quality] = defaultdict(Quality)
	for area, counted in quality.read(text).items():
		found[_called(area, word, old, new)].take(counted)
	return quality.written(found)


def _names(text: str | None, name: str) -> bool:
	return json.dumps(name, ensure_ascii=False) in (text or "")


def _called(place: Any, word: str, old: str, new: str) -> Any:
	return place._replace(**{word: new}) if getattr(place, word) == old else place
