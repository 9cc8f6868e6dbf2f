"""Switching the mode on a site that has tickets already: what stands against it, what would happen, what is started."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import going_live, sweep
from tests.site.factories import make_desk, make_team, make_ticket
from tests.site.moments import Moment, epoch
from tests.site.test_sync import change, escalations_of, row_of

MONDAY = "2026-03-02 09:00"
SETTINGS = "Core Helpdesk Settings"


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
	return Moment(monkeypatch, MONDAY)


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	"""A desk that is Off and has three tickets of last week."""
	made = make_desk("Off")
	frappe.db.set_single_value(SETTINGS, {"governed_from": None, "confirmed_host": None})
	made.tickets = [make_ticket(group=made.team) for _ in range(3)]
	for ticket in made.tickets:
		frappe.db.set_value(
			"HD Ticket", ticket.name, "creation", "2026-02-23 09:00:00", update_modified=False
		)
	return made


def test_everything_that_stands_against_going_live_is_said_at_once(desk: frappe._dict) -> None:
	frappe.db.set_single_value(SETTINGS, {"reply_to": "", "general_manager": ""})
	frappe.db.set_value("Escalation Policy", desk.policy, "workflow_state", "Draft")
	frappe.db.delete("HD Team Member", {"parent": desk.tsm_team})
	said = " ".join(going_live.refusals())
	for missing in ("No escalation policy", "No Reply-To", "no members", "No General Manager"):
		assert missing in said
	with pytest.raises(frappe.ValidationError, match="No Reply-To"):
		going_live.set_mode("Live", epoch(MONDAY))
	assert config.mode() == "Off"


def test_observing_needs_only_a_policy(desk: frappe._dict, moment: Moment) -> None:
	frappe.db.set_single_value(SETTINGS, {"reply_to": "", "general_manager": ""})
	assert going_live.set_mode("Observe", moment.now) == {"mode": "Observe", "preparing": False}
	assert config.mode() == "Observe"


def test_tickets_that_were_there_before_are_noted_and_never_started(
	desk: frappe._dict, moment: Moment
) -> None:
	going_live.set_mode("Live", moment.now)
	assert config.settings().governed_from == moment.now
	assert {row_of(ticket).clock.cycle for ticket in desk.tickets} == {0}
	sweep.run(moment.later(days=30))
	assert [escalations_of(ticket) for ticket in desk.tickets] == [[], [], []]


def test_an_old_ticket_starts_when_it_moves_or_is_reopened(desk: frappe._dict, moment: Moment) -> None:
	moved, closed, _left = desk.tickets
	frappe.db.set_value("HD Ticket", closed.name, "status", "Closed")
	going_live.set_mode("Live", moment.now)
	other = make_team()
	moment.set("2026-03-02 12:00")
	change(moved, agent_group=other)
	change(closed, status="Open")
	assert [row_of(ticket).clock.due for ticket in (moved, closed)] == [epoch("2026-03-03 12:00")] * 2


def test_an_old_ticket_is_not_started_by_another_category_or_an_answer(
	desk: frappe._dict, moment: Moment
) -> None:
	going_live.set_mode("Live", moment.now)
	ticket = desk.tickets[0]
	kind = frappe.get_doc({"doctype": "HD Ticket Type", "name": "Claim", "__newname": "Claim"}).insert()
	moment.later(hours=1)
	change(ticket, ticket_type=kind.name)
	change(ticket, status="Replied")
	change(ticket, status="Open")
	clock = row_of(ticket).clock
	assert (clock.cycle, clock.policy, clock.category, row_of(ticket).next_epoch) == (0, "", kind.name, 0)


def test_the_preview_counts_what_would_escalate_at_once_and_to_whom(
	desk: frappe._dict, moment: Moment
) -> None:
	from_now = going_live.preview(moment.now)
	assert (from_now["running"], from_now["not_started"], from_now["at_once"]) == (0, 3, 0)
	since = going_live.preview(moment.now, epoch("2026-02-24 00:00"))
	assert since["at_once"] == 3
	assert since["escalating"] == [
		{
			"target": "Ticketing System Management",
			"group": desk.team,
			"department": desk.department,
			"country": "Saudi Arabia",
			"count": 3,
		}
	]
	counts = {person["user"]: person["count"] for person in since["recipients"]}
	assert counts == {desk.head: 3, desk.tsm[0]: 3}
	assert frappe.db.count("Ticket Clock") == 0


def test_starting_clocks_counts_from_the_moment_or_from_when_the_ticket_came(
	desk: frappe._dict, moment: Moment
) -> None:
	early, late, _ = desk.tickets
	frappe.db.set_value("HD Ticket", late.name, "creation", "2026-03-02 08:00:00", update_modified=False)
	going_live.set_mode("Live", moment.now)
	assert going_live.start_clocks_from(epoch("2026-03-01 09:00"), moment.now)["started"] == 3
	assert row_of(early).clock.due == epoch("2026-03-02 09:00")
	assert row_of(late).clock.due == epoch("2026-03-03 08:00")
	assert config.settings().governed_from == epoch("2026-03-01 09:00")
	sweep.run(moment.later(minutes=5))
	assert [len(escalations_of(ticket)) for ticket in desk.tickets] == [1, 0, 1]
	assert going_live.start_clocks_from(epoch("2026-03-01 09:00"), moment.now)["started"] == 0


def test_tickets_older_than_the_first_policy_start_under_what_is_in_force_now(
	desk: frappe._dict, moment: Moment
) -> None:
	frappe.db.set_value("Escalation Policy", desk.policy, "starts_on", MONDAY)
	going_live.set_mode("Observe", moment.now)
	long_before = epoch("2025-12-01 00:00")
	assert going_live.preview(moment.now, long_before)["at_once"] == len(desk.tickets)
	assert going_live.start_clocks_from(long_before, moment.now)["started"] == len(desk.tickets)
	assert {row_of(ticket).clock.policy for ticket in desk.tickets} == {desk.policy}
	sweep.run(moment.now)
	assert all(escalations_of(ticket) for ticket in desk.tickets)


def test_clocks_cannot_be_started_from_the_future_or_while_off(desk: frappe._dict, moment: Moment) -> None:
	with pytest.raises(frappe.ValidationError, match="future"):
		going_live.start_clocks_from(moment.now + 3600, moment.now)
	with pytest.raises(frappe.ValidationError, match="Observe or Live"):
		going_live.start_clocks_from(moment.now - 3600, moment.now)


def test_switching_off_and_on_again_counts_nothing_of_the_time_between(
	desk: frappe._dict, moment: Moment
) -> None:
	going_live.set_mode("Live", moment.now)
	ticket = make_ticket(group=desk.team)
	frappe.db.set_value("HD Ticket", ticket.name, "creation", "2026-03-02 09:00:00", update_modified=False)
	moment.set("2026-03-02 12:00")
	going_live.set_mode("Off", moment.now)
	moment.set("2026-03-20 12:00")
	going_live.set_mode("Live", moment.now)
	assert (row_of(ticket).clock.policy, row_of(ticket).next_epoch) == ("", 0)
	sweep.run(moment.later(days=3))
	assert escalations_of(ticket) == []
	going_live.start_clocks_from(epoch("2026-03-20 12:00"), moment.now)
	assert row_of(ticket).clock.due == epoch("2026-03-21 12:00")


def test_a_mode_that_is_not_known_is_refused(desk: frappe._dict, moment: Moment) -> None:
	with pytest.raises(frappe.ValidationError, match="no mode"):
		going_live.set_mode("On", moment.now)


def test_many_tickets_are_prepared_by_a_job_that_then_switches(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(going_live, "AT_ONCE", 2)
	assert going_live.set_mode("Live", moment.now) == {"mode": "Off", "preparing": True}
	assert config.mode() == "Off"
	going_live.prepare("Live")
	assert config.mode() == "Live"
	assert all(row_of(ticket) for ticket in desk.tickets)


def test_a_host_that_carries_out_its_own_escalation_rules_stands_against_it(desk: frappe._dict) -> None:
	from core_helpdesk.hosts import hd_ticket

	if not frappe.db.exists("DocType", "HD Escalation Rule"):
		pytest.skip("this host has no escalation rules of its own")
	rule = frappe.get_doc(
		{"doctype": "HD Escalation Rule", "is_enabled": 1, "team": desk.team, "to_team": desk.team}
	)
	rule.insert(ignore_mandatory=True)
	stands = any("its own escalation rules" in text for text in going_live.refusals())
	assert stands == hd_ticket.executes_escalation_rules()
