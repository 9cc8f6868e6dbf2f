"""The own clock of a tracing case: real sweeps, hand-overs between countries, ends, and ends that are undone."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.domain.clock import TicketState
from core_helpdesk.escalations import (
	actions,
	baseline,
	effects,
	reconcile,
	rows,
	sweep,
	timeline,
	tracing_clock,
)
from core_helpdesk.escalations.tracing_clock import Times
from tests.site.counting import queries
from tests.site.courier import make_outgoing_account
from tests.site.factories import (
	as_user,
	make_desk,
	make_policy,
	make_team,
	make_ticket,
	switch_mode,
)
from tests.site.moments import Moment, epoch, forget_time_zone, set_time_zone
from tests.site.test_sync import change, escalations_of, legs_of, row_of

if TYPE_CHECKING:
	from collections.abc import Iterator

TEN_DAYS = {"after_hours": 0, "after_days": 10, "clock_kind": "Working Days"}
# A Sunday after Ramadan; working hours end at 17:00, Friday and Saturday are off.
SUNDAY, DUE, WARN = "2026-04-12 10:00", "2026-04-26 17:00", "2026-04-22 17:00"
MANAGER_DUE = "2026-04-27 17:00"


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	set_time_zone("Asia/Riyadh")
	yield Moment(monkeypatch, SUNDAY)
	forget_time_zone()


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	"""A desk whose groups have so much time that nothing but tracing cases escalates."""
	desk = make_desk(levels=({"after_hours": 10000}, {"target": "General Manager"}))
	make_outgoing_account()
	desk.tracing_policy = make_tracing_policy()
	desk.dubai = make_team(ch_department=desk.department, ch_country="United Arab Emirates")
	return desk


def make_tracing_policy(*levels: dict, **fields: object) -> str:
	steps = levels or (TEN_DAYS, {"target": "General Manager"})
	return make_policy(*steps, **{"is_tracing": 1, "warn_percent": 80, **fields})


def make_case(ticket: object, status: str = "Open") -> frappe._dict:
	"""The row of a case, past everything that opening one does beside."""
	case = frappe.new_doc("Tracing Case")
	case.update({"name": f"TC-{ticket.name}", "ticket": str(ticket.name), "status": status})
	case.open_ticket = str(ticket.name)
	case.db_insert()
	return case


def set_status(case: frappe._dict, status: str) -> None:
	values = {"status": status, "open_ticket": None if status == "Closed" else case.ticket}
	frappe.db.set_value("Tracing Case", case.name, values)


def begun(desk: frappe._dict, opened: str = SUNDAY) -> tuple[object, frappe._dict]:
	"""A ticket with an open case, whose clock has begun."""
	ticket = make_ticket(group=desk.team)
	case = make_case(ticket)
	tracing_clock.begin(case.ticket, desk.team, "", epoch(opened), epoch(opened))
	return ticket, case


def tracing_row(ticket: object) -> rows.Row:
	return rows.read(str(ticket.name), rows.TRACING)


def levels_of(ticket: object) -> list[tuple]:
	return [(each.clock, each.cycle, each.level, each.target) for each in escalations_of(ticket)]


def results_of(escalation: frappe._dict) -> set[str]:
	of_it = {"ticket_escalation": escalation.name, "state": "Skipped"}
	return set(frappe.get_all("Escalation Effect", of_it, pluck="result"))


def close_day(calendar: str, day: str) -> None:
	doc = frappe.get_doc("Working Calendar", calendar)
	doc.append("exceptions", {"day": day, "kind": "Day Off", "reason": "Flood"})
	doc.save()


# --- The ladder


def test_a_case_warns_escalates_to_tsm_and_a_day_later_to_the_general_manager(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket, case = begun(desk)
	assert tracing_clock.due(case.ticket) == Times(epoch(DUE), epoch(WARN), 0, 1, desk.tracing_policy)
	assert sweep.run(moment.set("2026-04-22 16:59")).claimed == 0
	assert sweep.run(moment.set(WARN)).claimed == 1
	assert sweep.run(moment.later(minutes=5)).claimed == 0
	(warning,) = frappe.get_all("Escalation Effect", {"kind": "Warning"}, ["state", "ticket_clock"])
	assert (warning.state, warning.ticket_clock) == ("Done", tracing_row(ticket).name)
	said = {"subject": ("like", f"The tracing case of ticket {ticket.name} of % escalates on %")}
	assert frappe.db.count("Notification Log", said) == 1
	assert sweep.run(moment.set(DUE)).claimed == 1
	assert sweep.run(moment.later(minutes=5)).claimed == 0
	(first,) = escalations_of(ticket)
	assert (first.clock, first.level, first.target) == ("Tracing", 1, "Ticketing System Management")
	assert (first.head, first.tsm_owner, first.team) == (desk.head, desk.tsm[0], desk.team)
	copies = {"ticket_escalation": first.name, "kind": "Copy Mail", "state": "Done"}
	assert frappe.get_all("Escalation Effect", copies, pluck="recipient") == [desk.head]
	(mail,) = frappe.get_all("Email Queue", {"reference_name": first.name}, pluck="message")
	assert "A tracing case of your department was escalated" in mail
	assert sweep.run(moment.set("2026-04-27 16:59")).claimed == 0
	assert sweep.run(moment.set(MANAGER_DUE)).claimed == 1
	assert sweep.run(moment.set("2026-05-27 17:00")).claimed == 0
	assert [level[1:] for level in levels_of(ticket)] == [
		(1, 1, "Ticketing System Management"),
		(1, 2, "General Manager"),
	]
	assert tracing_clock.due(case.ticket) == Times(level=2, cycle=1)


def test_an_escalation_of_a_case_says_which_days_were_counted(desk: frappe._dict, moment: Moment) -> None:
	ticket, _case = begun(desk)
	sweep.run(moment.set(DUE))
	(escalation,) = escalations_of(ticket)
	shown = timeline.of_escalation(escalation.name, "Administrator", moment.now)
	counted = [line["day"] for line in shown["explanation"] if line["seconds"]]
	assert (counted[0], counted[-1], len(counted)) == ("2026-04-13", "2026-04-26", 10)
	assert shown["explanation"][0]["reason"] == "Day of receipt"


def test_both_clocks_of_a_ticket_escalate_each_on_its_own(moment: Moment) -> None:
	desk = make_desk()
	make_tracing_policy()
	ticket, _case = begun(desk)
	for text in ("2026-04-13 10:00", "2026-04-14 10:00", DUE, MANAGER_DUE):
		sweep.run(moment.set(text))
	assert [level[::2] for level in sorted(levels_of(ticket))] == [
		("Group", 1),
		("Group", 2),
		("Tracing", 1),
		("Tracing", 2),
	]
	owners = {each.tsm_owner for each in escalations_of(ticket)}
	assert owners == {desk.tsm[0]}
	# The group's stay knows nothing of the case's levels.
	assert frappe.get_all("Ticket Leg", {"reference_name": str(ticket.name)}, pluck="levels_reached") == [2]


def test_the_timeline_shows_the_case_apart(desk: frappe._dict, moment: Moment) -> None:
	ticket, case = begun(desk)
	moment.set(DUE)
	sweep.run(moment.now)
	shown = timeline.of_ticket(case.ticket, "Administrator", moment.now)
	assert (shown["clock"]["level"], shown["tracing"]["level"]) == (0, 1)
	assert shown["tracing"]["due_epoch"] == epoch(MANAGER_DUE)
	assert [each["clock_label"] for each in shown["escalations"]] == ["Tracing"]
	assert timeline.of_clock(tracing_row(ticket).name)


def test_a_ticket_that_is_saved_asks_no_more_for_its_case(desk: frappe._dict, moment: Moment) -> None:
	plain, (traced, _case) = make_ticket(group=desk.team), begun(desk)
	asked = []
	for ticket in (plain, traced):
		with queries("escalations/") as sent:
			change(ticket, status="Replied")
		asked.append(len(sent))
	assert asked[0] == asked[1]
	assert tracing_row(traced).clock.state is TicketState.OPEN


# --- The last look


@pytest.mark.parametrize("status", ["Open", "Solved"])
def test_a_case_that_is_not_closed_escalates(desk: frappe._dict, moment: Moment, status: str) -> None:
	ticket, case = begun(desk)
	change(ticket, status="Resolved")
	set_status(case, status)
	sweep.run(moment.set(DUE))
	assert len(escalations_of(ticket)) == 1
	assert frappe.db.count("Escalation Effect", {"kind": "Copy Mail", "state": "Done"}) == 1


def test_a_case_that_was_closed_past_the_app_ends_its_clock(desk: frappe._dict, moment: Moment) -> None:
	ticket, case = begun(desk)
	set_status(case, "Closed")
	sweep.run(moment.set(DUE))
	assert escalations_of(ticket) == []
	clock = tracing_row(ticket).clock
	assert (clock.state, clock.finished, clock.next) == (TicketState.RESOLVED, False, 0)


def test_a_case_closed_between_claim_and_mail_mails_nobody(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	ticket, case = begun(desk)
	monkeypatch.setattr(sweep.effects, "run", lambda *_: {})
	sweep.run(moment.set(DUE))
	monkeypatch.undo()
	set_status(case, "Closed")
	effects.run(epoch(DUE), time.monotonic() + 60)
	(escalation,) = escalations_of(ticket)
	assert results_of(escalation) == {"Case Closed"}
	assert not frappe.db.exists("Escalation Effect", {"kind": "Copy Mail", "state": "Done"})


@pytest.mark.parametrize("way", ["merged", "deleted"])
def test_a_ticket_that_is_gone_takes_the_clock_with_it(desk: frappe._dict, moment: Moment, way: str) -> None:
	ticket, _case = begun(desk)
	if way == "merged":
		frappe.db.set_value("HD Ticket", ticket.name, "is_merged", 1)
	else:
		frappe.delete_doc("HD Ticket", ticket.name, force=True)
	sweep.run(moment.set(DUE))
	assert escalations_of(ticket) == []
	assert tracing_row(ticket).clock.finished


@pytest.mark.committed
def test_reconcile_ends_the_clock_of_a_ticket_that_is_gone_and_touches_no_other(
	desk: frappe._dict, moment: Moment
) -> None:
	gone, _case = begun(desk)
	there, case = begun(desk)
	frappe.db.delete("HD Ticket", {"name": gone.name})
	change(there, status="Resolved")
	# Past its due moment: what is found to be gone may have been so before.
	frappe.db.set_value("Ticket Clock", tracing_row(gone).name, "due_epoch", moment.now)
	assert reconcile.run_all(moment.later(hours=1)).failed == 0
	assert tracing_row(gone).clock.finished
	assert escalations_of(gone) == []
	assert row_of(gone).clock.finished
	assert tracing_clock.due(case.ticket).due == epoch(DUE)
	assert reconcile.run_all(moment.later(hours=1)).repaired == {}


def test_a_storm_of_cases_is_one_mail_without_those_that_were_closed(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	frappe.db.set_single_value("Core Helpdesk Settings", "storm_threshold", 2)
	cases = [begun(desk)[1] for _ in range(4)]
	monkeypatch.setattr(sweep.effects, "run", lambda *_: {})
	sweep.run(moment.set(DUE))
	monkeypatch.undo()
	moment.set(DUE)
	set_status(cases[0], "Closed")
	effects.run(epoch(DUE), time.monotonic() + 60)
	(payload,) = frappe.get_all("Escalation Effect", {"kind": "Digest Mail"}, pluck="payload")
	assert len(json.loads(payload)["escalations"]) == 3


# --- Hand-overs and calendars


def test_a_hand_over_keeps_the_beginning_and_counts_by_the_other_country(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket, case = begun(desk)
	at = moment.set("2026-04-15 12:00")
	# Sunday is a day off in Dubai: received on Monday the 13th; Friday counts there.
	times = tracing_clock.pass_on(case.ticket, desk.dubai, at)
	row = tracing_row(ticket)
	assert (row.clock.group, row.clock.began, row.since) == (desk.dubai, epoch(SUNDAY), at)
	zone = frappe.db.get_value("Working Calendar", row.clock.calendar, "time_zone")
	assert (zone, times.cycle) == ("Asia/Dubai", 1)
	assert config.from_epoch(times.due).date().isoformat() == "2026-04-27"
	stored = frappe.db.get_value("Ticket Clock", row.name, ["country", "team"])
	assert stored == ("United Arab Emirates", desk.dubai)
	assert tracing_clock.pass_on(case.ticket, desk.team, at + 60).due == epoch(DUE)
	assert row_of(ticket).clock.group == desk.team
	assert len(legs_of(ticket)) == 1


def test_what_was_due_before_a_hand_over_fires_first_in_the_group_that_had_it(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket, case = begun(desk)
	late = moment.set("2026-04-26 20:00")
	times = tracing_clock.pass_on(case.ticket, desk.dubai, late)
	(escalation,) = escalations_of(ticket)
	assert (escalation.team, escalation.late_seconds) == (desk.team, 3 * 3600)
	assert (times.level, times.due) == (1, late + 24 * 3600)
	assert tracing_row(ticket).clock.group == desk.dubai
	sweep.run(moment.set("2026-04-27 20:00"))
	assert escalations_of(ticket)[1].team == desk.dubai


def test_a_date_of_the_calendar_that_changes_times_the_case_anew_and_names_it(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket, case = begun(desk)
	close_day(tracing_row(ticket).clock.calendar, "2026-04-20")
	assert tracing_clock.due(case.ticket)[:2] == (epoch(MANAGER_DUE), epoch("2026-04-23 17:00"))
	(details,) = frappe.get_all("Escalation Finding", {"kind": "Calendar Changed"}, pluck="details")
	assert f"{ticket.name} (tracing case): due 2026-04-27 17:00 instead of 2026-04-26 17:00" in details
	tracing_clock.end(case.ticket, moment.now, solved=True)
	before = tracing_row(ticket)
	close_day("Saudi Arabia", "2026-04-21")
	assert tracing_row(ticket) == before
	# Neither the ticket's group nor the count by the clock of the second level goes by those dates.
	assert row_of(ticket).clock.due == epoch(SUNDAY) + 10000 * 3600


# --- Ends


def test_an_end_that_is_undone_goes_on_since_the_beginning(desk: frappe._dict, moment: Moment) -> None:
	_ticket, case = begun(desk)
	before = tracing_clock.due(case.ticket)
	assert tracing_clock.end(case.ticket, moment.set("2026-04-14 10:00"), solved=True)
	assert not tracing_clock.end(case.ticket, moment.now, solved=True)
	assert tracing_clock.due(case.ticket)[:4] == (0, 0, 0, 1)
	assert tracing_clock.resume(case.ticket, desk.team, moment.set("2026-04-16 10:00")) == before


@pytest.mark.parametrize("contacted", [False, True])
def test_escalations_end_with_their_case_and_go_on_with_it(
	desk: frappe._dict, moment: Moment, contacted: bool
) -> None:
	ticket, case = begun(desk)
	sweep.run(moment.set(DUE))
	name = escalations_of(ticket)[0].name
	if contacted:
		with as_user(desk.tsm[0]):
			actions.contacted(name, desk.head, "Phone", "Called", moment.now)
	tracing_clock.end(case.ticket, moment.later(hours=1), solved=True)
	(escalation,) = escalations_of(ticket)
	assert (escalation.status, escalation.solved_in_time) == ("Closed with Ticket", "Yes")
	tracing_clock.resume(case.ticket, desk.team, moment.later(hours=1))
	(escalation,) = escalations_of(ticket)
	assert escalation.status == ("Head Contacted" if contacted else "Received")
	assert (escalation.outcome_on, escalation.solved_in_time or "") == (None, "")
	sweep.run(moment.set(MANAGER_DUE))
	assert [level[1:3] for level in levels_of(ticket)] == [(1, 1), (1, 2)]


def test_a_case_that_opens_again_begins_the_next_cycle(desk: frappe._dict, moment: Moment) -> None:
	ticket, case = begun(desk)
	sweep.run(moment.set(DUE))
	tracing_clock.end(case.ticket, moment.later(hours=1), solved=True)
	at = moment.set("2026-05-10 10:00")
	times = tracing_clock.begin(case.ticket, desk.team, "", at, at)
	assert (times.cycle, times.level) == (2, 0)
	assert tracing_clock.begin(case.ticket, desk.team, "", at, at + 60) == times
	sweep.run(moment.set_epoch(times.due))
	assert [level[1:3] for level in levels_of(ticket)] == [(1, 1), (2, 1)]


def test_the_end_of_a_group_ends_none_of_the_cases_escalations_nor_the_other_way(moment: Moment) -> None:
	desk = make_desk()
	make_tracing_policy()
	ticket, case = begun(desk)
	sweep.run(moment.set(DUE))
	sweep.run(moment.later(hours=1))
	change(ticket, status="Resolved")
	status = {each.clock: each.status for each in escalations_of(ticket)}
	assert status == {"Group": "Closed with Ticket", "Tracing": "Received"}
	change(ticket, status="Open")
	sweep.run(moment.later(hours=24))
	tracing_clock.end(case.ticket, moment.now, solved=True)
	assert {each.status for each in escalations_of(ticket) if each.clock == "Tracing"} == {
		"Closed with Ticket"
	}
	open_ones = [each for each in escalations_of(ticket) if each.status == "Received"]
	assert [(each.clock, each.cycle) for each in open_ones] == [("Group", 2)]


def test_nothing_is_done_to_a_case_without_a_clock(desk: frappe._dict, moment: Moment) -> None:
	assert tracing_clock.pass_on("none", desk.team, moment.now) == Times()
	assert tracing_clock.resume("none", desk.team, moment.now) == Times()
	assert not tracing_clock.end("none", moment.now, solved=True)
	assert tracing_clock.due("none") == Times()


def test_running_clocks_are_listed_by_ranges(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(tracing_clock, "ROWS_AT_ONCE", 2)
	cases = [begun(desk)[1] for _ in range(5)]
	tracing_clock.end(cases[0].ticket, moment.now, solved=True)
	tracing_clock.end(cases[1].ticket, moment.now, solved=False)
	assert set().union(*tracing_clock.open_tickets()) == {case.ticket for case in cases[2:]}


# --- The mode


def test_in_off_nothing_begins_and_nothing_fires(desk: frappe._dict, moment: Moment) -> None:
	ticket, case = begun(desk)
	other = make_ticket(group=desk.team)
	switch_mode("Off")
	assert tracing_clock.begin(str(other.name), desk.team, "", moment.now, moment.now) == Times()
	assert sweep.run(moment.set(DUE)) is None
	tracing_clock.pass_on(case.ticket, desk.team, moment.later(days=2))
	assert escalations_of(ticket) == []
	tracing_clock.end(case.ticket, moment.now, solved=True)
	assert tracing_clock.resume(case.ticket, desk.team, moment.now) == Times()


def test_counts_left_over_from_before_off_end_and_levels_that_were_reached_stay(
	desk: frappe._dict, moment: Moment
) -> None:
	reached, _case = begun(desk)
	sweep.run(moment.set(DUE))
	left, case = begun(desk, "2026-04-26 10:00")
	switch_mode("Off")
	baseline.note_all(moment.later(days=30))
	assert tracing_row(left).clock.finished
	assert tracing_row(reached).clock.due == epoch(MANAGER_DUE)
	switch_mode("Live")
	times = tracing_clock.begin(case.ticket, desk.team, "", moment.now, moment.now)
	assert (times.cycle, times.level) == (2, 0)


# --- People


def test_a_case_is_solved_once_it_is_closed_and_never_handed_back(desk: frappe._dict, moment: Moment) -> None:
	ticket, case = begun(desk)
	sweep.run(moment.set(DUE))
	change(ticket, status="Resolved")
	name = escalations_of(ticket)[0].name
	with as_user(desk.tsm[0]):
		offered = actions.available(frappe.get_doc("Ticket Escalation", name), desk.tsm[0])
		assert {"solve", "hand_back"}.isdisjoint(offered)
		assert {"acknowledge", "fail"} <= set(offered)
		actions.acknowledge(name, moment.now)
		with pytest.raises(frappe.ValidationError, match="must be closed first"):
			actions.solve(name, "Found it", moment.now)
		with pytest.raises(frappe.ValidationError, match="cannot be handed back"):
			actions.hand_back(name, "Not ours", moment.now)
		set_status(case, "Closed")
		tracing_clock.end(case.ticket, moment.later(hours=2), solved=True)
		assert "solve" in actions.available(frappe.get_doc("Ticket Escalation", name), desk.tsm[0])
		actions.solve(name, "Found it", moment.later(hours=1))
	assert escalations_of(ticket)[0].status == "Solved"


def test_an_acknowledgement_moves_the_clock_of_the_case(moment: Moment) -> None:
	desk = make_desk(levels=({"after_hours": 10000},))
	make_tracing_policy({**TEN_DAYS, "acknowledge_within_hours": 2}, {"target": "General Manager"})
	ticket, case = begun(desk)
	sweep.run(moment.set(DUE))
	assert tracing_clock.due(case.ticket).due == epoch("2026-04-26 19:00")
	with as_user(desk.tsm[0]):
		actions.acknowledge(escalations_of(ticket)[0].name, moment.now)
	assert tracing_clock.due(case.ticket).due == epoch(MANAGER_DUE)
