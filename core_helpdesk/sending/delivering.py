"""Delivers what is due to each person: the report as they may read it, by one mail that is queued once for all.

The mail and the state that says so are written in one transaction, under the lock of the delivery's row.

Policy: TSM-09, TSM-13, TSM-14, TRC-18
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.calendar_rules import DAY
from core_helpdesk.domain.deliveries import DeliveryState
from core_helpdesk.domain.errors import CoreError
from core_helpdesk.escalations import transactions
from core_helpdesk.mail import language, outgoing
from core_helpdesk.mail.outgoing import NotQueued
from core_helpdesk.mail.remembered import remembering
from core_helpdesk.sending import catalogue, content, ledger
from core_helpdesk.sending.timetable import Timetable
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from core_helpdesk.sending.catalogue import Sent

DUE, MADE, QUEUED, FAILED = (
	DeliveryState.DUE,
	DeliveryState.MADE,
	DeliveryState.QUEUED,
	DeliveryState.FAILED,
)
SECONDS = 200
LONGEST_REASON = 280


def deliver_due(now: int, seconds: float = SECONDS) -> int:
	"""Delivers everything that is due, the earliest first, as far as the time allows; returns how many were queued.

	In no mode but Live is anything sent.
	Units: `now` is epoch seconds.
	"""
	if config.stored_mode() != config.LIVE:
		return 0
	config.refresh()
	until, queued = time.monotonic() + seconds, 0
	with transactions.read_committed(), remembering():
		timetable = Timetable.present()
		_settle(timetable, now)
		for row in ledger.deliveries(["next_epoch", ">", 0], ["next_epoch", "<=", now]):
			if time.monotonic() >= until:
				break
			queued += _one(row.name, timetable, now)
	return queued


def _settle(timetable: Timetable, now: int) -> None:
	"""Asks again when what waits is due: a holiday may have been confirmed meanwhile, or a working day missed."""
	since_live = ["due_epoch", ">", timetable.settings.reports_from]
	for row in ledger.deliveries(since_live, state=DUE.value):
		sent = catalogue.of(row.report)
		if sent is None:
			continue
		try:
			due = timetable.due(sent, row.recipient, row.ready_epoch, now)
		except CoreError:
			# Nobody works there for a year: then it goes out as was reckoned before.
			continue
		if due != row.due_epoch:
			values = {"due_epoch": due, "due_at": config.from_epoch(due), "next_epoch": due}
			frappe.db.set_value(ledger.DELIVERY, {"name": row.name, "state": DUE.value}, values)
	frappe.db.commit()  # nosemgrep: what follows is a transaction for each delivery


def _one(name: str, timetable: Timetable, now: int) -> bool:
	"""One delivery in a transaction of its own; True if its mail was queued."""
	try:
		queued = _deliver(name, timetable, now)
	except Exception as error:
		frappe.db.rollback()
		if transactions.is_out_of_time(error):
			raise
		if not transactions.is_lost(error):
			# It waits as it was; the others go out.
			frappe.log_error(title=f"Delivery {name} was not carried out", message=frappe.get_traceback())
		queued = False
	frappe.db.commit()  # nosemgrep: the mail and what says that it is queued stand together
	frappe.local.message_log = []
	return queued


def _deliver(name: str, timetable: Timetable, now: int) -> bool:
	if config.stored_mode() != config.LIVE:
		return False
	row = ledger.lock(name)
	if row is None or not 0 < row.next_epoch <= now:
		return False
	sent = catalogue.of(row.report)
	if row.due_epoch <= timetable.settings.reports_from or sent is None:
		_give_up(row, now)
		return False
	# Whom nothing reaches must not keep the report from the others either: that would look like its own failure.
	if not frappe.db.get_value("User", row.recipient, "enabled"):
		why = _("The user {0} is disabled.").format(row.recipient)
		return _failed(row, ledger.OF_PERSON, why, now, passing=True)
	return _send(sent, row, now)


def _give_up(row: frappe._dict, now: int) -> None:
	why = _("It was due while Core Helpdesk was not in the mode Live, and is not sent any more.")
	if catalogue.of(row.report) is None:
		why = _("There is no such report any more.")
	_failed(row, ledger.OF_PERSON, why, now, passing=False)


def _send(sent: Sent, row: frappe._dict, now: int) -> bool:
	try:
		with transactions.undone_on_failure(), content.reading_as(row.recipient):
			found = content.content_of(sent, row)
			kept, letter = content.frozen(found), content.letter_of(row, found)
	except frappe.PermissionError:
		why = _("{0} is not a reader of this report.").format(row.recipient)
		return _failed(row, ledger.OF_PERSON, why, now, passing=True)
	except Exception as error:
		if transactions.ends_all(error):
			raise
		return _content_failed(row, error, now)
	made = {"content": kept, "language": language.language_of(row.recipient)}
	was_of_report = row.cause == ledger.OF_REPORT
	try:
		with transactions.undone_on_failure():
			mail = outgoing.queue(letter)
	except NotQueued as problem:
		_failed(row, ledger.OF_MAIL, problem.reason, now, passing=problem.passing, made=made)
		queued = False
	else:
		over = {"why_not": None, "cause": None, "next_epoch": 0, "email_queue": mail.email_queue}
		ledger.move(row, MADE, QUEUED, at=now, **made, **over)
		queued = True
	if was_of_report:
		ledger.content_mended((row.report, row.period_key))
	return queued


def _content_failed(row: frappe._dict, error: Exception, now: int) -> bool:
	frappe.log_error(title=f"The report {row.report} was not made", message=frappe.get_traceback())
	ledger.content_failed((row.report, row.period_key), error)
	tries = (row.tries or 0) + 1
	values = {"cause": ledger.OF_REPORT, "tries": tries, "next_epoch": ledger.next_try(tries, now)}
	why = _("The report could not be made: {0}").format(ledger.in_one_line(error))
	ledger.move(row, FAILED, at=now, why_not=as_text(why)[:LONGEST_REASON], **values)
	return False


def _failed(
	row: frappe._dict, cause: str, why: str, now: int, *, passing: bool, made: dict[str, str] | None = None
) -> bool:
	"""What may pass is tried again every hour, for a day from when it failed first."""
	since = row.since_epoch if row.state == FAILED.value else now
	again = now + ledger.HOUR if passing and now - since < DAY else 0
	states = (MADE, FAILED) if made and row.state != FAILED.value else (FAILED,)
	values = {"cause": cause, "tries": (row.tries or 0) + 1, "next_epoch": again, **(made or {})}
	ledger.move(row, *states, at=now, why_not=as_text(why)[:LONGEST_REASON], **values)
	return False
