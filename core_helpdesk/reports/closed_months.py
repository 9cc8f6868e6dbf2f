"""Months whose figures stand: counted once when a month is over, and compared with what the records say ever after.

What changes late, as when the comparison of tickets finds a closing of last week, is a correction: it is shown beside
the figures, and changes none.

Policy: QA-12, QA-M1
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

import frappe
from frappe.query_builder.functions import Min

from core_helpdesk import config, months
from core_helpdesk.domain import quality, ticket_corrections
from core_helpdesk.domain.ticket_facts import Place
from core_helpdesk.domain.ticket_lines import Cell
from core_helpdesk.escalations import machine_clock, places, tables, transactions
from core_helpdesk.reports import early_months, quality_counts, ticket_counts

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator, Mapping

	from core_helpdesk.domain.period import Period
	from core_helpdesk.domain.ticket_corrections import Corrections
	from core_helpdesk.domain.ticket_lines import Cells

DOCTYPE = "Ticket Month"
# What was done in the last hours of a month and past the app, the comparison of the night after finds: it is over when
# the reports of the month are made.
SETTLING = 6 * 3600
COMPARED = 3
"""So many of the youngest months are compared every night, and the others in turn."""
WEEK = 7
"""Days after which the promises of a month are read again, whatever the comparison finds."""
# A site with years of tickets closes its months over some nights, and compares them so.
SECONDS_A_NIGHT, SECONDS_TO_COMPARE = 600, 300
AREA = ("Core Department", "Country")
"""What the further figures are told apart by, in the order of their text."""
FIGURES = ("cells", "corrections", "quality", "quality_today")


def close_over(now: int, seconds: float = SECONDS_A_NIGHT) -> list[str]:
	"""Closes the months that are over and are not closed yet, the earliest first; returns them.

	Those that were closed before further figures were counted are given theirs, the latest first. Each month is
	committed; what there is no time for is left to the next night, but one month is done in any.
	By a clock that is not right none is closed.
	Units: `now` is seconds since the epoch; `seconds` is how long it may go on to begin another month.
	Policy: QA-12
	"""
	if config.stored_mode() == config.OFF or not machine_clock.is_right(now):
		return []
	early_months.find(now)
	until, done = monotonic() + seconds, []
	known, older = set(frappe.get_all(DOCTYPE, pluck="month")), _without_quality()
	for month in (*(month for month in _over(now) if month not in known), *older):
		if done and monotonic() >= until:
			break
		# Another job that has been closing it for long keeps none of the others.
		with suppress(transactions.WaitedInVain), transactions.undone_on_failure():
			if _complete(month) if month in known else close(month, now):
				done.append(month)
		frappe.db.commit()  # nosemgrep: a month stands, whatever becomes of the next
	return [month for month in done if month not in known]


def _without_quality() -> list[str]:
	return frappe.get_all(DOCTYPE, {"quality": ("is", "not set")}, pluck="month", order_by="month desc")


def _complete(month: str) -> bool:
	text = quality.written(quality_counts.count(months.window(month)))
	frappe.db.set_value(DOCTYPE, {"month": month}, "quality", text)
	return True


def _over(now: int) -> Iterator[str]:
	"""The months from the first stay in a group until the last that is over."""
	leg = frappe.qb.DocType(ticket_counts.LEG)
	first = frappe.qb.from_(leg).select(Min(leg.from_epoch)).run()[0][0]
	month = months.of(first) if first else ""
	while month and months.window(month).end + SETTLING <= now:
		yield month
		month = months.after(month)


def close(month: str, now: int) -> bool:
	"""Keeps the figures of a month as they are, for good; False where another job has closed it meanwhile.

	The month is claimed before it is counted, in the present transaction: who closes it at the same time waits for that.
	Raises: QueryTimeoutError where the other one counts for longer than the database lets wait.
	"""
	name = tables.new_names(1)[0]
	if not tables.insert(DOCTYPE, ("name", "month", "closed_on"), [(name, month, config.from_epoch(now))]):
		return False
	window = months.window(month)
	figures = {
		"in_full_on": config.from_epoch(now),
		"cells": written(ticket_counts.cells(window)),
		"quality": quality.written(quality_counts.count(window)),
	}
	frappe.db.set_value(DOCTYPE, name, figures)
	return True


def cells(month: str, now: int) -> Cells:
	"""The figures of a month: as they were closed, or as they are now.

	Units: `now`, seconds since the epoch, is the end of a month that is still running.
	"""
	closed = kept(month, "cells")
	return read(closed) if closed else ticket_counts.cells(months.window(month, now))


def compare(now: int, seconds: float = SECONDS_TO_COMPARE) -> list[str]:
	"""Notes by how much the figures of closed months would be others today; returns those of which that has changed.

	The youngest come first, then those that were compared longest ago. Each month is committed; what there is no time
	for is left to the next night, but one month is done in any.
	Units: `now` is seconds since the epoch; `seconds` is how long it may go on to begin another month.
	Policy: QA-12, QA-M1
	"""
	until, found = monotonic() + seconds, []
	for number, each in enumerate(_in_turn(now)):
		if number and monotonic() >= until:
			break
		if _noted(each, now):
			found.append(each.month)
		frappe.db.set_value(DOCTYPE, each.name, "compared_on", config.from_epoch(now), update_modified=False)
		frappe.db.commit()  # nosemgrep: what was found of a month stands, whatever becomes of the next
	return found


def _in_turn(now: int) -> list[frappe._dict]:
	over, fields = {"month": ("<", months.of(now))}, ["name", "month", "compared_on", "in_full_on"]
	rows = frappe.get_all(DOCTYPE, over, fields, order_by="month desc")
	others = sorted(rows[COMPARED:], key=lambda row: config.to_epoch(row.compared_on))
	youngest = sorted(rows[:COMPARED], key=lambda row: not _is_week_over(row, now))
	return [*youngest, *others]


def _noted(month: frappe._dict, now: int) -> bool:
	window = months.window(month.month)
	kept = frappe.db.get_value(DOCTYPE, month.name, ["name", *FIGURES], as_dict=True)
	corrections = _corrections(kept, window)
	# What changes promises late changes figures of tickets, too, but for a reply or a category that was noted late.
	in_full = corrections != (kept.corrections or "") or _is_week_over(month, now)
	values = {"corrections": corrections, "quality_today": _others_today(kept, window, in_full=in_full)}
	if in_full:
		frappe.db.set_value(DOCTYPE, kept.name, "in_full_on", config.from_epoch(now), update_modified=False)
	if all(text == (kept[field] or "") for field, text in values.items()):
		return False
	is_other = any(values.values())
	frappe.db.set_value(
		DOCTYPE, kept.name, {**values, "corrected_on": config.from_epoch(now) if is_other else None}
	)
	return True


def _corrections(kept: frappe._dict, window: Period) -> str:
	found = ticket_corrections.between(read(kept.cells), ticket_counts.cells(window))
	return ticket_corrections.written(found)


def _is_week_over(month: frappe._dict, now: int) -> bool:
	"""Whether a week has passed since the promises of the month were read, or they never were since it was closed."""
	read_on = month.in_full_on
	return not read_on or (config.from_epoch(now).date() - read_on.date()).days >= WEEK


def _others_today(kept: frappe._dict, window: Period, *, in_full: bool) -> str:
	"""The further figures as they would be today, if any of them would be another; but for what stood at the month's end,
	which groups that have changed since do not tell any more.

	Promises are read ticket by ticket: if not in full, they are as they were counted last.
	"""
	if not kept.quality:
		return ""
	then, last = quality.read(kept.quality), quality.read(kept.quality_today or kept.quality)
	promises = None if in_full else quality.of_names(last, quality_counts.PROMISES)
	today = quality_counts.count(window, "", promises)
	return quality.written(today) if quality.differ(then, today) else ""


def kept(month: str, field: str) -> object:
	"""A field of a closed month; None if it is not closed."""
	return frappe.db.get_value(DOCTYPE, {"month": month}, field)


def versions(wanted: Iterable[str]) -> dict[str, str]:
	"""Which of these months are closed, and for each a text that is another whenever anything of it was written."""
	fields = ["month", "name", "modified"]
	rows = frappe.get_all(DOCTYPE, {"month": ("in", list(wanted))}, fields, order_by=None)
	return {row.month: f"{row.name} {row.modified}" for row in rows}


def corrections(month: str) -> Corrections:
	"""By how much the figures of a closed month would be others today, where they would."""
	return ticket_corrections.read(kept(month, "corrections"))


def closed_on(month: str) -> object:
	"""When the month was closed; None if it was not."""
	return kept(month, "closed_on")


def written(found: Mapping[Place, Cell]) -> str:
	"""Cells as text, in the order of their places: the same cells give the same text."""
	rows = [
		[*place, {name: cell[name] for name in sorted(cell.counts) if cell[name]}, sorted(cell.times)]
		for place, cell in sorted(found.items())
	]
	return json.dumps([row for row in rows if row[-2] or row[-1]], ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> dict[Place, Cell]:
	"""`written` undone; places that have become one by a renaming are one."""
	found: defaultdict[Place, Cell] = defaultdict(Cell)
	for *words, counts, times in json.loads(text):
		found[Place(*words)].take(Cell(Counter(counts), times))
	return dict(found)


def renamed(doctype: str, old: str, new: str) -> None:
	"""Lets closed months speak of a renamed group, department, category or country by its name of today."""
	named = list(places.WORDS.values())
	if doctype not in named:
		return
	of_cells, of_areas = named.index(doctype), AREA.index(doctype) if doctype in AREA else None
	for month in frappe.get_all(DOCTYPE, fields=["name", *FIGURES]):
		numbers = {field: of_areas if field.startswith("quality") else of_cells for field in FIGURES}
		values = {field: _renamed(month[field], number, old, new) for field, number in numbers.items()}
		if any(values[field] != (month[field] or "") for field in values):
			frappe.db.set_value(DOCTYPE, month.name, values)


def _renamed(text: str | None, number: int | None, old: str, new: str) -> str:
	if number is None or not text or json.dumps(old, ensure_ascii=False) not in text:
		return text or ""
	rows = json.loads(text)
	for row in rows:
		row[number] = new if row[number] == old else row[number]
	return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
