"""Times running clocks anew after their calendar changed: in bulk, and never over what somebody else wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.domain.clock import Clock, current_level, due_moments, next_moment
from core_helpdesk.escalations import findings, rows, tables
from core_helpdesk.escalations.transactions import ends_all, is_lost

if TYPE_CHECKING:
	from collections.abc import Sequence

	from core_helpdesk.config import SiteRules

ROWS_AT_ONCE = 5000
TRIES = 5
WRITTEN = ("due_epoch", "warn_epoch", "due_at", "next_epoch")
PUT_ASIDE = "Clock Put Aside"


class Timed(NamedTuple):
	"""A clock that may be timed otherwise now."""

	name: str
	ticket: str
	kind: str
	clock: Clock

	@property
	def moments(self) -> tuple[int, int]:
		return self.clock.due, self.clock.warn


class Retimed(NamedTuple):
	"""A clock that is due at another moment now, or warns at one.

	Units: seconds since the epoch, 0 for none.
	"""

	name: str
	ticket: str
	due_before: int
	due: int
	kind: str = rows.GROUP


def retime(calendar: str, now: int, *, alone: bool = False) -> list[Retimed]:
	"""The clocks whose due moment or warning changed; what is due by now fires at the next sweep.

	Rows are locked while they are timed, so a ticket that is moved meanwhile is timed by its own change. Commits
	after each full batch but the last, which belongs to whoever calls. With `alone`, where nothing else is in the
	transactions, a batch that the database ended is done again.
	Policy: CORE-01
	"""
	rules, tries = config.site_rules(), TRIES if alone else 1
	changed: list[Retimed] = []
	after = ""
	while True:
		batch, moved = _batch_after(after, calendar, rules, tries)
		changed += moved
		if len(batch) < ROWS_AT_ONCE:
			return changed
		after = batch[-1].name
		frappe.db.commit()  # nosemgrep: a hundred thousand locked rows would stop every ticket of the country


def _batch_after(
	after: str, calendar: str, rules: SiteRules, tries: int
) -> tuple[list[Timed], list[Retimed]]:
	try:
		batch = _running(calendar, after)
		return batch, _retime_batch(batch, rules)
	except Exception as error:
		if tries <= 1 or not is_lost(error):
			raise
	frappe.db.rollback()
	return _batch_after(after, calendar, rules, tries - 1)


def _running(calendar: str, after: str) -> list[Timed]:
	"""The next clocks that count by this calendar, locked, by their names: a row that moves in time stays in its place."""
	table, query = rows.query(("name", "reference_name", "clock", *rows.CLOCK))
	found = (
		query.where((table.calendar == calendar) & (table.finished == 0) & (table.name > after))
		.orderby(table.name)
		.limit(ROWS_AT_ONCE)
		.for_update()
		.run()
	)
	return [Timed(*row[:3], rows.clock_from(row[3:])) for row in found]


def _retime_batch(batch: Sequence[Timed], rules: SiteRules) -> list[Retimed]:
	"""Writes the moments that are others now."""
	moved = [
		(timed, moments)
		for timed in batch
		if (moments := _moments(timed, rules)) and moments != timed.moments
	]
	if moved:
		tables.replace(
			rows.DOCTYPE, ("name", *WRITTEN), [_values(timed, *moments) for timed, moments in moved]
		)
	return [
		Retimed(timed.name, timed.ticket, timed.clock.due, due, timed.kind) for timed, (due, _warn) in moved
	]


def _values(timed: Timed, due: int, warn: int) -> tuple:
	return timed.name, due, warn, config.from_epoch(due), next_moment(due, warn, warned=timed.clock.warned)


def _moments(timed: Timed, rules: SiteRules) -> tuple[int, int] | None:
	try:
		level = current_level(timed.clock, rules)
		works = level is not None and level.kind.has_calendar
		return due_moments(timed.clock, rules) if works else None
	except Exception as error:
		if ends_all(error):
			raise
		# One clock that cannot be timed must not keep the others on the old calendar.
		reason = f"{type(error).__name__}: {error}"
		rows.put_aside(timed.name, reason)
		findings.report(PUT_ASIDE, timed.name, rows.DOCTYPE, timed.name, reason)
		return None
