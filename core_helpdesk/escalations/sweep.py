"""The sweep: reads the clocks whose moment has come, claims them in batches, and carries out what follows.

Its cost follows what is due, not what is open. Several may run at once: rows that another one holds are skipped.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.query_builder import Order

from core_helpdesk import config
from core_helpdesk.escalations import announce, claim, effects, findings, rows, sync, tracing_clock
from core_helpdesk.escalations.transactions import is_lost, is_out_of_time, read_committed
from core_helpdesk.hosts import hd_ticket

if TYPE_CHECKING:
	from collections.abc import Sequence

	from core_helpdesk.escalations.rows import Row

ROWS_AT_ONCE = 500
SECONDS = 200
NOTED_EVERY = 9 * 60
PUT_ASIDE = "Clock Put Aside"
HOST_CHANGED = "Site Changed"
SWEEP_FOUND = "sweep"


class Swept(NamedTuple):
	"""What a run did; `is_complete` is False when its time was over before everything due was claimed."""

	claimed: int
	put_aside: int
	effects: object
	is_complete: bool


class Place(NamedTuple):
	"""How far a run has come: rows up to here are not read again, whatever became of them."""

	next_epoch: int = 0
	name: str = ""


def run(now: int | None = None, *, seconds: float = SECONDS) -> Swept | None:
	"""Claims what is due at `now` and carries out the effects; None while the mode is Off.

	Policy: TSM-05, TSM-08
	"""
	if config.stored_mode() == config.OFF:
		return None
	config.refresh()
	now = config.now_epoch() if now is None else now
	until = time.monotonic() + seconds
	with read_committed():
		note_run(now)
		claimed, put_aside, is_complete = claim_due(now, until)
		done = effects.run(now, until)
	return Swept(claimed, put_aside, done, is_complete and time.monotonic() < until)


def note_run(now: int) -> None:
	"""Shows when a sweep last ran, and that a copy of the site is not sending."""
	noted = config.to_epoch(frappe.db.get_single_value(config.SETTINGS, "last_sweep", cache=False))
	# Not every time: the write would be the most expensive part of a sweep that finds nothing to do.
	if not noted <= now < noted + NOTED_EVERY:
		at = config.from_epoch(now)
		frappe.db.set_single_value(config.SETTINGS, "last_sweep", at, update_modified=False)
	general = config.settings()
	if general.mode == config.mode():
		return
	details = _("{0} was confirmed for {1}; here it only observes.").format(
		_(general.mode), general.confirmed_host
	)
	remedy = _("Confirm the mode in Core Helpdesk Settings if this site is to send.")
	findings.open_once(HOST_CHANGED, config.this_host(), config.SETTINGS, config.SETTINGS, details, remedy)


def claim_due(now: int, until: float) -> tuple[int, int, bool]:
	"""Claims everything that is due, then says to whom it goes, as far as the time allows.

	Returns: how many rows were claimed, how many put aside, and whether everything due was reached.
	"""
	done = claim_all(now, until)
	announce.run(now, until)
	frappe.db.commit()  # nosemgrep: ends the transaction of the last look, which found nothing
	return done


def claim_all(now: int, until: float) -> tuple[int, int, bool]:
	sweep, place, claimed, put_aside = frappe.generate_hash(length=10), Place(), 0, 0
	while time.monotonic() < until and is_on():
		due = due_rows(now, place)
		if not due:
			return claimed, put_aside, True
		place = Place(due[-1].next_epoch, due[-1].name)
		failed = claim_batch(due, now, sweep)
		claimed, put_aside = claimed + len(due) - failed, put_aside + failed
	return claimed, put_aside, False


def is_on() -> bool:
	"""False once the mode was switched off, also in the middle of a run."""
	return config.stored_mode() != config.OFF


def due_rows(now: int, after: Place) -> list[Row]:
	"""The next rows by their moment, locked; those that another sweep or a handler holds are left to them."""
	table, query = rows.query()
	beyond = (table.next_epoch > after.next_epoch) | (
		(table.next_epoch == after.next_epoch) & (table.name > after.name)
	)
	found = (
		query.where(
			(table.next_epoch > 0) & (table.next_epoch >= after.next_epoch) & (table.next_epoch <= now)
		)
		.where(beyond)
		.orderby(table.next_epoch, order=Order.asc)
		.orderby(table.name, order=Order.asc)
		.limit(ROWS_AT_ONCE)
		.for_update(skip_locked=True)
		.run()
	)
	return [rows.from_values(values) for values in found]


def claim_batch(due: Sequence[Row], now: int, sweep: str) -> int:
	"""Claims and commits a batch; if it fails, row by row, so that one cannot stop the others.

	Returns: how many rows were put aside.
	"""
	try:
		claim_locked(due, now, sweep)
		frappe.db.commit()  # nosemgrep: a batch is complete: escalations, clocks and outbox together
		return 0
	except Exception as error:
		frappe.db.rollback()
		if is_out_of_time(error):
			raise
		if is_lost(error):
			return 0
	return sum(claim_alone(row, now, sweep) for row in due)


def claim_alone(row: Row, now: int, sweep: str) -> bool:
	"""Claims one row; True if it could not be moved on and was put aside."""
	try:
		locked = rows.lock_named(row.name, skip_locked=True)
		if locked and 0 < locked.next_epoch <= now:
			claim_locked([locked], now, sweep)
		frappe.db.commit()  # nosemgrep: one row is complete
		return False
	except Exception as error:
		frappe.db.rollback()
		if is_out_of_time(error):
			raise
		if is_lost(error):
			return False
		put_aside(row, error)
		return True


def claim_locked(due: Sequence[Row], now: int, sweep: str) -> None:
	"""A last look at the host, which may have gone on past our events, and at the tracing cases that ended; then what
	is still due is claimed.
	"""
	batch = claim.batch(now, sweep)
	facts = hd_ticket.facts_by_name(row.ticket for row in due)
	tsm_team = batch.rules.general.tsm_team
	of_groups = [row for row in due if row.kind == rows.GROUP]
	changed = [row for row in of_groups if sync.differs(row.clock, facts[row.ticket], tsm_team)]
	over = tracing_clock.over([row for row in due if row.kind == rows.TRACING], facts)
	unknown = {row.name for row in (*changed, *over)}
	claim.claim([row for row in due if row.name not in unknown], facts, batch)
	for row in changed:
		sync.follow(row, facts[row.ticket], now, batch.rules, found_by=SWEEP_FOUND)
	for row in over:
		tracing_clock.end_over(row, facts[row.ticket], now, batch.rules)


def put_aside(row: Row, error: Exception) -> None:
	"""Takes the row out of the sweep's way and shows it; reconcile tries it again."""
	reason = f"{type(error).__name__}: {error}"
	rows.put_aside(row.name, reason)
	frappe.log_error(title=f"Clock of ticket {row.ticket} put aside", message=frappe.get_traceback())
	details = _("The clock of ticket {0} could not be moved on: {1}").format(row.ticket, reason)
	remedy = _("Repair what is named here; the clock is tried again every hour.")
	findings.report(PUT_ASIDE, row.name, rows.DOCTYPE, row.name, details, remedy)
	frappe.db.commit()  # nosemgrep: the row must stay aside whatever happens to the next one
