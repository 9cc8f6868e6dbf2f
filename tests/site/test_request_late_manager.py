"""The Customer Service Manager decides on every deviation, and on what a group that retires still holds, however late
it comes up.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
import pytest
from frappe.utils import nowdate

from core_helpdesk import jobs
from core_helpdesk.escalations import findings
from core_helpdesk.governance import carrying_out, group_life
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.hosts import team_writer
from core_helpdesk.setup import workflows as flow
from tests.site import request_desk as desks
from tests.site import web
from tests.site.factories import make_ticket
from tests.site.request_desk import (
	AE,
	DOCTYPE,
	LATER,
	WAYS,
	by_button,
	by_form,
	by_rest,
	fresh,
	make_request,
	open_desk,
	put_into,
)
from tests.site.test_sync import change

DEVIATING = {"deviation_reason": "Just in case", "valid_until": LATER}
REFUSALS = (frappe.PermissionError, frappe.ValidationError)


def deviations_of(name: str) -> list[dict]:
	return frappe.get_all(
		"Parity Deviation", {"request": name}, ["hours", "clock_kind", "approved_by", "team"]
	)


@pytest.mark.parametrize(
	("kind", "values"),
	[(kinds.CHANGE_ESCALATION, {"escalation_hours": 24}), (kinds.CHANGE_GROUP, {"purpose": "Harmless"})],
)
def test_no_deviation_comes_of_a_time_that_is_the_standard(kind: str, values: dict) -> None:
	"""Policy: CORE-09"""
	desk = open_desk(mode="Off")
	request = make_request(desk, kind, by=desk.head_abroad, team=desk.abroad, **values, **DEVIATING)
	by_rest(desk.head_abroad, request.name, flow.SUBMIT)
	stored = fresh(request)
	assert (stored.deviation_reason, stored.valid_until) == (None, None)
	for action in (flow.APPROVE, flow.IMPLEMENT):
		by_rest(desk.qa, request.name, action)
	assert deviations_of(request.name) == []


def test_no_deviation_comes_of_what_the_manager_has_not_approved() -> None:
	"""A reason that stands there since before it was left out is nobody's approval."""
	desk = open_desk(mode="Off")
	asked = {"team": desk.abroad, "by": desk.head_abroad, **DEVIATING}
	request = put_into(make_request(desk, kinds.CHANGE_ESCALATION, **asked), flow.APPROVED)
	assert request.deviation_reason
	by_rest(desk.qa, request.name, flow.IMPLEMENT)
	assert deviations_of(request.name) == []


def test_a_deviation_that_the_manager_approved_is_made_and_says_who_approved_it() -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk, kinds.DEVIATION)
	by_rest(desk.head_abroad, request.name, flow.SUBMIT)
	by_rest(desk.qa, request.name, flow.SEND)
	by_rest(desk.manager, request.name, flow.APPROVE)
	by_rest(desk.qa, request.name, flow.IMPLEMENT)
	(made,) = deviations_of(request.name)
	assert (made.hours, made.approved_by, made.team) == (36, desk.manager, desk.abroad)


def test_a_group_that_moves_away_from_its_standard_deviates_by_its_own_time() -> None:
	desk = open_desk(mode="Off")
	standard_of(desk, 12)
	request = make_request(desk, team=desk.home, country=AE, by=desk.qa, purpose="", **DEVIATING)
	by_rest(desk.qa, request.name, flow.SUBMIT)
	by_rest(desk.other_qa, request.name, flow.SEND)
	by_rest(desk.manager, request.name, flow.APPROVE)
	by_rest(desk.other_qa, request.name, flow.IMPLEMENT)
	(made,) = deviations_of(request.name)
	assert (made.hours, made.clock_kind, made.team) == (24, "Elapsed Time", desk.home)


