"""A ticket's clock follows its row, whatever way the change came in; every ticket here is a real one of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.domain.clock import TicketState
from core_helpdesk.escalations import rows, sweep, sync
from tests.site.counting import queries
from tests.site.factories import make_desk, make_level, make_policy, make_team, make_ticket, switch_mode
from tests.site.moments import Moment, epoch, forget_time_zone, set_time_zone

if TYPE_CHECKING:
	from collections.abc import Iterator

MONDAY = "2026-03-02 09:00"
DAY = 24 * 3600


@pytest.fixture
def desk() -> frappe._dict:
	return make_desk()


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


def row_of(ticket: object) -> rows.Row:
	return rows.read(str(ticket.name))


def legs_of(ticket: object) -> list[tuple]:
	found = frappe.get_all(
		"Ticket Leg",
		{"reference_name": str(ticket.name)},
		["team", "from_epoch", "to_epoch"],
		order_by="from_epoch, to_epoch desc",
		as_list=True,
	)
	return [tuple(leg) for leg in found]


def escalations_of(ticket: object) -> list[frappe._dict]:
	return frappe.get_all(
		"Ticket Escalation", {"reference_name": str(ticket.name)}, ["*"], order_by="cycle, level"
	)


def change(ticket: object, **fields: object) -> None:
	fresh = frappe.get_doc("HD Ticket", ticket.name)
	fresh.update(fields)
	fresh.save()


def test_a_new_ticket_starts_one_clock_and_one_leg(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team, description="<p>Where is my parcel?</p>")
	clock = row_of(ticket).clock
	assert (clock.cycle, clock.level, clock.group, clock.policy) == (1, 0, desk.team, desk.policy)
	assert (clock.began, clock.due) == (epoch(MONDAY), epoch("2026-03-03 09:00"))
	assert legs_of(ticket) == [(desk.team, epoch(MONDAY), 0)]
	stored = frappe.get_doc("Ticket Clock", row_of(ticket).name)
	assert (stored.state, stored.department, stored.country) == ("Running", desk.department, "Saudi Arabia")
	assert str(stored.due_at) == "2026-03-03 09:00:00"


def test_a_ticket_without_group_gets_its_clock_with_its_group(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket()
	assert row_of(ticket) is None
	moment.set("2026-03-02 15:00")
	change(ticket, agent_group=desk.team)
	assert row_of(ticket).clock.due == epoch("2026-03-03 15:00")


def test_a_move_starts_level_1_anew_and_closes_the_leg(desk: frappe._dict, moment: Moment) -> None:
	other = make_team()
	policy = make_policy(make_level(after_hours=6), team=other)
	ticket = make_ticket(group=desk.team)
	moment.set("2026-03-02 12:00")
	change(ticket, agent_group=other)
	clock = row_of(ticket).clock
	assert (clock.cycle, clock.policy, clock.due) == (1, policy, epoch("2026-03-02 18:00"))
	assert legs_of(ticket) == [
		(desk.team, epoch(MONDAY), epoch("2026-03-02 12:00")),
		(other, epoch("2026-03-02 12:00"), 0),
	]
	left = frappe.get_last_doc("Ticket Leg", {"reference_name": str(ticket.name), "team": desk.team})
	assert (left.held_seconds, left.counted_seconds) == (3 * 3600, 3 * 3600)


def test_a_flip_of_no_length_leaves_no_leg(desk: frappe._dict, moment: Moment) -> None:
	other = make_team()
	ticket = make_ticket(group=desk.team)
	moment.set("2026-03-02 12:00")
	change(ticket, agent_group=other)
	change(ticket, agent_group=desk.team)
	assert legs_of(ticket) == [
		(desk.team, epoch(MONDAY), epoch("2026-03-02 12:00")),
		(desk.team, epoch("2026-03-02 12:00"), 0),
	]


def test_a_solved_ticket_stops_and_a_reopened_one_starts_the_next_cycle(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	moment.set("2026-03-02 20:00")
	change(ticket, status="Resolved")
	row = row_of(ticket)
	assert (row.clock.state, row.clock.due, row.next_epoch) == (TicketState.RESOLVED, 0, 0)
	moment.set("2026-03-05 10:00")
	change(ticket, status="Open")
	clock = row_of(ticket).clock
	assert (clock.cycle, clock.level, clock.due) == (2, 0, epoch("2026-03-06 10:00"))
	assert legs_of(ticket) == [
		(desk.team, epoch(MONDAY), epoch("2026-03-02 20:00")),
		(desk.team, epoch("2026-03-05 10:00"), 0),
	]


def test_time_spent_waiting_for_the_customer_is_not_counted_where_the_policy_says_so(moment: Moment) -> None:
	desk = make_desk(levels=({"pauses": 1},))
	ticket = make_ticket(group=desk.team)
	moment.set("2026-03-02 13:00")
	change(ticket, status="Replied")
	assert row_of(ticket).clock.due == 0
	assert frappe.db.get_value("Ticket Clock", row_of(ticket).name, "state") == "Paused"
	moment.set("2026-03-04 13:00")
	change(ticket, status="Open")
	# 4 of 24 hours were counted before the pause.
	assert row_of(ticket).clock.due == epoch("2026-03-05 09:00")


def test_what_was_due_before_the_change_fires_first_and_ends_with_the_ticket(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	moment.set("2026-03-03 09:02")
	change(ticket, status="Resolved")
	(escalation,) = escalations_of(ticket)
	assert (escalation.level, escalation.late_seconds, escalation.due_epoch) == (
		1,
		120,
		epoch("2026-03-03 09:00"),
	)
	assert (escalation.status, escalation.solved_in_time) == ("Closed with Ticket", "Yes")
	clock = row_of(ticket).clock
	assert (clock.level, clock.due, clock.state) == (1, 0, TicketState.RESOLVED)


def test_a_change_made_at_the_due_moment_comes_before_it(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	moment.set("2026-03-03 09:00")
	change(ticket, status="Resolved")
	assert escalations_of(ticket) == []


def test_moving_an_escalated_ticket_does_not_stop_it(desk: frappe._dict, moment: Moment) -> None:
	ticket, other = make_ticket(group=desk.team), make_team()
	moment.set("2026-03-03 09:00:01")
	change(ticket, subject="Parcel still missing")
	assert escalations_of(ticket) == []
	change(ticket, agent_group=other)
	(escalation,) = escalations_of(ticket)
	assert escalation.team == desk.team
	clock = row_of(ticket).clock
	assert (clock.level, clock.group, clock.due) == (1, other, epoch("2026-03-04 09:00:01"))
	moment.set("2026-03-03 18:00")
	change(ticket, agent_group=desk.team)
	assert row_of(ticket).clock.due == epoch("2026-03-04 09:00:01")
	legs = frappe.get_all(
		"Ticket Leg", {"reference_name": str(ticket.name)}, ["team", "levels_reached"], order_by="from_epoch"
	)
	assert [(leg.team, leg.levels_reached) for leg in legs] == [(desk.team, 1), (other, 0), (desk.team, 0)]


def test_a_merged_ticket_is_finished_whatever_its_status(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	change(ticket, is_merged=1)
	row = row_of(ticket)
	assert (row.clock.finished, row.next_epoch) == (True, 0)
	assert frappe.db.get_value("Ticket Clock", row.name, "state") == "Finished"


def test_an_escalation_that_ends_by_a_merge_is_not_solved_and_the_ladder_goes_on_when_it_is_undone(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	moment.later(hours=25)
	sweep.run(moment.now)
	level = row_of(ticket).clock.level
	change(ticket, is_merged=1)
	(escalation,) = escalations_of(ticket)
	assert (escalation.status, escalation.solved_in_time) == ("Closed with Ticket", "")
	moment.later(hours=1)
	change(ticket, is_merged=0)
	clock = row_of(ticket).clock
	assert (clock.cycle, clock.level) == (1, level)
	moment.later(hours=25)
	sweep.run(moment.now)
	assert [each.level for each in escalations_of(ticket)] == [1, 2]


def test_a_deleted_ticket_keeps_its_clock_finished(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	moment.set("2026-03-02 10:00")
	frappe.delete_doc("HD Ticket", ticket.name, force=True)
	row = row_of(ticket)
	assert (row.clock.finished, row.next_epoch) == (True, 0)
	assert legs_of(ticket) == [(desk.team, epoch(MONDAY), epoch("2026-03-02 10:00"))]


def test_a_direct_write_on_the_document_is_followed(desk: frappe._dict, moment: Moment) -> None:
	ticket, other = make_ticket(group=desk.team), make_team()
	frappe.get_doc("HD Ticket", ticket.name).db_set("agent_group", other)
	assert row_of(ticket).clock.group == other


def test_nothing_is_recorded_while_the_mode_is_off(moment: Moment) -> None:
	desk = make_desk("Off")
	ticket = make_ticket(group=desk.team)
	change(ticket, agent_group=make_team())
	assert row_of(ticket) is None


def test_a_ticket_is_only_noted_where_its_group_is_not_governed_yet(
	desk: frappe._dict, moment: Moment
) -> None:
	switch_mode(governed_from="2026-04-01 00:00")
	ticket, other = make_ticket(group=desk.team), make_team(ch_governed_from="2026-03-01 00:00:00")
	row = row_of(ticket)
	assert (row.clock.cycle, row.clock.policy, row.next_epoch) == (0, "", 0)
	assert legs_of(ticket) == []
	moment.set("2026-03-02 11:00")
	change(ticket, agent_group=other)
	clock = row_of(ticket).clock
	assert (clock.cycle, clock.group, clock.due) == (1, other, epoch("2026-03-03 11:00"))


def test_a_group_that_no_policy_is_for_shows_and_has_no_due_moment(moment: Moment) -> None:
	desk = make_desk()
	frappe.db.set_value("Escalation Policy", desk.policy, "workflow_state", "Draft")
	ticket = make_ticket(group=desk.team)
	make_ticket(group=desk.team)
	row = row_of(ticket)
	assert frappe.db.get_value("Ticket Clock", row.name, ["state", "cycle", "next_epoch"]) == (
		"No Clock",
		1,
		0,
	)
	(finding,) = frappe.get_all(
		"Escalation Finding", {"kind": "Group without Data"}, ["reference_name", "state"]
	)
	assert finding == {"reference_name": desk.team, "state": "Open"}


def test_a_group_without_category_department_country_and_members_escalates_by_the_defaults(
	desk: frappe._dict, moment: Moment
) -> None:
	bare = make_team()
	ticket = make_ticket(group=bare)
	moment.set("2026-03-03 10:00")
	change(ticket, status="Resolved")
	(escalation,) = escalations_of(ticket)
	assert (escalation.team, escalation.department, escalation.country) == (
		bare,
		desk.department,
		"Saudi Arabia",
	)


def test_a_ticket_slipped_into_tsm_stays_on_its_groups_clock(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	frappe.get_doc("HD Ticket", ticket.name).db_set("agent_group", desk.tsm_team)
	clock = row_of(ticket).clock
	assert (clock.group, clock.due) == (desk.team, epoch("2026-03-03 09:00"))


def test_a_split_ticket_has_a_clock_of_its_own(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	moment.set("2026-03-02 17:00")
	half = frappe.copy_doc(frappe.get_doc("HD Ticket", ticket.name))
	half.ticket_split_from = ticket.name
	half.insert()
	assert row_of(half).clock.due == epoch("2026-03-03 17:00")
	assert row_of(ticket).clock.due == epoch("2026-03-03 09:00")


def test_a_changed_ticket_category_chooses_anew_and_keeps_the_time_counted(
	desk: frappe._dict, moment: Moment
) -> None:
	kind = frappe.get_doc({"doctype": "HD Ticket Type", "name": "Claim", "__newname": "Claim"}).insert()
	policy = make_policy(make_level(after_hours=10), ticket_type=kind.name)
	ticket = make_ticket(group=desk.team)
	moment.set("2026-03-02 13:00")
	change(ticket, ticket_type=kind.name)
	clock = row_of(ticket).clock
	assert (clock.policy, clock.due) == (policy, epoch("2026-03-02 19:00"))


def test_a_new_version_of_a_policy_leaves_running_counts_alone(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	frappe.db.set_value(
		"Escalation Policy", desk.policy, {"workflow_state": "Superseded", "ended_on": "2026-03-02 10:00:00"}
	)
	newer = make_policy(make_level(after_hours=2), starts_on="2026-03-02 10:00:00")
	moment.set("2026-03-02 11:00")
	change(ticket, subject="Still waiting")
	assert (row_of(ticket).clock.policy, row_of(ticket).clock.due) == (desk.policy, epoch("2026-03-03 09:00"))
	later = make_ticket(group=desk.team)
	assert (row_of(later).clock.policy, row_of(later).clock.due) == (newer, epoch("2026-03-02 13:00"))


def test_a_failure_of_ours_does_not_cost_the_host_its_save(desk: frappe._dict, moment: Moment) -> None:
	make_policy(make_level(clock_kind="Working Time"), team=(broken := make_team(ch_country="Germany")))
	frappe.db.set_value("HD Team", broken, "ch_calendar", "No Such Calendar")
	ticket = make_ticket(group=broken)
	assert frappe.db.get_value("HD Ticket", ticket.name, "agent_group") == broken
	assert row_of(ticket) is None
	assert frappe.db.exists("Error Log", {"method": f"Clock of ticket {ticket.name} not followed"})


def test_a_clock_never_goes_backwards_with_the_systems_time(desk: frappe._dict, moment: Moment) -> None:
	ticket, other = make_ticket(group=desk.team), make_team()
	moment.set("2026-03-02 08:00")
	change(ticket, agent_group=other)
	clock = row_of(ticket).clock
	assert (clock.began, clock.due) == (epoch(MONDAY), epoch("2026-03-03 09:00"))


def test_an_hour_that_happens_twice_moves_nothing(desk: frappe._dict, moment: Moment) -> None:
	set_time_zone("Europe/Berlin")
	# 2026-10-25: 02:00-03:00 happens twice in Berlin; this is the second 02:30.
	moment.now = 1792891800
	ticket = make_ticket(group=desk.team)
	assert row_of(ticket).clock.due == 1792891800 + DAY
	assert str(frappe.db.get_value("Ticket Clock", row_of(ticket).name, "due_at")) == "2026-10-26 02:30:00"


def test_a_changed_system_time_zone_moves_no_due_moment(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	due = row_of(ticket).clock.due
	assert due == epoch("2026-03-03 09:00")
	set_time_zone("America/New_York")
	assert due != epoch("2026-03-03 09:00")
	change(ticket, subject="Parcel missing")
	assert row_of(ticket).clock.due == due


def test_a_plain_save_costs_one_query_and_a_move_six(desk: frappe._dict, moment: Moment) -> None:
	ticket, other = make_ticket(group=desk.team), make_team()
	change(ticket, agent_group=other)
	change(ticket, agent_group=desk.team)
	moment.set("2026-03-02 11:00")
	with queries(sent_by="/events/hd_ticket.py") as plain:
		change(ticket, subject="Parcel missing since Sunday")
	with queries(sent_by="/events/hd_ticket.py") as moving:
		change(ticket, agent_group=other)
	assert len(plain) <= 2, plain
	assert len(moving) <= 6 + 2, moving
	assert sum("tabTicket" in query or "savepoint" in query.lower() for query in moving) <= 6


def test_following_twice_changes_nothing(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	assert not sync.sync(str(ticket.name), moment.later(hours=1))
	assert not sync.sync(str(ticket.name), moment.later(hours=1), found_by="reconcile")
