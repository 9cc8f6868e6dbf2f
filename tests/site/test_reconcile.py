"""Reconcile finds what came in past the events, repairs it, and says so."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import jobs
from core_helpdesk.escalations import compare, reconcile, sweep
from tests.site.factories import make_desk, make_policy, make_team, make_ticket, switch_mode
from tests.site.moments import Moment, epoch
from tests.site.test_sweep import write_past_events
from tests.site.test_sync import change, escalations_of, legs_of, row_of

MONDAY = "2026-03-02 09:00"


@pytest.fixture
def desk() -> frappe._dict:
	return make_desk()


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
	return Moment(monkeypatch, MONDAY)


def findings(kind: str = "Repaired by Reconcile") -> list[str]:
	return frappe.get_all("Escalation Finding", {"kind": kind, "state": "Open"}, pluck="details")


def test_nothing_is_repaired_where_nothing_differs(desk: frappe._dict, moment: Moment) -> None:
	for _ in range(3):
		make_ticket(group=desk.team)
	assert reconcile.run_all(moment.later(hours=1)) == ({}, 0)
	assert findings() == []


@pytest.mark.parametrize("run", (reconcile.run_changed, reconcile.run_all))
def test_a_direct_write_is_found_and_counts_from_when_it_was_made(
	desk: frappe._dict, moment: Moment, run: object
) -> None:
	ticket, other = make_ticket(group=desk.team), make_team()
	write_past_events(ticket, "2026-03-02 12:00:00", agent_group=other)
	assert sum(run(moment.set("2026-03-02 13:17")).repaired.values()) == 1
	assert row_of(ticket).clock.due == epoch("2026-03-03 12:00")
	assert [leg[0] for leg in legs_of(ticket)] == [desk.team, other]
	assert len(findings()) == 1
	assert run(moment.later(hours=1)).repaired == {}


def test_a_change_that_does_not_touch_the_rows_own_date_is_found_at_night(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	reconcile.run_changed(moment.later(hours=5))
	frappe.db.set_value("HD Ticket", ticket.name, "status", "Closed", update_modified=False)
	assert reconcile.run_all(moment.later(hours=5)).repaired
	assert row_of(ticket).clock.state == "Resolved"


def test_a_ticket_whose_events_were_lost_gets_its_clock_from_when_it_was_made(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	for doctype in ("Ticket Clock", "Ticket Leg"):
		frappe.db.delete(doctype, {"reference_name": str(ticket.name)})
	made_on(ticket, "2026-03-02 08:00:00")
	assert reconcile.run_all(moment.set("2026-03-02 20:00")).repaired
	assert row_of(ticket).clock.due == epoch("2026-03-03 08:00")


def made_on(ticket: object, creation: str) -> None:
	frappe.db.set_value(
		"HD Ticket", ticket.name, {"creation": creation, "modified": creation}, update_modified=False
	)
	frappe.db.delete("HD Ticket Activity", {"ticket": ticket.name})


def test_an_old_ticket_that_was_imported_is_noted_and_not_started(desk: frappe._dict, moment: Moment) -> None:
	switch_mode(governed_from="2026-03-01 00:00")
	ticket = make_ticket(group=desk.team)
	for doctype in ("Ticket Clock", "Ticket Leg"):
		frappe.db.delete(doctype, {"reference_name": str(ticket.name)})
	made_on(ticket, "2025-11-20 08:00:00")
	reconcile.run_all(moment.set("2026-03-02 20:00"))
	assert (row_of(ticket).clock.cycle, row_of(ticket).next_epoch) == (0, 0)


def test_deleted_merged_and_closed_tickets_are_ended(desk: frappe._dict, moment: Moment) -> None:
	deleted, merged, closed = (make_ticket(group=desk.team) for _ in range(3))
	frappe.db.delete("HD Ticket", {"name": deleted.name})
	frappe.db.set_value("HD Ticket", merged.name, "is_merged", 1, update_modified=False)
	frappe.db.set_value("HD Ticket", closed.name, "status", "Closed", update_modified=False)
	found = reconcile.run_all(moment.later(hours=6))
	assert sum(found.repaired.values()) == 3
	assert [row_of(ticket).clock.finished for ticket in (deleted, merged, closed)] == [True, True, False]
	assert {row_of(ticket).next_epoch for ticket in (deleted, merged, closed)} == {0}


def test_a_ticket_put_into_tsm_by_a_direct_write_goes_back_where_it_was(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket, fresh = make_ticket(group=desk.team), make_ticket()
	for slipped in (ticket, fresh):
		frappe.db.set_value("HD Ticket", slipped.name, "agent_group", desk.tsm_team)
	reconcile.run_all(moment.later(hours=1))
	assert frappe.db.get_value("HD Ticket", ticket.name, "agent_group") == desk.team
	assert not frappe.db.get_value("HD Ticket", fresh.name, "agent_group")
	assert row_of(ticket).clock.due == epoch("2026-03-03 09:00")
	assert len(findings("Assignment Put Back")) == 2


def test_a_ticket_put_into_a_retired_group_by_a_direct_write_goes_back_where_it_was(
	desk: frappe._dict, moment: Moment
) -> None:
	retired = make_team()
	held, ticket = make_ticket(group=retired), make_ticket(group=desk.team)
	frappe.db.set_value("HD Team", retired, "ch_stage", "Retired")
	write_past_events(ticket, "2026-03-02 12:00:00", agent_group=retired)
	assert sum(reconcile.run_all(moment.set("2026-03-02 13:17")).repaired.values()) == 1
	assert frappe.db.get_value("HD Ticket", ticket.name, "agent_group") == desk.team
	(told,) = findings("Assignment Put Back")
	assert str(ticket.name) in told and retired in told
	# What it had when it was retired stays until it goes.
	assert frappe.db.get_value("HD Ticket", held.name, "agent_group") == retired
	assert reconcile.run_all(moment.later(hours=1)).repaired == {}


def test_an_escalated_ticket_that_its_level_moved_to_tsm_stays_there(moment: Moment) -> None:
	desk = make_desk(levels=({"move_ticket": 1}, {"target": "General Manager"}))
	ticket = make_ticket(group=desk.team)
	sweep.run(moment.set("2026-03-03 09:00"))
	assert reconcile.run_all(moment.later(hours=1)).repaired == {}
	assert frappe.db.get_value("HD Ticket", ticket.name, "agent_group") == desk.tsm_team


def test_a_policy_that_comes_later_starts_the_clocks_that_waited_for_it(moment: Moment) -> None:
	desk = make_desk()
	frappe.db.set_value("Escalation Policy", desk.policy, "workflow_state", "Draft")
	ticket = make_ticket(group=desk.team)
	moment.set("2026-03-02 17:00")
	policy = make_policy(starts_on="2026-03-02 15:00:00")
	reconcile.run_changed(moment.now)
	clock = row_of(ticket).clock
	assert (clock.policy, clock.began, clock.due) == (
		policy,
		epoch("2026-03-02 15:00"),
		epoch("2026-03-03 15:00"),
	)


def test_a_clock_that_was_put_aside_goes_on_once_its_trouble_is_gone(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	name = row_of(ticket).name
	frappe.db.set_value("Ticket Clock", name, "policy", "No Such Policy")
	sweep.run(moment.set("2026-03-03 09:00"))
	assert reconcile.run_changed(moment.later(hours=1)).failed == 1
	frappe.db.set_value("Ticket Clock", name, "policy", desk.policy)
	assert reconcile.run_changed(moment.later(hours=1)).failed == 0
	assert not frappe.db.exists("Escalation Finding", {"kind": "Clock Put Aside", "state": "Open"})
	sweep.run(moment.later(minutes=5))
	assert len(escalations_of(ticket)) == 1


def test_ranges_meet_without_a_gap(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(compare, "TICKETS_AT_ONCE", 2)
	tickets = [make_ticket(group=desk.team) for _ in range(5)]
	moment.later(hours=1)
	for ticket in tickets:
		frappe.db.set_value("HD Ticket", ticket.name, "status", "Closed")
	assert sum(reconcile.run_changed(moment.now).repaired.values()) == 5
	for ticket in tickets:
		frappe.db.set_value("HD Ticket", ticket.name, "status", "Open", update_modified=False)
	assert sum(reconcile.run_all(moment.later(hours=1)).repaired.values()) == 5
	frappe.db.delete("HD Ticket", {"name": ("in", [ticket.name for ticket in tickets])})
	assert sum(reconcile.run_all(moment.later(hours=1)).repaired.values()) == 5


def test_nothing_is_compared_while_the_mode_is_off(desk: frappe._dict, moment: Moment) -> None:
	switch_mode("Off")
	assert reconcile.run_changed(moment.now) is None
	assert reconcile.run_all(moment.now) is None


def test_a_clock_that_only_the_sweep_moved_is_not_called_repaired(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	sweep.run(moment.set("2026-03-03 09:00"))
	change(ticket, subject="Second call")
	assert reconcile.run_all(moment.later(hours=1)).repaired == {}


def test_what_a_job_finds_is_told_in_the_language_of_the_site(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	ticket, other = make_ticket(group=desk.team), make_team()
	write_past_events(ticket, "2026-03-02 12:00:00", agent_group=other)
	moment.set("2026-03-02 13:17")
	frappe.db.set_default("lang", "ar")
	jobs.ch_reconcile()
	(details,) = findings()
	expected = frappe._("{0}: {1} tickets, among them {2}", lang="ar").format(
		frappe._("Changed past the app", lang="ar"), 1, ticket.name
	)
	assert details == expected
	assert frappe.local.lang == "en"
