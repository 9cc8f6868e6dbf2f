"""The sweep on real tickets: every level once, in order, late by how much; nothing blocks it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.escalations import rows, sweep
from tests.site.factories import make_desk, make_level, make_policy, make_team, make_ticket, switch_mode
from tests.site.moments import Moment, epoch, forget_time_zone, set_time_zone
from tests.site.test_sync import change, escalations_of, legs_of, row_of

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.escalations.sweep import Swept

MONDAY = "2026-03-02 09:00"


@pytest.fixture
def desk() -> frappe._dict:
	return make_desk()


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


def swept(moment: Moment, text: str) -> Swept:
	return sweep.run(moment.set(text))


def effects_of(escalation: frappe._dict) -> list[tuple[str, str, str]]:
	found = frappe.get_all(
		"Escalation Effect",
		{"ticket_escalation": escalation.name},
		["kind", "recipient", "state"],
	)
	return sorted((effect.kind, effect.recipient or "", effect.state) for effect in found)


def test_a_ticket_left_alone_reaches_tsm_and_24_hours_later_the_general_manager(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	assert swept(moment, "2026-03-03 08:59:59").claimed == 0
	assert swept(moment, "2026-03-03 09:00").claimed == 1
	assert swept(moment, "2026-03-03 09:05").claimed == 0
	(first,) = escalations_of(ticket)
	assert (first.level, first.target, first.team) == (1, "Ticketing System Management", desk.team)
	assert (first.head, first.department, first.late_seconds) == (desk.head, desk.department, 0)
	assert first.answer_due_epoch == epoch("2026-03-04 09:00")
	assert swept(moment, "2026-03-04 08:59:59").claimed == 0
	assert swept(moment, "2026-03-04 09:03").claimed == 1
	_, second = escalations_of(ticket)
	assert (second.level, second.target, second.late_seconds) == (2, "General Manager", 180)
	state = frappe.db.get_value("Ticket Clock", row_of(ticket).name, ["state", "level", "next_epoch"])
	assert state == ("Last Level Reached", 2, 0)
	assert swept(moment, "2026-03-20 09:00").claimed == 0


def test_a_level_writes_recipients_and_one_effect_for_each_thing_to_do(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	sweep_only_claims(moment.set("2026-03-03 09:00"))
	(escalation,) = escalations_of(ticket)
	people = {
		(person.user, person.capacity)
		for person in frappe.get_doc("Ticket Escalation", escalation.name).recipients
	}
	assert people == {(desk.head, "Department Head"), (desk.tsm[0], "Ticketing System Management")}
	assert effects_of(escalation) == [
		("Copy Mail", desk.head, "Pending"),
		*sorted([("Notice", desk.head, "Pending"), ("Notice", desk.tsm[0], "Pending")]),
		("TSM Owner", "", "Pending"),
		("Ticket Comment", "", "Pending"),
	]


def sweep_only_claims(now: int) -> None:
	"""A sweep whose worker dies before the first effect."""
	import time

	sweep.claim_due(now, time.monotonic() + 60)


def test_an_escalation_says_from_what_its_deadline_was_counted(moment: Moment) -> None:
	desk = make_desk(levels=({"after_hours": 9, "clock_kind": "Working Time"},))
	# Thursday 16:00, after Ramadan; Friday and Saturday are no working days, working hours are 08:00 to 17:00.
	set_time_zone("Asia/Riyadh")
	moment.set("2026-04-09 16:00")
	ticket = make_ticket(group=desk.team)
	swept(moment, "2026-04-12 16:00")
	(escalation,) = escalations_of(ticket)
	facts = json.loads(escalation.explanation)
	assert [(line["day"], line["seconds"], line["kind"]) for line in facts["lines"]] == [
		("2026-04-09", 3600, "working"),
		("2026-04-10", 0, "weekend"),
		("2026-04-11", 0, "weekend"),
		("2026-04-12", 8 * 3600, "working"),
	]
	assert facts["due"] == escalation.due_epoch == epoch("2026-04-12 16:00")
	calendar = frappe.get_doc("Working Calendar", facts["calendar"])
	calendar.append("exceptions", {"day": "2026-04-12", "kind": "Day Off", "reason": "Flood"})
	calendar.save()
	assert json.loads(frappe.db.get_value("Ticket Escalation", escalation.name, "explanation")) == facts


def test_72_hours_without_a_scheduler_bring_every_level_once_in_order_and_marked_late(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	assert swept(moment, "2026-03-06 09:00").claimed == 1
	(first,) = escalations_of(ticket)
	assert (first.level, first.late_seconds) == (1, 72 * 3600)
	# The General Manager comes 24 hours after TSM really was told.
	assert row_of(ticket).clock.due == epoch("2026-03-07 09:00")
	assert swept(moment, "2026-03-07 09:00").claimed == 1
	assert [row.level for row in escalations_of(ticket)] == [1, 2]


def test_a_system_clock_that_goes_back_fires_nothing_twice(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	swept(moment, "2026-03-03 09:00")
	for text in ("2026-03-01 09:00", "2026-03-03 09:00", "2026-03-03 23:00"):
		assert swept(moment, text).claimed == 0
	assert len(escalations_of(ticket)) == 1


def test_the_group_is_warned_once_before_the_first_level(moment: Moment) -> None:
	desk = make_desk()
	team = make_team()
	make_policy(make_level(after_hours=10), make_level(target="General Manager"), team=team, warn_percent=80)
	ticket = make_ticket(group=team)
	assert row_of(ticket).next_epoch == epoch("2026-03-02 17:00")
	assert swept(moment, "2026-03-02 17:00").claimed == 1
	assert swept(moment, "2026-03-02 17:05").claimed == 0
	assert escalations_of(ticket) == []
	(effect,) = frappe.get_all("Escalation Effect", {"kind": "Warning"}, ["ticket_clock", "payload"])
	assert effect.ticket_clock == row_of(ticket).name
	assert json.loads(effect.payload)["due"] == epoch("2026-03-02 19:00")
	swept(moment, "2026-03-02 19:00")
	assert [row.level for row in escalations_of(ticket)] == [1]
	assert desk.tsm


def test_a_sweep_that_comes_after_both_moments_escalates_without_a_warning(moment: Moment) -> None:
	make_desk()
	team = make_team()
	make_policy(make_level(after_hours=10), team=team, warn_percent=80)
	ticket = make_ticket(group=team)
	swept(moment, "2026-03-02 20:00")
	assert len(escalations_of(ticket)) == 1
	assert frappe.db.count("Escalation Effect", {"kind": "Warning"}) == 0


def test_an_escalation_that_nobody_acknowledges_in_time_reaches_the_next_level_at_once(
	moment: Moment,
) -> None:
	desk = make_desk(levels=({"acknowledge_within_hours": 2}, {"target": "General Manager"}))
	ticket = make_ticket(group=desk.team)
	swept(moment, "2026-03-03 09:00")
	assert row_of(ticket).clock.due == epoch("2026-03-03 11:00")
	swept(moment, "2026-03-03 11:00")
	assert [row.target for row in escalations_of(ticket)] == [
		"Ticketing System Management",
		"General Manager",
	]


def test_a_ticket_resolved_past_our_events_before_it_was_due_is_not_escalated(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	write_past_events(ticket, "2026-03-02 15:00:00", status="Resolved")
	swept(moment, "2026-03-03 10:00")
	assert escalations_of(ticket) == []
	assert row_of(ticket).clock.state == "Resolved"
	assert legs_of(ticket) == [(desk.team, epoch(MONDAY), epoch("2026-03-02 15:00"))]


def test_a_ticket_moved_past_our_events_is_timed_for_its_new_group(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket, other = make_ticket(group=desk.team), make_team()
	write_past_events(ticket, "2026-03-02 15:00:00", agent_group=other)
	swept(moment, "2026-03-03 10:00")
	assert escalations_of(ticket) == []
	assert row_of(ticket).clock.due == epoch("2026-03-03 15:00")


def write_past_events(ticket: object, modified: str, **values: object) -> None:
	frappe.db.set_value("HD Ticket", ticket.name, {**values, "modified": modified}, update_modified=False)


def test_a_ticket_deleted_past_our_events_is_finished(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	frappe.db.delete("HD Ticket", {"name": ticket.name})
	swept(moment, "2026-03-03 10:00")
	assert escalations_of(ticket) == []
	assert row_of(ticket).clock.finished


def test_a_ticket_auto_closed_by_the_host_after_it_was_due_keeps_its_escalation(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	swept(moment, "2026-03-03 09:00")
	moment.set("2026-03-03 12:00")
	doc = frappe.get_doc("HD Ticket", ticket.name)
	doc.status = "Closed"
	# As the host's own job does it: nothing is validated.
	doc.flags.ignore_validate = True
	doc.save(ignore_permissions=True)
	swept(moment, "2026-03-04 12:00")
	(escalation,) = escalations_of(ticket)
	assert (escalation.level, escalation.status, escalation.solved_in_time) == (
		1,
		"Closed with Ticket",
		"Yes",
	)


def test_a_reopened_ticket_escalates_again_in_its_next_cycle(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	swept(moment, "2026-03-03 09:00")
	change(ticket, status="Resolved")
	moment.set("2026-03-10 09:00")
	change(ticket, status="Open")
	swept(moment, "2026-03-11 09:00")
	assert [(row.cycle, row.level) for row in escalations_of(ticket)] == [(1, 1), (2, 1)]


def test_a_clock_that_cannot_be_moved_on_is_put_aside_and_stops_nobody(
	desk: frappe._dict, moment: Moment
) -> None:
	before, broken, after = (make_ticket(group=desk.team) for _ in range(3))
	poison = row_of(broken).name
	frappe.db.set_value("Ticket Clock", poison, "policy", "No Such Policy")
	swept_now = swept(moment, "2026-03-03 09:00")
	assert (swept_now.claimed, swept_now.put_aside) == (2, 1)
	assert [len(escalations_of(ticket)) for ticket in (before, broken, after)] == [1, 0, 1]
	row = rows.lock_named(poison)
	assert row.next_epoch == 0
	assert "No Such Policy" in row.stuck_reason
	assert frappe.db.exists("Escalation Finding", {"kind": "Clock Put Aside", "reference_name": poison})
	assert swept(moment, "2026-03-03 09:05").put_aside == 0


def test_a_level_that_was_recorded_before_is_not_recorded_again_and_not_skipped(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	before = rows.clock_values(row_of(ticket).clock)
	swept(moment, "2026-03-03 09:00")
	# The clock as an older backup would have it: it has forgotten level 1.
	frappe.db.set_value("Ticket Clock", row_of(ticket).name, dict(zip(rows.CLOCK, before, strict=True)))
	frappe.db.set_value("Ticket Clock", row_of(ticket).name, "next_epoch", epoch("2026-03-03 09:00"))
	swept(moment, "2026-03-03 20:00")
	assert [row.level for row in escalations_of(ticket)] == [1]
	assert (row_of(ticket).clock.level, row_of(ticket).clock.due) == (1, epoch("2026-03-04 09:00"))
	swept(moment, "2026-03-04 09:00")
	assert [row.level for row in escalations_of(ticket)] == [1, 2]


def test_nothing_is_swept_while_the_mode_is_off(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	switch_mode("Off")
	assert swept(moment, "2026-03-03 10:00") is None
	assert escalations_of(ticket) == []


def test_observing_records_everything_and_sends_nothing(desk: frappe._dict, moment: Moment) -> None:
	switch_mode("Observe")
	ticket = make_ticket(group=desk.team)
	mails = frappe.db.count("Email Queue")
	swept(moment, "2026-03-03 09:00")
	(escalation,) = escalations_of(ticket)
	assert {state for _kind, _who, state in effects_of(escalation) if _kind != "TSM Owner"} == {"Skipped"}
	assert frappe.db.count("Email Queue") == mails


def test_a_copy_of_the_site_only_observes_until_it_is_confirmed(desk: frappe._dict, moment: Moment) -> None:
	frappe.db.set_single_value("Core Helpdesk Settings", "confirmed_host", "helpdesk.example.com")
	ticket = make_ticket(group=desk.team)
	mails = frappe.db.count("Email Queue")
	swept(moment, "2026-03-03 09:00")
	assert len(escalations_of(ticket)) == 1
	assert frappe.db.count("Email Queue") == mails
	assert frappe.db.exists("Escalation Finding", {"kind": "Site Changed", "state": "Open"})


def test_more_rows_than_fit_one_batch_are_all_claimed(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(sweep, "ROWS_AT_ONCE", 2)
	tickets = [make_ticket(group=desk.team) for _ in range(5)]
	assert swept(moment, "2026-03-03 09:00").claimed == 5
	assert [len(escalations_of(ticket)) for ticket in tickets] == [1] * 5


def test_a_run_whose_time_is_over_says_so_and_the_next_goes_on(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	stopped = sweep.run(moment.set("2026-03-03 09:00"), seconds=0)
	assert (stopped.claimed, stopped.is_complete) == (0, False)
	assert sweep.run(moment.now).is_complete
	assert len(escalations_of(ticket)) == 1


def test_a_level_that_moves_the_ticket_keeps_the_owning_group_and_the_way_back(moment: Moment) -> None:
	desk = make_desk(levels=({"move_ticket": 1}, {"target": "General Manager"}))
	ticket = make_ticket(group=desk.team)
	swept(moment, "2026-03-03 09:00")
	(escalation,) = escalations_of(ticket)
	assert (escalation.team, escalation.previous_team) == (desk.team, desk.team)
	assert frappe.db.get_value("HD Ticket", ticket.name, "agent_group") == desk.tsm_team
	clock = row_of(ticket).clock
	assert (clock.group, clock.level, clock.due) == (desk.tsm_team, 1, epoch("2026-03-04 09:00"))
	assert [leg[0] for leg in legs_of(ticket)] == [desk.team, desk.tsm_team]
