"""Hundreds of killed sweeps, and two at once among them: in the end every level and every effect is there once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.escalations import sweep
from tests.site import killing
from tests.site.courier import make_outgoing_account
from tests.site.factories import make_desk
from tests.site.moments import Moment, epoch
from tests.site.test_sweep_races import check_everything_happened_once, sweeping, tickets_of
from tests.site.test_sync import change

if TYPE_CHECKING:
	from frappe.model.document import Document

pytestmark = pytest.mark.soak
MONDAY = "2026-03-02 09:00"
WANTED_KILLS = 220
CYCLE_SECONDS = 4 * 24 * 3600


@pytest.fixture
def desk(snapshot: object) -> frappe._dict:
	made = make_desk(members=2)
	make_outgoing_account()
	frappe.db.commit()
	return made


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
	return Moment(monkeypatch, MONDAY)


def test_a_sweep_killed_at_each_of_its_statements_loses_and_doubles_nothing(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(sweep, "ROWS_AT_ONCE", 3)
	tickets, chance, kills, cycle = tickets_of(desk, 7), random.Random(20260302), 0, 1
	while kills < WANTED_KILLS:
		start = moment.now
		for level in (1, 2):
			kills += killed_until_done(moment.set_epoch(start + level * 24 * 3600), chance)
		frappe.db.rollback()
		check_everything_happened_once(
			tickets, [(number, level) for number in range(1, cycle + 1) for level in (1, 2)]
		)
		reopen(tickets, moment, start + CYCLE_SECONDS)
		cycle += 1
	assert kills >= WANTED_KILLS


def killed_until_done(now: int, chance: random.Random) -> int:
	"""Sweeps at one moment, killed again and again at another statement, until one comes through."""
	kills = 0
	for statement in [*range(1, 30), *(chance.randrange(30, 400) for _ in range(12))]:
		ended = killing.in_child(killing.killed_at(statement, sweeping(now)))
		assert ended in (0, killing.KILLED)
		kills += ended == killing.KILLED
	children = [killing.start_child(sweeping(now)) for _ in range(2)]
	assert all([killing.ended_well(child) for child in children])
	return kills


def reopen(tickets: list[Document], moment: Moment, at: int) -> None:
	"""Solved and opened again: the next cycle."""
	moment.set_epoch(at - 3600)
	for ticket in tickets:
		change(ticket, status="Resolved")
	moment.set_epoch(at)
	for ticket in tickets:
		change(ticket, status="Open")
	frappe.db.commit()


def test_changes_and_kills_at_once_end_in_clocks_that_agree_with_their_tickets(
	desk: frappe._dict, moment: Moment
) -> None:
	from core_helpdesk.escalations import reconcile

	tickets, chance = tickets_of(desk, 6), random.Random(7)
	for _step in range(40):
		moment.later(hours=chance.randrange(1, 20))
		child = killing.start_child(killing.killed_at(chance.randrange(1, 250), sweeping(moment.now)))
		try:
			change(chance.choice(tickets), status=chance.choice(("Open", "Resolved", "Replied")))
			frappe.db.commit()
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()
		killing.wait(child)
	assert killing.in_child(sweeping(moment.later(minutes=5))) == 0
	assert reconcile.run_all(moment.later(minutes=5)) == ({}, 0)
	doubled = frappe.db.sql(
		"""select reference_name, cycle, level, count(*) from `tabTicket Escalation`
			group by reference_name, cycle, level having count(*) > 1"""
	)
	assert not doubled
	gaps = frappe.db.sql(
		"""select reference_name, cycle from `tabTicket Escalation`
			group by reference_name, cycle having max(level) <> count(*)"""
	)
	assert not gaps
	assert epoch(MONDAY) < moment.now
