"""What the scheduler calls. Named ch_…: the framework names jobs by the last segments of their path."""

from collections.abc import Callable
from functools import wraps

import frappe

from core_helpdesk import config
from core_helpdesk.escalations import reconcile, sweep
from core_helpdesk.governance import (
	calendar_changes,
	calendar_documents,
	deviations,
	governed_records,
	group_life,
	notices,
	policies,
	request_turns,
)
from core_helpdesk.mail import delivery


def in_site_language(job: Callable[[], None]) -> Callable[[], None]:
	"""What a job writes for people is in the site's language; the framework runs jobs in English."""

	@wraps(job)
	def speaking() -> None:
		with language.speaking(language.site_language()):
			job()

	return speaking


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
	"""Every hour: compares the tickets changed since the last time with their clocks, and times once more what runs
	by a changed calendar."""
	now = config.now_epoch()
	reconcile.run_changed(now)
	calendar_changes.time_the_rest(config.from_epoch(now))


@in_site_language
def ch_reconcile_all() -> None:
	"""Every night: compares all tickets with their clocks."""
	reconcile.run_all(config.now_epoch())


@in_site_language
def ch_watch() -> None:
	"""Every day: marks policies whose time is over, says which calendars run out of confirmed holidays and which
	tickets were never started, and closes what was put right or was only to be read."""
	epoch = config.now_epoch()
	now = config.from_epoch(epoch)
	policies.settle_states(now)
	calendar_documents.warn_of_unconfirmed(now.date())
	calendar_changes.close_read()
	request_turns.remind(config.to_epoch(now))


def ch_announce() -> None:
	"""Every five minutes: sends the notices of changes, and opens new groups whose start and notice have come."""
	notices.send_due()
	group_life.open_due(config.from_epoch(config.now_epoch()))


def ch_govern() -> None:
	"""Every day: closes groups that retire, lets deviations lapse, reminds readers of notices, and looks for changes
	that came past the app."""
	now = config.from_epoch(config.now_epoch())
	group_life.retire_due(now)
	deviations.settle(now.date())
	notices.remind(now)
	governed_records.watch()