def standard_of(desk: desks.Desk, hours: float) -> str:
	"""Another group at headquarters, the only one there to compare with, at this time."""
	from core_helpdesk import at_work
	from tests.site.factories import make_level, make_team

	place = {"ch_department": desk.department, "ch_category": desk.category, "ch_country": desks.SA}
	team = make_team(agents=(), ch_ticket_type=desk.other_type, **place)
	with at_work.the_app():
		policy = frappe.get_doc(
			{
				"doctype": "Escalation Policy",
				"policy_name": f"Standard {hours:g}",
				"team": team,
				"levels": [make_level(after_hours=hours), make_level(target="General Manager")],
			}
		).insert()
	frappe.db.set_value(
		"Escalation Policy", policy.name, {"workflow_state": "Active", "starts_on": "2020-01-01 00:00:00"}
	)
	frappe.clear_document_cache("Escalation Policy", policy.name)
	return team


# A group that retires.


def approved_retirement(desk: desks.Desk) -> str:
	request = make_request(desk, kinds.RETIRE_GROUP)
	by_rest(desk.head, request.name, flow.SUBMIT)
	by_rest(desk.qa, request.name, flow.APPROVE)
	return request.name


@pytest.mark.parametrize("way", WAYS)
def test_tickets_that_came_after_the_approval_are_the_managers_to_decide_on(way: str) -> None:
	"""Policy: CORE-09, CORE-20"""
	desk = open_desk(mode="Off")
	name = approved_retirement(desk)
	desks.open_ticket(desk.home)
	with pytest.raises(frappe.PermissionError, match="Send it to the Customer Service Manager"):
		WAYS[way](desk.qa, name, flow.IMPLEMENT)
	frappe.set_user("Administrator")
	assert fresh(name).workflow_state == flow.APPROVED
	WAYS[way](desk.qa, name, flow.SEND)
	WAYS[way](desk.manager, name, flow.APPROVE)
	WAYS[way](desk.qa, name, flow.IMPLEMENT)
	assert fresh(name).workflow_state == flow.IMPLEMENTED
	assert [row.state for row in fresh(name).states][-4:] == [
		flow.APPROVED,
		flow.MANAGER_APPROVAL,
		flow.APPROVED,
		flow.IMPLEMENTED,
	]


def test_an_approved_request_is_not_sent_to_the_manager_without_need_or_a_second_time() -> None:
	desk = open_desk(mode="Off")
	name = approved_retirement(desk)
	with pytest.raises(REFUSALS):
		by_form(desk.qa, name, flow.SEND)
	desks.open_ticket(desk.home)
	by_button(desk.qa, name, flow.SEND)
	by_button(desk.manager, name, flow.APPROVE)
	assert not fresh(name).needs_manager_approval
	for way in WAYS.values():
		with pytest.raises(REFUSALS):
			way(desk.qa, name, flow.SEND)


def test_who_asked_does_not_send_it_to_the_manager() -> None:
	desk = open_desk(mode="Off")
	name = approved_retirement(desk)
	desks.open_ticket(desk.home)
	for user in (desk.head, desk.manager, desk.other_head):
		with pytest.raises(REFUSALS):
			web.put(user, f"{web.RESOURCE}/{DOCTYPE}/{name}", workflow_state=flow.MANAGER_APPROVAL)
	assert fresh(name).workflow_state == flow.APPROVED


# Tickets that come between the approval and the day.

DAY = datetime.fromisoformat(LATER)


def implemented_retirement(desk: desks.Desk) -> None:
	by_rest(desk.qa, approved_retirement(desk), flow.IMPLEMENT)


def retire_by_the_manager(desk: desks.Desk, day: str) -> None:
	"""A request for the home group, which has open tickets."""
	request = make_request(desk, kinds.RETIRE_GROUP, retire_on=day)
	by_rest(desk.head, request.name, flow.SUBMIT)
	by_rest(desk.qa, request.name, flow.SEND)
	by_rest(desk.manager, request.name, flow.APPROVE)
	by_rest(desk.qa, request.name, flow.IMPLEMENT)


