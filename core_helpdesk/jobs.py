"""What the scheduler calls. Named ch_…: the framework names jobs by the last segments of their path."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps

import frappe

from core_helpdesk import config, following
from core_helpdesk.escalations import mended, not_started, reconcile, sweep, transactions
from core_helpdesk.governance import (
	access_watch,
	calendar_changes,
	calendar_documents,
	deviations,
	group_life,
	notices,
	past_changes,
	policies,
	request_turns,
	standard_following,
)
from core_helpdesk.mail import delivery, language, missing_paper
from core_helpdesk.monthly import making as monthly_making
from core_helpdesk.monthly import reminders as monthly_reminders
from core_helpdesk.reports import at_once, closed_months, promise_days
from core_helpdesk.sending import days_off, delivering, gaps, heartbeat, making, watching
from core_helpdesk.sending.timetable import Timetable
from core_helpdesk.tracing import (
	claim_hand_over,
	claim_turns,
	month_acts,
	month_making,
	month_reminders,
	reminders,
	staff_reminders,
	undelivered,
)
from core_helpdesk.tracing import reconcile as tracing_reconcile

# Well within what the framework gives a job on the long queue, which is 1500.
SENDING_SECONDS = 1000
ADMINISTRATOR = "Administrator"


def in_site_language(job: Callable[[], None]) -> Callable[[], None]:
	"""What a job writes for people is in the site's language, and written by nobody of them.

	The framework runs jobs in English, and as the user on whose request they were queued.
	"""

	@wraps(job)
	def speaking() -> None:
		with _as_nobody(), language.speaking(language.site_language()):
			job()

	return speaking


@contextmanager
def _as_nobody() -> Iterator[None]:
	before = frappe.session.user
	if before == ADMINISTRATOR:
		yield
		return
	frappe.set_user(ADMINISTRATOR)  # nosemgrep: put back below, whatever happens
	try:
		yield
	finally:
		frappe.set_user(before)  # nosemgrep: as above


def each(*steps: Callable[[], object]) -> None:
	"""One step after the other, each committed: one that fails is logged, and keeps no other back."""
	for step in steps:
		try:
			step()
			frappe.db.commit()  # nosemgrep: a later step that fails takes nothing back
		except Exception as error:
			frappe.db.rollback()
			if transactions.is_out_of_time(error):
				raise
			frappe.log_error(title="A step of the watch failed", message=frappe.get_traceback())


@in_site_language
def ch_sweep() -> None:
	"""Every five minutes: claims what is due and carries out what follows."""
	swept = sweep.run()
	delivery.watch_delivery(config.now_epoch())
	if swept and not swept.is_complete:
		go_on()


def go_on() -> None:
	"""Lets the rest be done by another job at once; if it cannot be queued, the next tick does it."""
	frappe.enqueue(
		"core_helpdesk.jobs.ch_sweep", queue="long", job_id=f"ch_sweep_{frappe.generate_hash(length=8)}"
	)


@in_site_language
def ch_reconcile() -> None:
	"""Every hour: compares the tickets changed since the last time with their cases and clocks, times once more what
	runs by a changed calendar, and reminds of cases that nobody updates."""
	now = config.now_epoch()
	each(
		# First the cases: comparing the clocks forgets where a ticket was.
		lambda: tracing_reconcile.run_changed(now),
		lambda: reconcile.run_changed(now),
		lambda: calendar_changes.time_the_rest(config.from_epoch(now)),
		lambda: staff_reminders.remind(now),
	)


@in_site_language
def ch_reconcile_all() -> None:
	"""Every night: compares all tickets with their cases and clocks, closes the months whose figures stand,
	counts the promises of the days that are over, and notes what would be others among the months closed before."""
	now = config.now_epoch()
	each(
		lambda: tracing_reconcile.run_all(now),
		lambda: reconcile.run_all(now),
		lambda: closed_months.close_over(now),
		lambda: promise_days.count_anew(now),
		lambda: closed_months.compare(now),
	)


@in_site_language
def ch_trace() -> None:
	"""When a group began or ceased to trace: opens the cases of the tickets that are there."""
	tracing_reconcile.run_all(config.now_epoch())


@in_site_language
def ch_watch() -> None:
	"""Every day: marks policies whose time is over, says which calendars run out of confirmed holidays and which
	tickets were never started, closes what was put right or was only to be read, and reminds of requests, claims and monthly reports."""
	epoch = config.now_epoch()
	now = config.from_epoch(epoch)
	each(
		lambda: policies.settle_states(now),
		lambda: calendar_documents.warn_of_unconfirmed(now.date()),
		calendar_changes.close_read,
		not_started.report,
		lambda: mended.close_mended(epoch),
		missing_paper.close_mended,
		lambda: request_turns.remind(epoch),
		lambda: claim_turns.remind(epoch),
		lambda: monthly_reminders.remind(epoch),
	)


@in_site_language
def ch_tell_customers() -> None:
	"""Every day, on the queue whose jobs may take long: asks customers who could not be asked before, reminds those who
	were, reports mails that never left, makes the month of tracing that is over, reminds of those that nobody has sent, and
	makes the monthly reports that a pause or a failure has left out."""
	now = config.now_epoch()
	each(
		reminders.ask,
		lambda: reminders.remind(now),
		lambda: undelivered.report(now),
		lambda: month_making.make_missing(now),
		lambda: month_reminders.remind(now),
		lambda: monthly_making.make_missing(now),
	)


@in_site_language
def ch_announce() -> None:
	"""Every five minutes: sends the notices of changes, opens new groups whose start and notice have come, keeps the
	reports at hand, hands approved claims over that could not be before, and looks whether reports were delivered."""
	each(
		notices.send_due,
		lambda: group_life.open_due(config.from_epoch(config.now_epoch())),
		at_once.keep_at_once,
		claim_hand_over.hand_over_waiting,
		month_acts.watch_delivery,
	)


@in_site_language
def ch_report() -> None:
	"""Every five minutes: says which reports are missing, however the sending fares, and lets those be sent that are due."""
	now = config.now_epoch()
	each(
		# By a commit of its own: a step that fails would take the job that sends with it.
		report_soon,
		lambda: watching.follow(now),
		lambda: gaps.look(now),
		lambda: heartbeat.watch(now),
		lambda: days_off.close_mended(Timetable.present(), now),
	)


@in_site_language
def ch_send_reports() -> None:
	"""On the queue whose jobs may take long, one at a time: makes the reports that are due, delivers them, and follows
	their mails."""
	now, until = config.now_epoch(), time.monotonic() + SENDING_SECONDS
	each(
		lambda: making.make_due(now),
		lambda: delivering.deliver_due(now, max(until - time.monotonic(), 0)),
		lambda: watching.follow(now),
		lambda: heartbeat.note(config.now_epoch()),
	)


def report_soon() -> None:
	"""Lets a job deliver once this is committed; if it cannot be queued, the next tick does it."""
	_enqueue_soon("ch_send_reports", queue="long")


@in_site_language
def ch_govern() -> None:
	"""Every day: closes groups that retire, lets deviations lapse, reminds readers of notices, looks for changes that
	came past the app and for access that the policy does not give, and completes the drafts for other countries."""
	now = config.from_epoch(config.now_epoch())
	each(
		lambda: group_life.retire_due(now),
		lambda: deviations.settle(now.date()),
		lambda: notices.remind(now),
		past_changes.look,
		following.drop_unreadable,
		access_watch.watch,
		standard_following.settle,
	)


@in_site_language
def ch_follow_standard() -> None:
	"""When a policy became active, or a change was undone: makes and takes back the drafts for other countries."""
	standard_following.settle()


@in_site_language
def ch_watch_access() -> None:
	"""When somebody was given more roles: looks for access that the policy does not give."""
	access_watch.watch()


def watch_access_soon() -> None:
	"""Lets a job look once this is committed; if it cannot be queued, the day's does it."""
	_enqueue_soon("ch_watch_access")


def _enqueue_soon(job: str, queue: str = "default") -> None:
	def enqueue() -> None:
		with suppress(Exception):
			frappe.enqueue(f"core_helpdesk.jobs.{job}", queue=queue, job_id=job, deduplicate=True)

	frappe.db.after_commit.add(enqueue)
