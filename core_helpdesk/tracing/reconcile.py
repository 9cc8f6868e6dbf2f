"""Compares cases with the host's tickets and repairs what came in past the events: direct writes, jobs, failures.

Runs before the clocks are compared: a clock still knows where its ticket was seen last.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils.background_jobs import get_job_status
from rq.job import JobStatus

from core_helpdesk import config
from core_helpdesk.domain import tracing_legs
from core_helpdesk.escalations import findings, open_cases, rows, tracing_clock, transactions
from core_helpdesk.escalations.reconcile import LISTED, OVERLAP, REPAIRED
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.tracing import (
	compare,
	fault_counts,
	following,
	gaps,
	records,
	retiming,
	rules,
	ticket_gate,
)

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable

	from core_helpdesk.domain.tracing import Ruling
	from core_helpdesk.hosts.hd_ticket import TicketFacts
	from core_helpdesk.tracing.records import Row

REROUTED, CLOCK_ENDED, CLOCK_BEGUN = "Put onto its route", "Clock ended", "Clock begun"

JOB = "ch_trace"

Mended = dict[str, list[str]]


def run_changed(now: int) -> Mended | None:
	"""Compares the tickets that were changed since the clocks were last compared; None while nothing is traced."""
	if not _is_on():
		return None
	since = frappe.db.get_single_value(config.SETTINGS, "reconciled_until", cache=False)
	begun = config.from_epoch(now)
	first = frappe.utils.get_datetime(since) - OVERLAP if since else begun - timedelta(days=1)
	mended: Mended = {}
	_mend_tickets(compare.changed_since(min(first, begun - OVERLAP)), now, mended)
	_mend_clocks(now, mended)
	_report(now, mended)
	return mended


def run_all(now: int) -> Mended | None:
	"""Compares all tickets, cases and tracing clocks, and times cases whose calendar or terms changed past the app."""
	if not _is_on():
		return None
	mended: Mended = {}
	_mend_tickets(compare.everything(), now, mended)
	_mend_tickets(compare.without_ticket(), now, mended)
	_mend_clocks(now, mended)
	_report(now, mended)
	retiming.retime_all()
	fault_counts.recount()
	gaps.report()
	frappe.db.commit()  # nosemgrep: the end of the run
	return mended


def soon() -> None:
	"""Lets a job compare everything once this is committed; if it cannot be queued, the night's does it."""

	def queue() -> None:
		with suppress(Exception):
			# One that is running may have looked before this was there.
			is_running = get_job_status(JOB) == JobStatus.STARTED
			job_id = f"{JOB}_{frappe.generate_hash(length=8)}" if is_running else JOB
			frappe.enqueue(f"core_helpdesk.jobs.{JOB}", queue="long", job_id=job_id, deduplicate=True)

	frappe.db.after_commit.add(queue)


def _is_on() -> bool:
	if config.stored_mode() == config.OFF:
		return False
	config.refresh()
	rules.refresh()
	if not rules.is_on():
		gaps.report_headquarters()
	return rules.is_on()


def mend(name: str, now: int) -> str:
	"""Brings one ticket and its case together; returns what was done, empty for nothing.

	Policy: TRC-02, TRC-09
	"""
	facts = hd_ticket.facts(name, for_update=True)
	row = records.of_ticket(name)
	ruling = misrouted(facts, row)
	if ruling:
		ticket_gate.report(name, facts.subject, facts.team, ruling, is_done=rules.is_live())
		if rules.is_live():
			hd_ticket.set_team(name, ruling.instead)
			return REROUTED
	return following.follow(name, now)


def misrouted(facts: TicketFacts, row: Row | None) -> Ruling | None:
	"""Why a ticket must not be where it is, if it got there past the app.

	One that the app saw coming stays: it was there before its group traced, or came by what was a route then.
	Policy: TRC-09
	"""
	if not facts.is_live or not rules.network().is_abroad(facts.team):
		return None
	clock = None if row else rows.read(facts.name)
	stands_in = row.team if row else clock.clock.group if clock else ""
	present = row if row and not row.is_closed else None
	ruling = ticket_gate.ruling_for(stands_in, present, facts.team)
	return None if ruling.is_allowed else ruling


def _mend_tickets(differing: Iterable[list[str]], now: int, mended: Mended) -> None:
	for names in differing:
		for name in names:
			_one(mended, name, mend, now)


def _mend_clocks(now: int, mended: Mended) -> None:
	"""Cases that waited for a policy begin to count, and counts without an open case end.

	Policy: TRC-03
	"""
	for tickets in tracing_clock.open_tickets():
		for ticket in sorted(tickets - open_cases.among(tickets)):
			_one(mended, ticket, end_clock, now)
	if not _has_policy():
		return
	site = config.site_rules()
	for cases in compare.without_clock():
		facts = hd_ticket.facts_by_name(ticket for _name, ticket, _opened in cases)
		for name, ticket, opened in cases:
			# The calendar is that of the country which handles it, as on the case, whatever section has it.
			handling = tracing_legs.handling(records.stored_legs(name)[1])
			team = handling.team if handling else facts[ticket].team
			if facts[ticket].is_live and site.tracing_terms(team, facts[ticket].category, now):
				_one(mended, ticket, begin_clock, (team, facts[ticket].category, opened, now))


def _has_policy() -> bool:
	in_force = {"is_tracing": 1, "workflow_state": ("in", config.IN_USE)}
	return bool(frappe.db.exists("Escalation Policy", in_force))


def end_clock(ticket: str, now: int) -> str:
	return CLOCK_ENDED if tracing_clock.end(ticket, now, solved=True) else ""


def begin_clock(ticket: str, given: tuple[str, str, int, int]) -> str:
	return CLOCK_BEGUN if tracing_clock.begin(ticket, *given).cycle else ""


def _one(mended: Mended, name: str, mend_it: Callable[[str, Any], str], given: Any) -> None:
	try:
		what = mend_it(name, given)
		frappe.db.commit()  # nosemgrep: each repair is complete, and no later failure may undo it
	except Exception as error:
		frappe.db.rollback()
		if transactions.is_out_of_time(error):
			raise
		frappe.log_error(title=f"Case of ticket {name} not repaired", message=frappe.get_traceback())
		return
	if what:
		mended.setdefault(what, []).append(name)


def _report(now: int, mended: Mended) -> None:
	"""One finding a day and kind of repair; clocks that begin with a policy are no repair."""
	day = config.from_epoch(now).date()
	said = {
		following.OPENED: _("Opened: the ticket was in a tracing group without a case"),
		following.REOPENED: _("Reopened with its ticket"),
		following.MOVED: _("Followed its ticket into another group"),
		following.ENDED: _("Ended with its ticket"),
		REROUTED: _("Put onto its route"),
		CLOCK_ENDED: _("Clock ended: its case was closed"),
	}
	for what in mended.keys() & said.keys():
		shown = ", ".join(mended[what][:LISTED])
		details = _("Tracing: {0}: {1} tickets, among them {2}").format(said[what], len(mended[what]), shown)
		remedy = _("Find what changes tickets past the app, such as a script or a direct database write.")
		findings.report(REPAIRED, f"Tracing {what}:{day}", details=details, remedy=remedy)
	frappe.db.commit()  # nosemgrep: the end of the run