def stands(team: str) -> tuple[str, list[str], int]:
	stage, rule = frappe.db.get_value("HD Team", team, ["ch_stage", "assignment_rule"])
	return stage or "", team_writer.members(team), frappe.db.get_value("Assignment Rule", rule, "disabled")


def waiting() -> list[str]:
	return [row.reference_name for row in findings.open_of([carrying_out.NOT_CARRIED_OUT])]


def test_a_group_keeps_its_people_until_the_tickets_are_solved_that_nobody_decided_on() -> None:
	"""Policy: CORE-09, CORE-10"""
	desk = open_desk(mode="Off")
	implemented_retirement(desk)
	tickets = [desks.open_ticket(desk.home) for _ in range(3)]
	frappe.db.commit()
	frappe.db.delete("Error Log")
	for number in range(2):
		group_life.retire_due(DAY + timedelta(days=number))
		assert stands(desk.home) == ("Retired", [desk.agent], 1)
		assert waiting() == [desk.home]
		assert not make_ticket(group=desk.home).agent_group
	found = frappe.get_doc(findings.DOCTYPE, {"kind": carrying_out.NOT_CARRIED_OUT})
	assert "open tickets" in found.details
	assert "make another request to retire the group" in found.remedy
	assert frappe.db.count("Error Log") == 0
	for name in tickets:
		change(frappe.get_doc("HD Ticket", name), status="Closed")
	frappe.db.commit()
	group_life.retire_due(DAY + timedelta(days=2))
	assert (stands(desk.home), waiting()) == (("Retired", [], 1), [])


def test_without_open_tickets_a_group_is_empty_on_its_day() -> None:
	desk = open_desk(mode="Off")
	implemented_retirement(desk)
	frappe.db.commit()
	assert group_life.retire_due(DAY - timedelta(days=1)) == []
	assert stands(desk.home)[:2] == ("", [desk.agent])
	assert group_life.retire_due(DAY) == [desk.home]
	assert (stands(desk.home), waiting()) == (("Retired", [], 1), [])


def test_with_the_managers_approval_a_group_goes_on_its_day_with_open_tickets() -> None:
	desk = open_desk(mode="Off")
	ticket = desks.open_ticket(desk.home)
	retire_by_the_manager(desk, LATER)
	frappe.db.commit()
	group_life.retire_due(DAY)
	assert (stands(desk.home), waiting()) == (("Retired", [], 1), [])
	assert frappe.db.get_value("HD Ticket", ticket, "agent_group") == desk.home


@pytest.mark.parametrize("at_once", [False, True])
def test_a_group_that_waits_goes_when_the_manager_approves_another_request(at_once: bool) -> None:
	desk = open_desk(mode="Off")
	implemented_retirement(desk)
	desks.open_ticket(desk.home)
	frappe.db.commit()
	group_life.retire_due(DAY)
	assert waiting() == [desk.home]
	retire_by_the_manager(desk, nowdate() if at_once else LATER)
	frappe.db.commit()
	assert stands(desk.home)[:2] == ("Retired", [] if at_once else [desk.agent])
	group_life.retire_due(DAY + timedelta(days=1))
	jobs.ch_watch()
	assert (stands(desk.home), waiting()) == (("Retired", [], 1), [])


def test_nobody_changes_the_people_of_a_group_that_waits() -> None:
	desk = open_desk(mode="Off")
	implemented_retirement(desk)
	desks.open_ticket(desk.home)
	frappe.db.commit()
	group_life.retire_due(DAY)
	request = put_into(make_request(desk, kinds.REMOVE_MEMBERS), flow.APPROVED)
	with pytest.raises(frappe.ValidationError, match="is retired"):
		by_rest(desk.qa, request.name, flow.IMPLEMENT)
	assert team_writer.members(desk.home) == [desk.agent]
