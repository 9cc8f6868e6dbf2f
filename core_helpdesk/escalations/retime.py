"""Times running clocks anew after their calendar changed: in bulk, and never over what somebody else wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.domain.clock import Kind, current_level, retimed
from core_helpdesk.domain.errors import CoreError
from core_helpdesk.escalations import findings, rows, tables

if TYPE_CHECKING:
	from collections.abc import Iterator, Sequence

	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.clock import Clock
	from core_helpdesk.escalations.rows import Row

ROWS_AT_ONCE = 5000
WRITTEN = ("due_epoch", "warn_epoch", "due_at", "next_epoch")
PUT_ASIDE = "Clock Put Aside"


def retime(calendar: str, now: int) -> list[str]:
	"""Names of the clocks whose due moment or warning changed; what is due by now fires at the next sweep.

	Rows are locked while they are timed, so a ticket that is moved meanwhile is timed by its own change. Commits
	after each full batch but the last, which belongs to whoever calls.
	Policy: CORE-01
	"""
	rules = config.site_rules()
	changed: list[str] = []
	for batch in _running(calendar):
		changed += _retime_batch(batch, rules)
		if len(batch) == ROWS_AT_ONCE:
			frappe.db.commit()  # nosemgrep: a hundred thousand locked rows would stop every ticket of the country
	return changed


def _running(calendar: str) -> Iterator[list[Row]]:
	"""The clocks that count by this calendar, locked, by their names: a row that moves in time stays in its place."""
	after = ""
	while True:
		table, query = rows.query()
		found = (
			query.where((table.calendar == calendar) & (table.finished == 0) & (table.name > after))
			.orderby(table.name)
			.limit(ROWS_AT_ONCE)
			.for_update()
			.run()
		)
		yield [rows.from_values(values) for values in found]
		if len(found) < ROWS_AT_ONCE:
			return
		after = found[-1][0]


def _retime_batch(batch: Sequence[Row], rules: SiteRules) -> list[str]:
	moved = [(row, after) for row in batch if (after := _retimed(row, rules)) and _moves(row, after)]
	if moved:
		values = [
			(row.name, clock.due, clock.warn, config.from_epoch(clock.due), clock.next)
			for row, clock in moved
		]
		tables.replace(rows.DOCTYPE, ("name", *WRITTEN), values)
	return [row.name for row, _clock in moved]


def _moves(row: Row, after: Clock) -> bool:
	return (after.due, after.warn) != (row.clock.due, row.clock.warn)


def _retimed(row: Row, rules: SiteRules) -> Clock | None:
	level = current_level(row.clock, rules)
	if level is None or level.kind is not Kind.WORKING:
		return None
	try:
		return retimed(row.clock, rules)
	except CoreError as error:
		# One clock that the new calendar cannot time must not keep the others on the old one.
		rows.put_aside(row, str(error))
		findings.report(PUT_ASIDE, row.name, rows.DOCTYPE, row.name, str(error))
		return None
