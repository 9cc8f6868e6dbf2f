"""Makes what is due: each run once, however long nobody ran this, and none kept back by another that fails.

Policy: QA-12, TSM-09, TSM-13, TSM-14
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.domain.calendar_rules import DAY
from core_helpdesk.domain.deliveries import Delivery
from core_helpdesk.domain.report_schedule import runs_due
from core_helpdesk.escalations import machine_clock, people, transactions
from core_helpdesk.sending import catalogue, days_off, editions, handing_on, ledger, offices
from core_helpdesk.sending.handing_on import Given, Handed
from core_helpdesk.sending.timetable import LATE, Timetable

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator, Mapping
	from datetime import date

	from core_helpdesk.domain.report_schedule import Run
	from core_helpdesk.escalations.people import Recipient
	from core_helpdesk.sending.catalogue import Sent
	from core_helpdesk.sending.offices import Office

# A holiday that is confirmed late moves runs by days; by weeks it moves none.
OVERLAP = 35 * DAY
# No run is begun later, so that there is time left to deliver what is made.
SECONDS = 600


def make_due(now: int, seconds: float = SECONDS) -> int:
	"""Makes the runs that are due and not in the ledger, in the order in which they are due, as far as the time allows.

	Returns: how many.

	In no mode but Live is anything made, nor by a clock that is not right.
	Units: `now` is epoch seconds.
	"""
	if config.stored_mode() != config.LIVE:
		return 0
	config.refresh()
	if not machine_clock.is_right(now):
		return 0
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
	begins = timetable.settings.reports_from
	if not begins:
		return
	# A run of the future, of a clock that was ahead, keeps none of today back; a report that is new is not made up for
	# the years before it.
	after = max(begins, min(ledger.last_due(sent.name) or now, now) - OVERLAP)
	known = ledger.runs_of(sent.name, after - OVERLAP)
	for run in _due(sent, timetable, after, now):
		row = known.get(run.period_key)
		if not timetable.expects(sent, run.due):
			continue
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
	found = catalogue.recipients_of(sent, timetable.today(ready))
	row = Delivery(sent.name, run.period_key, "", ready, since=ready)
	_hand_to(Handed(sent, row, ("", ""), timetable), found)


def ready_at(run: Run, now: int) -> int:
	"""A run that is made in time is ready when it was due, one that is made up when it is made up."""
	return run.due if now - run.due < LATE else now


def _hand_to(handed: Handed, found: Iterable[Recipient]) -> int:
	"""Writes a row for each of the people, due on a working day of theirs; returns how many had none yet.

	Who has one by an earlier step gets no other, and has it for the offices of this step as well.
	"""
	to, row = {person.user: person for person in found}, handed.row
	today = handed.timetable.today(row.since)
	people_of = offices.whose(offices.of_step(handed.sent, handed.reference), today)
	count = ledger.insert(_deliveries(handed, to.values(), people_of), row.since, handed.reference)
	rows = ledger.deliveries(report=row.report, period_key=row.period_key, edition=row.edition)
	kept = {each.recipient: offices.read(each.offices) for each in rows}
	for office, person in people_of.items():
		if person.user in to and office not in kept.get(person.user, ()):
			given, _user = handing_on.give(handed, office, person, row.since)
			count += given is Given.ANEW
	return count


def _deliveries(
	handed: Handed, found: Iterable[Recipient], people_of: Mapping[Office, Recipient]
) -> Iterator[tuple[Delivery, Recipient, str]]:
	for person in found:
		due = days_off.due(handed.timetable, handed.sent, person.user, handed.row.since)
		held = offices.as_kept(offices.held(person.user, people_of))
		yield replace(handed.row, recipient=person.user, due=due), person, held


def deliver(
	report: str,
	period_key: str,
	recipients: Iterable[Recipient],
	reference: tuple[str, str],
	now: int,
	edition: int = 0,
) -> int:
	"""Lets a report that people have finished go to these people and those whom the settings add, each once for all.

	Writes their rows in the present transaction; the next run sends them, on working days of each one's country, and in
	no mode but Live: what is handed on in Observe waits for that. In the mode Off nothing is written.
	After `editions.withdraw` it is another edition, unless one is given, and goes to all of them anew.
	Returns: how many had none yet.
	Units: epoch seconds.
	Raises: LookupError for a report that is not in the catalogue.
	Policy: QA-12, TSM-13, TSM-M2
	"""
	sent = catalogue.of(report)
	if sent is None:
		raise LookupError(report)
	if config.stored_mode() == config.OFF:
		return 0
	timetable = Timetable.present()
	found = catalogue.with_further(report, recipients)
	if editions.is_not_yet_for_general_managers(reference):
		found = _without_general_managers(found, timetable.today(now))
	row = Delivery(report, period_key, "", now, since=now, edition=edition or editions.present(reference))
	return _hand_to(Handed(sent, row, reference, timetable), found)


def _without_general_managers(found: Iterable[Recipient], today: date) -> list[Recipient]:
	"""The same without those whom only the settings add, and who get it as General Manager with a later step."""
	acting = (people.named_general_manager(), people.acting_general_manager(today))
	later = {person.user for person in acting if person}
	return [person for person in found if person.capacity != catalogue.FURTHER or person.user not in later]
