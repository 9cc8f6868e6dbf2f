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
from core_helpdesk.escalations import machine_clock, transactions
from core_helpdesk.mail import language, outgoing
from core_helpdesk.mail.outgoing import NotQueued
from core_helpdesk.mail.remembered import remembering
from core_helpdesk.sending import catalogue, content, editions, entitlement, handing_on, ledger, mails, paused
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
# A mail account that refuses may be put right within days; then the mail itself goes out.
MAIL_TRIED = 3 * DAY


def deliver_due(now: int, seconds: float = SECONDS) -> int:
	"""Delivers everything that is due, the earliest first, as far as the time allows; returns how many were queued.

	What was tried before comes last, so that it takes no time from the others.

	In no mode but Live, and by a clock that is not right, nothing is sent.
	Units: `now` is epoch seconds.
	"""
	# A clock that is ahead would send on days off, hand on to deputies, and give up what failed a moment ago.
	if config.stored_mode() != config.LIVE or not machine_clock.is_right(now):
		return 0
	config.refresh()
	until, queued = time.monotonic() + seconds, 0
	with transactions.read_committed(), remembering():
		timetable = Timetable.present()
		_settle(timetable, now)
		rows = ledger.deliveries(["next_epoch", ">", 0], ["next_epoch", "<=", now])
		for row in sorted(rows, key=lambda row: row.tries or 0):
			if time.monotonic() >= until:
				break
			queued += _one(row.name, timetable, now)
	return queued


def _settle(timetable: Timetable, now: int) -> None:
	"""Asks again when what waits is due: a holiday may have been confirmed meanwhile, or a working day missed."""
	for row in ledger.deliveries(state=DUE.value):
		sent = catalogue.of(row.report)
		if sent is None or ledger.is_nobodys(row, timetable.settings):
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
	# Asked before anything is counted: without the mode it waits as it is.
	begun = config.stored_mode() == config.LIVE and ledger.begin_delivery(name, now)
	frappe.db.commit()  # nosemgrep: a try that ends its worker is counted all the same
	if not begun:
		return False
	try:
		queued = _deliver(name, timetable, now)
	except Exception as error:
		frappe.db.rollback()
		if transactions.is_out_of_time(error):
			raise
		_not_carried_out(name, error, now)
		queued = False
	frappe.db.commit()  # nosemgrep: the mail and what says that it is queued stand together
	frappe.local.message_log = []
	return queued


def _not_carried_out(name: str, error: Exception, now: int) -> None:
	"""It is tried again, and its row says why; the others go out."""
	if not transactions.is_lost(error):
		frappe.log_error(title=f"Delivery {name} was not carried out", message=frappe.get_traceback())
	row = ledger.lock(name)
	if row is None:
		return
	if transactions.is_lost(error):
		frappe.db.set_value(ledger.DELIVERY, name, "next_epoch", ledger.next_try(row.tries, now))
	else:
		why = _("The mail could not be made: {0}").format(ledger.kind_of(error))
		_failed(row, ledger.OF_MAIL, why, now, passing=True)


def _deliver(name: str, timetable: Timetable, now: int) -> bool:
	row = ledger.lock(name, next_epoch=now + ledger.HOUR)
	is_again = row is not None and bool(row.email_queue)
	# Of a mail that is not theirs any more nothing leaves: they get another, or whoever acts now does.
	if is_again and entitlement.take_back(row, now):
		frappe.db.commit()  # nosemgrep: the framework must not send it while another is made
		row = ledger.lock(name, next_epoch=now + ledger.HOUR)
	return row is not None and _carried_out(row, timetable, now, is_again=is_again)


def _carried_out(row: frappe._dict, timetable: Timetable, now: int, *, is_again: bool) -> bool:
	sent = catalogue.of(row.report)
	if sent is None or ledger.is_nobodys(row, timetable.settings):
		_give_up(row, timetable.settings, now)
		return False
	document = (row.reference_doctype, row.reference_name)
	if row.is_replaced or editions.is_with_its_makers(*document):
		editions.take_back_replaced(row, now)
		return False
	# It waits for an hour: begun as it is, it is asked again then.
	if not editions.goes_to(*document, row.capacity):
		return False
	if not row.email_queue and handing_on.hand_on(sent, row, timetable, now):
		return False
	# Whom nothing reaches must not keep the report from the others either: that would look like its own failure.
	if not frappe.db.get_value("User", row.recipient, "enabled"):
		why = _("The user {0} is disabled.").format(row.recipient)
		return _failed(row, ledger.OF_PERSON, why, now, passing=True)
	return _mail_again(row, now) if row.email_queue else _send(sent, row, now, is_again=is_again)


