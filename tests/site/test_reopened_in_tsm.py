"""A ticket that a level moved into TSM and that is reopened there begins anew with the group that must solve it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.escalations import reconcile, sweep
from tests.site import web
from tests.site.factories import make_desk, make_ticket
from tests.site.moments import Moment, epoch
from tests.site.test_sync import change, escalations_of, legs_of, row_of

if TYPE_CHECKING:
	from frappe.model.document import Document


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
	return Moment(monkeypatch, "2026-03-02 09:00")


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_desk(levels=({"move_ticket": 1}, {"target": "General Manager"}))


@pytest.fixture
def solved(desk: frappe._dict, moment: Moment) -> Document:
	"""Moved into TSM by its level on the second day, and solved there an hour later."""
	ticket = make_ticket(group=desk.team)
	sweep.run(moment.set("2026-03-03 09:00"))
	assert group_of(ticket) == desk.tsm_team
	moment.set("2026-03-03 10:00")
	change(ticket, status="Closed")
	return ticket


def group_of(ticket: Document) -> str | None:
	return frappe.db.get_value("HD Ticket", ticket.name, "agent_group")


def levels_of(ticket: Document) -> list[tuple[int, int]]:
	return [(row.cycle, row.level) for row in escalations_of(ticket)]


def test_it_goes_back_in_the_same_save_and_escalates_again(
	desk: frappe._dict, moment: Moment, solved: Document
) -> None:
	moment.set("2026-03-03 12:00")
	change(solved, status="Open")
	assert group_of(solved) == desk.team
	clock = row_of(solved).clock
	assert (clock.cycle, clock.level, clock.group) == (2, 0, desk.team)
	assert clock.due == epoch("2026-03-04 12:00")
	assert legs_of(solved)[-1] == (desk.team, epoch("2026-03-03 12:00"), 0)
	assert not frappe.db.exists("Escalation Finding", {"kind": "Assignment Put Back"})
	sweep.run(moment.set("2026-03-04 12:00"))
	assert levels_of(solved) == [(1, 1), (2, 1)]
	assert group_of(solved) == desk.tsm_team


@pytest.mark.parametrize("by_a_person", (True, False))
def test_reopened_after_its_group_retired_it_is_nobodys_and_that_is_said(
	desk: frappe._dict, moment: Moment, solved: Document, by_a_person: bool
) -> None:
	"""Policy: TSM-08, CORE-08"""
	frappe.db.set_value("HD Team", desk.team, "ch_stage", "Retired")
	moment.set("2026-03-03 12:00")
	if by_a_person:
		web.put("Administrator", f"{web.RESOURCE}/HD Ticket/{solved.name}", status="Open")
	else:
		change(solved, status="Open")
	assert frappe.db.get_value("HD Ticket", solved.name, "status") == "Open"
	assert not group_of(solved)
	told = {"kind": "Reopened Without a Group", "state": "Open", "reference_name": str(solved.name)}
	assert frappe.db.count("Escalation Finding", told) == 1


def test_reopened_by_a_direct_write_it_counts_at_once_and_reconcile_puts_it_back(
	desk: frappe._dict, moment: Moment, solved: Document
) -> None:
	moment.set("2026-03-03 12:00")
	frappe.get_doc("HD Ticket", solved.name).db_set("status", "Open")
	assert row_of(solved).clock.due == epoch("2026-03-04 12:00")
	reconcile.run_all(moment.later(hours=1))
	assert group_of(solved) == desk.team
	clock = row_of(solved).clock
	assert (clock.cycle, clock.group, clock.due) == (2, desk.team, epoch("2026-03-04 12:00"))


def test_past_every_event_it_is_put_back_and_escalates_again(
	desk: frappe._dict, moment: Moment, solved: Document
) -> None:
	frappe.db.set_value("HD Ticket", solved.name, "status", "Open", update_modified=False)
	reconcile.run_all(moment.set("2026-03-03 13:00"))
	reconcile.run_all(moment.set("2026-03-03 14:00"))
	assert group_of(solved) == desk.team
	assert (row_of(solved).clock.cycle, row_of(solved).clock.group) == (2, desk.team)
	sweep.run(moment.set("2026-03-05 13:00"))
	assert levels_of(solved)[:2] == [(1, 1), (2, 1)]


def test_a_later_direct_write_into_tsm_is_put_back(
	desk: frappe._dict, moment: Moment, solved: Document
) -> None:
	moment.set("2026-03-03 12:00")
	change(solved, status="Open")
	frappe.db.set_value("HD Ticket", solved.name, "agent_group", desk.tsm_team)
	reconcile.run_all(moment.later(hours=1))
	assert group_of(solved) == desk.team
	assert row_of(solved).clock.due == epoch("2026-03-04 12:00")


def test_a_group_that_is_gone_is_not_gone_back_to(
	desk: frappe._dict, moment: Moment, solved: Document
) -> None:
	frappe.db.delete("HD Team", {"name": desk.team})
	change(solved, status="Open")
	assert not group_of(solved)
