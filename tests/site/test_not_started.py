"""Tickets from before the start have no clock; they stay listed, group by group, until they count or are solved."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import config, jobs
from core_helpdesk.escalations import going_live, reconcile
from tests.site.factories import make_desk, make_team, make_ticket, switch_mode
from tests.site.test_sync import row_of

HOUR = 3600


@pytest.fixture
def desk() -> frappe._dict:
	return make_desk("Off")


def listed() -> dict[str, str]:
	rows = frappe.get_all(
		"Escalation Finding", {"kind": "Not Started", "state": "Open"}, ["reference_name", "details"]
	)
	return {row.reference_name: row.details for row in rows}


def go_live() -> int:
	"""Three hours after the tickets came; returns that moment."""
	now = config.now_epoch() + 3 * HOUR
	going_live.set_mode("Live", now)
	return now


def test_tickets_of_before_the_start_are_listed_by_group(desk: frappe._dict) -> None:
	other = make_team()
	for group in (desk.team, desk.team, other):
		make_ticket(group=group)
	go_live()
	jobs.ch_watch()
	found = listed()
	assert set(found) == {desk.team, other}
	assert f"{desk.team} before tickets count there: 2, the oldest since " in found[desk.team]


def test_a_ticket_that_counts_is_not_listed(desk: frappe._dict) -> None:
	switch_mode("Live")
	make_ticket(group=desk.team)
	jobs.ch_watch()
	assert listed() == {}


def test_a_group_is_listed_until_its_tickets_count(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.team)
	came = config.now_epoch()
	now = go_live()
	jobs.ch_watch()
	assert list(listed()) == [desk.team]
	going_live.start_clocks_from(came - HOUR, now)
	assert row_of(ticket).clock.policy
	jobs.ch_watch()
	assert listed() == {}


def test_a_group_is_listed_until_its_tickets_are_solved(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.team)
	go_live()
	jobs.ch_watch()
	assert list(listed()) == [desk.team]
	ticket.reload()
	ticket.status = "Resolved"
	ticket.save()
	jobs.ch_watch()
	assert listed() == {}


def test_an_imported_ticket_of_before_a_groups_own_start_is_listed(desk: frappe._dict) -> None:
	switch_mode("Live")
	start = config.from_epoch(config.now_epoch() + HOUR)
	frappe.db.set_value("HD Team", desk.team, "ch_governed_from", start)
	frappe.clear_document_cache("HD Team", desk.team)
	ticket = make_ticket(group=desk.team)
	reconcile.run_all(config.now_epoch())
	assert not row_of(ticket).clock.policy
	jobs.ch_watch()
	assert list(listed()) == [desk.team]


def test_nothing_is_listed_while_the_mode_is_off(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.team)
	switch_mode("Observe", governed_from="")
	reconcile.run_all(config.now_epoch())
	assert not row_of(ticket).clock.policy
	switch_mode("Off", governed_from="")
	jobs.ch_watch()
	assert listed() == {}
