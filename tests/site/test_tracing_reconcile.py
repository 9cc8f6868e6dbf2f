"""What came in past the events is found and put right: cases opened, followed, ended, reopened, tickets rerouted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest
from frappe.utils.background_jobs import create_job_id, get_job, get_queue
from rq.job import JobStatus

from core_helpdesk import config, jobs
from core_helpdesk.escalations import findings, tracing_clock
from core_helpdesk.tracing import gaps, news, reconcile
from core_helpdesk.tracing.following import ENDED, MOVED, OPENED, REOPENED
from core_helpdesk.tracing.ticket_gate import REROUTED
from tests.site.factories import make_team, make_ticket, switch_mode
from tests.site.moments import Moment, forget_time_zone
from tests.site.tracing_desk import (
	HOME,
	accept,
	case_of,
	make_case,
	make_tracing_desk,
	make_tracing_policy,
	pass_to,
	set_tracing,
)

if TYPE_CHECKING:
	from collections.abc import Iterator

UAE, EGYPT = "United Arab Emirates", "Egypt"


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_tracing_desk()


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, "2026-03-02 09:00")
	forget_time_zone()


def past_the_app(ticket: object, **values: object) -> None:
	"""As a script on the server does it."""
	frappe.db.set_value("HD Ticket", getattr(ticket, "name", ticket), values, update_modified=False)


def mend(moment: Moment) -> dict[str, list[str]]:
	return reconcile.run_all(moment.later(minutes=10))


def test_a_site_in_order_has_nothing_to_mend(desk: frappe._dict, moment: Moment) -> None:
	accept(make_case(desk, team=desk.groups[UAE]))
	make_ticket(group=desk.section)
	assert mend(moment) == {}


def test_tickets_that_are_in_a_group_when_it_is_marked_open_from_then(
	desk: frappe._dict, moment: Moment
) -> None:
	group = make_team(ch_country=UAE)
	ticket = make_ticket(group=group)
	marked = frappe.get_doc("HD Team", group)
	marked.ch_tracing = 1
	marked.save()
	assert mend(moment) == {OPENED: [str(ticket.name)]}
	case = case_of(ticket)
	assert (case.team, case.handed_to, case.opened_epoch) == (group, UAE, moment.now)
	assert mend(moment) == {}


def test_a_ticket_put_into_a_group_abroad_past_the_app_goes_to_headquarters(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.section)
	past_the_app(ticket, agent_group=desk.groups[UAE])
	assert mend(moment) == {reconcile.REROUTED: [str(ticket.name)]}
	assert case_of(ticket).team == desk.headquarters
	assert findings.is_open(REROUTED, f"HD Ticket:{ticket.name}")
	assert mend(moment) == {}


def test_a_case_moved_off_its_route_past_the_app_goes_to_headquarters(
	desk: frappe._dict, moment: Moment
) -> None:
	case = make_case(desk, team=desk.groups[UAE])
	past_the_app(case.ticket, agent_group=desk.groups[EGYPT])
	assert mend(moment) == {reconcile.REROUTED: [case.ticket]}
	assert case.reload().team == desk.headquarters


def test_a_case_is_followed_where_its_route_leads(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk)
	past_the_app(case.ticket, agent_group=desk.section)
	assert mend(moment) == {MOVED: [case.ticket]}
	assert (case.reload().team, case.legs[1].passed_by) == (desk.section, None)


def test_closed_merged_and_deleted_past_the_app(desk: frappe._dict, moment: Moment) -> None:
	closed, merged, deleted = (make_case(desk) for _ in range(3))
	past_the_app(closed.ticket, status="Closed")
	past_the_app(merged.ticket, is_merged=1)
	frappe.db.delete("HD Ticket", {"name": deleted.ticket})
	assert {what: sorted(names) for what, names in mend(moment).items()} == {
		ENDED: sorted((closed.ticket, merged.ticket, deleted.ticket))
	}
	found = [case.reload().closing for case in (closed, merged, deleted)]
	assert found == ["Closed Past the Rules", "Merged", "Deleted"]
	assert not tracing_clock.due(closed.ticket).due
	assert mend(moment) == {}


def test_reopened_past_the_app(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk)
	ticket = frappe.get_doc("HD Ticket", case.ticket)
	ticket.status = "Closed"
	ticket.save()
	past_the_app(case.ticket, status="Open")
	assert mend(moment) == {REOPENED: [case.ticket]}
	assert (case.reload().status, case.open_ticket) == ("Open", case.ticket)


def test_a_deleted_ticket_leaves_its_case(desk: frappe._dict) -> None:
	case = make_case(desk)
	frappe.delete_doc("HD Ticket", case.ticket, force=True)
	assert (case.reload().status, case.closing) == ("Closed", "Deleted")


def test_the_hourly_run_looks_at_what_changed(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk)
	frappe.db.set_value("HD Ticket", case.ticket, "agent_group", desk.section)
	assert reconcile.run_changed(config.to_epoch(frappe.utils.now_datetime())) == {MOVED: [case.ticket]}


def test_cases_that_waited_for_a_policy_begin_to_count(moment: Moment) -> None:
	desk = make_tracing_desk(policy=False)
	case = make_case(desk)
	assert not tracing_clock.due(case.ticket).due
	make_tracing_policy()
	assert mend(moment) == {reconcile.CLOCK_BEGUN: [case.ticket]}
	assert tracing_clock.due(case.ticket).due == case.due_epoch


def test_a_count_without_an_open_case_ends(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk)
	frappe.db.set_value("Tracing Case", case.name, {"status": "Closed", "open_ticket": None})
	frappe.db.set_value("HD Ticket", case.ticket, {"status": "Closed"})
	assert mend(moment) == {reconcile.CLOCK_ENDED: [case.ticket]}


def test_what_was_missed_while_switched_off_is_found(desk: frappe._dict, moment: Moment) -> None:
	switch_mode("Off")
	ticket = make_ticket(group=desk.headquarters)
	assert reconcile.run_all(moment.now) is None
	switch_mode("Live")
	assert mend(moment) == {OPENED: [str(ticket.name)]}


def test_a_group_marked_past_the_app_is_noticed(desk: frappe._dict, moment: Moment) -> None:
	group = make_team(ch_country=HOME)
	ticket = make_ticket(group=group)
	frappe.db.set_value("HD Team", group, "ch_tracing", 1)
	assert mend(moment) == {OPENED: [str(ticket.name)]}


def test_one_that_cannot_be_mended_stops_no_other(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	first, second = make_case(desk), make_case(desk)
	for case in (first, second):
		past_the_app(case.ticket, agent_group=desk.section)
	frappe.db.commit()
	real = reconcile.mend

	def mend_but_one(name: str, now: int) -> str:
		if name == first.ticket:
			raise ValueError("broken")
		return real(name, now)

	monkeypatch.setattr(reconcile, "mend", mend_but_one)
	assert mend(moment) == {MOVED: [second.ticket]}


def test_missing_headquarters_is_reported_while_groups_are_marked(desk: frappe._dict, moment: Moment) -> None:
	set_tracing(headquarters_team=None)
	assert reconcile.run_all(moment.now) is None
	assert findings.is_open("No Headquarters", "Tracing Settings")
	set_tracing(headquarters_team=desk.headquarters)
	mend(moment)
	assert not findings.is_open("No Headquarters", "Tracing Settings")


def test_the_jobs_compare_cases_before_clocks(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.section)
	past_the_app(ticket, agent_group=desk.groups[UAE])
	jobs.ch_reconcile_all()
	assert case_of(ticket).team == desk.headquarters


def test_a_policy_that_escalates_on_another_day_than_cases_show_is_reported(desk: frappe._dict) -> None:
	"""Policy: TRC-03"""

	def is_reported() -> bool:
		return findings.is_open(gaps.DAYS_DIFFER, desk.tracing_policy)

	gaps.report()
	assert not is_reported()
	set_tracing(working_days=8)
	gaps.report()
	assert is_reported()
	set_tracing(working_days=10)
	gaps.report()
	assert not is_reported()


def test_a_policy_that_warns_at_another_time_than_cases_show_is_reported(desk: frappe._dict) -> None:
	"""Policy: TRC-03"""
	set_tracing(warn_percent=70)
	gaps.report()
	(finding,) = findings.open_of([gaps.DAYS_DIFFER])
	details = frappe.db.get_value("Escalation Finding", finding.name, "details")
	assert "70 %" in details and "80 %" in details and "working days" not in details
	set_tracing(warn_percent=80)
	gaps.report()
	assert not findings.open_of([gaps.DAYS_DIFFER])


@pytest.mark.committed
def test_a_group_that_is_marked_while_all_is_compared_has_a_comparison_of_its_own(desk: frappe._dict) -> None:
	queue = get_queue("long")

	def waiting() -> int:
		prefix = create_job_id(reconcile.JOB)
		return sum(name.startswith(prefix) for name in queue.job_ids)

	def mark() -> None:
		group = frappe.get_doc("HD Team", make_team(ch_country=HOME))
		group.ch_tracing = 1
		group.save()
		frappe.db.commit()

	if job := get_job(reconcile.JOB):
		job.delete()
	before = waiting()
	mark()
	mark()
	assert waiting() == before + 1
	# As a worker does that takes it.
	job = get_job(reconcile.JOB)
	queue.remove(job)
	job.set_status(JobStatus.STARTED)
	mark()
	assert waiting() == before + 1
	job.delete()


def test_a_clock_that_begins_late_counts_by_the_country_that_handles_the_case(desk: frappe._dict) -> None:
	"""A section has the case; the days are those of the tracing group before it."""
	case = pass_to(make_case(desk, team=desk.groups[UAE]), desk.section)
	tracing_clock.end(case.ticket, config.now_epoch(), solved=False)
	reconcile.run_all(config.now_epoch())
	assert tracing_clock.due(case.ticket).due == case.reload().due_epoch


def test_what_is_found_is_told_to_no_customer(desk: frappe._dict, monkeypatch: pytest.MonkeyPatch) -> None:
	"""They would hear of an old ticket that its case was opened now."""
	told: list[str] = []
	monkeypatch.setattr(news, "later", lambda case, event: told.append(event))
	ticket = make_ticket(group=desk.section)
	past_the_app(ticket, agent_group=desk.headquarters)
	reconcile.run_all(config.now_epoch())
	assert case_of(ticket) and not told
	make_ticket(group=desk.headquarters)
	assert told == [news.OPENED]
