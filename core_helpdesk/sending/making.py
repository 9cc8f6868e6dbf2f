"""Makes what is due: each run once, however long nobody ran this, and none kept back by another that fails.

Policy: QA-12, TSM-09, TSM-13, TSM-14
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.domain.calendar_rules import DAY
from core_helpdesk.domain.deliveries import Delivery
from core_helpdesk.domain.report_schedule import runs_due
from core_helpdesk.escalations import transactions
from core_helpdesk.sending import catalogue, days_off, ledger
from core_helpdesk.sending.timetable import LATE, Timetable

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.domain.report_schedule import Run
	from core_helpdesk.escalations.people import Recipient
	from core_helpdesk.sending.catalogue import Sent

# A holiday that is confirmed late moves runs by days; by weeks it moves none.
OVERLAP = 35 * DAY
# No run is begun later, so that there is time left to deliver what is made.
SECONDS = 600


def make_due(now: int, seconds: float = SECONDS) -> int:
	"""Makes the runs that are due and not in the ledger, in the order in which they are due, as far as the time allows.

	Returns: how many.

	In no mode but Live is anything made.
	Units: `now` is epoch seconds.
	"""
	if config.stored_mode() != config.LIVE:
		return 0
	config.refresh()
	until, made = time.monotonic() + seconds, 0
	timetable = Timetable.present()
	for sent, run in missing(timetable, now):
		if time.monotonic() >= until:
			break
		made += _make(sent, run, timetable, now)
	return made


def missing(timetable: Timetable, now: int) -> list[tuple[Sent, Run]]:
	"""The runs that are to be made now, the earliest first, and of one moment in the order of the catalogue."""
	found = [(sent, run) for sent in catalogue.REPORTS for run in _missing_of(sent, timetable, now)]
	return sorted(found, key=lambda each: each[1].due)


def _missing_of(sent: Sent, timetable: Timetable, now: int) -> Iterator[Run]:
	after = max(timetable.begins(sent), ledger.last_due(sent.name) - OVERLAP)
	if not timetable.begins(sent):
		return
	known = ledger.runs_of(sent.name, after - OVERLAP)
	for run in _due(sent, timetable, after, now):
		row = known.get(run.period_key)
		if row is None or (row.state == ledger.FAILED and 0 < row.next_epoch <= now):
			yield run


def _due(sent: Sent, timetable: Timetable, after: int, now: int) -> list[Run]:
	"""A calendar in which nobody works keeps the runs of its reports back, and no others."""
	with transactions.logged_on_failure(f"When the report {sent.name} is due is not known"):
		return runs_due(timetable.schedule(sent), timetable.makers(), after, now)
	return []


def _make(sent: Sent, run: Run, timetable: Timetable, now: int) -> bool:
	"""Makes one run in a transaction of its own; True if it was made here."""
	begun = ledger.begin(run, sent.rhythm, now)
	frappe.db.commit()  # nosemgrep: a try that ends its worker is counted all the same
	if not begun:
		return False
	try:
		with transactions.undone_on_failure():
			_write(sent, run, timetable, now)
			ledger.run_made(run, now)
			made = True
	except Exception as error:
		frappe.db.rollback()
		if transactions.is_out_of_time(error):
			raise
		ledger.run_failed(run, error, now)
		if not transactions.is_lost(error):
			frappe.log_error(title=f"The report {sent.name} was not made", message=frappe.get_traceback())
		made = False
	frappe.db.commit()  # nosemgrep: a run is complete: its row, and those of its recipients or its document
	frappe.local.message_log = []
	return made


def _write(sent: Sent, run: Run, timetable: Timetable, now: int) -> None:
	if sent.make:
		sent.make(run, now)
		return
	ready = ready_at(run, now)
	found = catalogue.recipients_of(sent, timetable.today(now))
	ledger.insert(_deliveries(sent, run.period_key, found, timetable, ready), ready, ("", ""))


def ready_at(run: Run, now: int) -> int:
	"""A run that is made in time is ready when it was due, one that is made up when it is made up."""
	return run.due if now - run.due < LATE else now


def _deliveries(
	sent: Sent, period_key: str, found: Iterable[Recipient], timetable: Timetable, ready: int
) -> Iterator[tuple[Delivery, Recipient]]:
	for person in found:
		due = days_off.due(timetable, sent, person.user, ready)
		yield Delivery(sent.name, period_key, person.user, due, since=ready), person


def deliver(
	report: str, period_key: str, recipients: Iterable[Recipient], reference: tuple[str, str], now: int
) -> int:
	"""Lets a report that people have finished go to these people and those whom the settings add, each once for all.

	Writes their rows in the present transaction; the next run sends them, on working days of each one's country. In no
	mode but Live is anything written.
	Returns: how many had none yet.
	Units: epoch seconds.
	Raises: LookupError for a report that is not in the catalogue.
	Policy: QA-12, TSM-13, TSM-M2
	"""
	sent = catalogue.of(report)
	if sent is None:
		raise LookupError(report)
	if config.stored_mode() != config.LIVE:
		return 0
	found = catalogue.with_further(report, recipients)
	return ledger.insert(_deliveries(sent, period_key, found, Timetable.present(), now), now, reference)
