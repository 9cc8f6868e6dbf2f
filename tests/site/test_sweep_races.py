"""Several sweeps, killed sweeps, and people at work meanwhile: every level once, every effect once, none skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.escalations import rows, sweep
from tests.site import killing
from tests.site.courier import make_outgoing_account
from tests.site.factories import make_desk, make_team, make_ticket
from tests.site.moments import Moment, epoch
from tests.site.test_sync import change, escalations_of, row_of

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

pytestmark = pytest.mark.committed
MONDAY = "2026-03-02 09:00"
DAY = 24 * 3600


@pytest.fixture
def desk(snapshot: object) -> frappe._dict:
	made = make_desk()
	make_outgoing_account()
	frappe.db.commit()
	return made


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
	return Moment(monkeypatch, MONDAY)


def tickets_of(desk: frappe._dict, count: int) -> list[Document]:
	made = [make_ticket(group=desk.team) for _ in range(count)]
	frappe.db.commit()
	return made


def sweeping(now: int) -> Callable[[], object]:
	return lambda: sweep.run(now)


def check_everything_happened_once(tickets: list[Document], levels: list[tuple[int, int]]) -> None:
	"""Each ticket has exactly these (cycle, level), and each effect was carried out exactly once."""
	for ticket in tickets:
		assert [(row.cycle, row.level) for row in escalations_of(ticket)] == levels
	assert frappe.db.count("Escalation Effect", {"state": ("in", ("Pending", "Claimed", "Failed"))}) == 0
	assert done("Copy Mail") == len(tickets) * len(levels_with_mail(levels))
	names = frappe.get_all("Ticket Escalation", pluck="name")
	assert frappe.db.count("Email Queue", {"reference_name": ("in", names)}) == done("Copy Mail")
	assert frappe.db.count("Notification Log", {"document_name": ("in", names)}) == done("Notice")
	comments = {"reference_ticket": ("in", [ticket.name for ticket in tickets])}
	assert frappe.db.count("HD Ticket Comment", comments) == done("Ticket Comment") == len(names)
	assert done("TSM Owner") == len(names) == len(tickets) * len(levels)


def levels_with_mail(levels: list[tuple[int, int]]) -> list[tuple[int, int]]:
	"""A mail goes to the head at each level, and to the General Manager at level 2."""
	return [place for place in levels for _mail in range(place[1])]


def done(kind: str) -> int:
	return frappe.db.count("Escalation Effect", {"kind": kind, "state": "Done"})


def test_two_sweeps_at_once_record_every_level_once(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(sweep, "ROWS_AT_ONCE", 2)
	tickets = tickets_of(desk, 9)
	for now, levels in ((epoch("2026-03-03 09:00"), [(1, 1)]), (epoch("2026-03-04 09:00"), [(1, 1), (1, 2)])):
		children = [killing.start_child(sweeping(now)) for _ in range(2)]
		assert all([killing.ended_well(child) for child in children])
		frappe.db.rollback()
		check_everything_happened_once(tickets, levels)


def test_a_sweep_killed_at_any_statement_is_completed_by_the_next(desk: frappe._dict, moment: Moment) -> None:
	tickets = tickets_of(desk, 2)
	kills = run_with_kills(epoch("2026-03-03 09:00"), statements=[1, 4, 9, 12, 15, 18, 22, 31, 47, 60])
	kills += run_with_kills(epoch("2026-03-04 09:00"), statements=[7, 11, 14, 16, 19, 26, 38, 55, 71, 90])
	assert kills >= 15
	check_everything_happened_once(tickets, [(1, 1), (1, 2)])


def run_with_kills(now: int, statements: list[int]) -> int:
	"""Sweeps at `now`, killed at these statements one after the other, then once in peace; returns the kills."""
	ended = [killing.in_child(killing.killed_at(number, sweeping(now))) for number in statements]
	assert set(ended) <= {0, killing.KILLED}
	assert killing.in_child(sweeping(now)) == 0
	return ended.count(killing.KILLED)


def test_a_ticket_that_a_person_is_changing_is_left_to_that_person(
	desk: frappe._dict, moment: Moment
) -> None:
	solved, other = tickets_of(desk, 2)
	moment.set("2026-03-03 08:00")
	change(solved, status="Resolved")
	# Not committed yet: the sweep sees the old row and may not wait for it.
	assert killing_without_commit(sweeping(epoch("2026-03-03 09:00"))) == 0
	frappe.db.commit()
	assert escalations_of(solved) == []
	assert len(escalations_of(other)) == 1
	sweep.run(moment.set("2026-03-03 09:05"))
	assert escalations_of(solved) == []


def killing_without_commit(work: Callable[[], object]) -> int:
	"""As `in_child`, while this process keeps what it has not committed and its locks."""
	import os

	child = os.fork()
	if child == 0:
		killing._die_with(work)
	return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_change_between_the_claim_and_its_effects_is_respected(desk: frappe._dict, moment: Moment) -> None:
	solved, open_still = tickets_of(desk, 2)
	now = moment.set("2026-03-03 09:00")
	assert killing.in_child(lambda: sweep.claim_due(now, float("inf"))) == 0
	assert [len(escalations_of(ticket)) for ticket in (solved, open_still)] == [1, 1]
	moment.later(minutes=1)
	change(solved, status="Resolved")
	frappe.db.commit()
	sweep.run(moment.later(minutes=4))
	assert escalations_of(solved)[0].status == "Closed with Ticket"
	assert frappe.db.count("Email Queue", {"reference_doctype": "Ticket Escalation"}) == 1
	mailed = frappe.get_all("Email Queue", {"reference_doctype": "Ticket Escalation"}, pluck="reference_name")
	assert mailed == [escalations_of(open_still)[0].name]


@pytest.mark.parametrize("what", ("deleted", "merged", "moved", "reopened", "auto-closed"))
def test_whatever_happens_to_a_ticket_while_others_are_swept(
	desk: frappe._dict, moment: Moment, what: str
) -> None:
	(ticket,) = tickets_of(desk, 1)
	other = make_team()
	sweep.run(moment.set("2026-03-03 09:00"))
	child = killing.start_child(sweeping(epoch("2026-03-04 09:00")))
	moment.set("2026-03-04 09:00")
	for attempt in range(5):
		try:
			happen(what, ticket, other)
			frappe.db.commit()
			break
		except (frappe.QueryDeadlockError, frappe.TimestampMismatchError):
			assert attempt < 4
			frappe.db.rollback()
	assert killing.ended_well(child)
	frappe.db.rollback()
	sweep.run(moment.set("2026-03-04 09:05"))
	levels = [(row.cycle, row.level) for row in escalations_of(ticket)]
	assert levels in ([(1, 1)], [(1, 1), (1, 2)])
	clock = row_of(ticket).clock
	assert clock.finished == (what in ("deleted", "merged"))
	assert clock.group == (other if what == "moved" else desk.team)
	assert frappe.db.count("Escalation Effect", {"state": ("in", ("Pending", "Claimed"))}) == 0


def happen(what: str, ticket: Document, other: str) -> None:
	if what == "deleted":
		frappe.delete_doc("HD Ticket", ticket.name, force=True)
	elif what == "merged":
		change(ticket, is_merged=1, status="Closed")
	elif what == "moved":
		change(ticket, agent_group=other)
	elif what == "reopened":
		change(ticket, status="Resolved")
		change(ticket, status="Open")
	else:
		doc = frappe.get_doc("HD Ticket", ticket.name)
		doc.status = "Closed"
		doc.flags.ignore_validate = True
		doc.save(ignore_permissions=True)


def test_a_policy_version_that_changes_during_a_sweep_moves_no_running_count(
	desk: frappe._dict, moment: Moment
) -> None:
	tickets = tickets_of(desk, 3)
	child = killing.start_child(sweeping(epoch("2026-03-03 09:00")))
	frappe.db.set_value(
		"Escalation Policy", desk.policy, {"workflow_state": "Superseded", "ended_on": "2026-03-03 09:00:00"}
	)
	frappe.db.commit()
	assert killing.ended_well(child)
	frappe.db.rollback()
	assert {row_of(ticket).clock.policy for ticket in tickets} == {desk.policy}
	sweep.run(moment.set("2026-03-04 09:00"))
	check_everything_happened_once(tickets, [(1, 1), (1, 2)])


def test_a_clock_keeps_its_place_when_its_row_is_read_by_two(desk: frappe._dict, moment: Moment) -> None:
	(ticket,) = tickets_of(desk, 1)
	before = rows.read(str(ticket.name))
	sweep.run(moment.set("2026-03-03 09:00"))
	# Somebody who read the clock before the sweep may not write over it.
	from core_helpdesk import config
	from core_helpdesk.domain.clock import acknowledged

	rules = config.site_rules()
	assert not rows.write(before, rows.with_clock(before, acknowledged(before.clock, rules)), rules)
	assert row_of(ticket).clock.level == 1