def _mail_again(row: frappe._dict, now: int) -> bool:
	"""Lets the mail itself go once more."""
	refusal = mails.refusal_of(row.email_queue)
	if refusal:
		frappe.db.set_value(ledger.DELIVERY, row.name, {"next_epoch": 0, "why_not": refusal})
		return False
	state = mails.let_go(row.email_queue)
	if state is DeliveryState.SENT:
		ledger.move(row, state, at=now, why_not=None, cause=None, next_epoch=0)
		return False
	_stays(row, now)
	return state is QUEUED


def _stays(row: frappe._dict, now: int, **values: object) -> None:
	"""What goes out again by itself stays failed until it is sent: its failure was told once."""
	again = now + ledger.HOUR if now - (row.since_epoch or 0) < MAIL_TRIED else 0
	frappe.db.set_value(ledger.DELIVERY, row.name, {"next_epoch": again, **values})


def _give_up(row: frappe._dict, settings: config.ReportSettings, now: int) -> None:
	why = _("It was due while Core Helpdesk was not in the mode Live, and is not sent any more.")
	if catalogue.of(row.report) is None:
		why = _("There is no such report any more.")
	elif pause := settings.pause_at(row.due_epoch):
		paused.alarm(pause)
	_failed(row, ledger.OF_PERSON, why, now, passing=False)


def _send(sent: Sent, row: frappe._dict, now: int, *, is_again: bool) -> bool:
	try:
		with transactions.undone_on_failure(), content.reading_as(row.recipient):
			found = content.content_of(sent, row)
			found = editions.corrected(found, row.edition)
			kept, letter = content.frozen(found), content.letter_of(row, found)
	except frappe.PermissionError:
		why = _("{0} is not a reader of this report.").format(row.recipient)
		return _failed(row, ledger.OF_PERSON, why, now, passing=True)
	except Exception as error:
		if transactions.ends_all(error):
			raise
		return _content_failed(row, error, now)
	content.keep(row.name, kept)
	made = {"language": language.language_of(row.recipient)}
	try:
		with transactions.undone_on_failure():
			mail = outgoing.queue(letter)
	except NotQueued as problem:
		return _failed(row, ledger.OF_MAIL, problem.reason, now, passing=problem.passing, made=made)
	if is_again:
		_stays(row, now, email_queue=mail.email_queue, **made)
		return True
	over = {"why_not": None, "cause": None, "next_epoch": 0, "tries": row.tries - 1}
	ledger.move(row, MADE, QUEUED, at=now, email_queue=mail.email_queue, **made, **over)
	return True


def _content_failed(row: frappe._dict, error: Exception, now: int) -> bool:
	frappe.log_error(title=f"The report {row.report} was not made", message=frappe.get_traceback())
	ledger.content_failed((row.report, row.period_key), error)
	values = {"cause": ledger.OF_REPORT, "next_epoch": ledger.next_try(row.tries, now)}
	why = _("The report could not be made: {0}").format(ledger.kind_of(error))
	ledger.move(row, FAILED, at=now, why_not=as_text(why)[:LONGEST_REASON], **values)
	return False


def _failed(
	row: frappe._dict, cause: str, why: str, now: int, *, passing: bool, made: dict[str, str] | None = None
) -> bool:
	"""What may pass is tried again every hour, for a day from when it first failed by this cause."""
	is_known = row.state == FAILED.value and row.cause == cause
	since = row.since_epoch if is_known else now
	again = now + ledger.HOUR if passing and now - since < DAY else 0
	states = (MADE, FAILED) if made and row.state != FAILED.value else (FAILED,)
	when = {"since_epoch": since, "changed_on": config.from_epoch(since)}
	values = {"cause": cause, "next_epoch": again, **when, **(made or {})}
	ledger.move(row, *states, at=now, why_not=as_text(why)[:LONGEST_REASON], **values)
	return False
