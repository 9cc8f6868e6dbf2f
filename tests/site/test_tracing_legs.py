"""The way of a case from group to group: legs with their own time, acceptance, answers, and the case's own days beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import findings, tracing_clock
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.tracing import handing_over, records, rules
from tests.site import web
from tests.site.factories import as_user, make_agent, make_team, make_ticket
from tests.site.moments import Moment, epoch, forget_time_zone
from tests.site.tracing_desk import (
	GROUPLESS,
	HOME,
	accept,
	case_of,
	fill,
	make_bare_case,
	make_case,
	make_tracing_desk,
	pass_to,
)

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

MONDAY = "2026-03-02 09:00"
UAE, EGYPT = "United Arab Emirates", "Egypt"


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_tracing_desk()


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


def ten_days(team: str, start: int) -> int:
	return config.site_rules().timer(config.group(team).calendar).add_working_days(start, 10)


def way_of(case: Document) -> list[tuple]:
	return [(leg.team, leg.from_team, leg.passed_by, leg.reason) for leg in records.legs_of(case)]


def test_a_hand_over_ends_one_leg_and_begins_the_next(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk)
	moment.set("2026-03-04 11:00")
	case = pass_to(case, desk.groups[UAE], reason="Consignee is in Dubai")
	first, second = records.legs_of(case)
	assert (first.left, second.assigned) == (moment.now, moment.now)
	assert (second.team, second.country, second.from_team) == (desk.groups[UAE], UAE, desk.headquarters)
	assert (second.passed_by, second.reason) == (desk.officer, "Consignee is in Dubai")
	assert (case.team, case.country, case.handed_to, case.officer) == (desk.groups[UAE], UAE, UAE, None)
	assert frappe.db.get_value("HD Ticket", case.ticket, "agent_group") == desk.groups[UAE]


def test_each_leg_has_its_ten_days_and_the_case_goes_on_in_the_new_calendar(
	desk: frappe._dict, moment: Moment
) -> None:
	case = make_case(desk)
	moment.set("2026-03-04 11:00")
	case = pass_to(case, desk.groups[UAE])
	assert case.legs[1].due_epoch == case.leg_due_epoch == ten_days(desk.groups[UAE], moment.now)
	assert case.opened_epoch == epoch(MONDAY)
	assert (
		case.due_epoch
		== ten_days(desk.groups[UAE], epoch(MONDAY))
		!= ten_days(desk.headquarters, epoch(MONDAY))
	)
	assert case.calendar == config.group(desk.groups[UAE]).calendar
	assert tracing_clock.due(case.ticket).due == case.due_epoch


def test_a_section_has_no_time_of_its_own(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk, team=desk.groups[UAE])
	due = case.due_epoch
	moment.later(days=1)
	case = pass_to(case, desk.section)
	assert (case.legs[2].is_tracing, case.legs[2].due_epoch, case.leg_due_epoch) == (0, 0, 0)
	assert (case.due_epoch, case.handed_to) == (due, UAE)


def test_a_plain_change_of_the_group_is_followed(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk)
	moment.later(hours=1)
	web.put(desk.officer, f"{web.RESOURCE}/HD Ticket/{case.ticket}", agent_group=desk.section)
	case.reload()
	assert way_of(case)[1] == (desk.section, desk.headquarters, desk.officer, "")


def test_acceptance_notes_who_and_when_once(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk)
	moment.later(minutes=20)
	case = accept(case)
	assert (case.officer, case.legs[0].accepted_by, case.legs[0].accepted_epoch) == (
		desk.officer,
		desk.officer,
		moment.now,
	)
	assert case.legs[0].accepted_on == config.from_epoch(moment.now)
	colleague = make_agent("Tracing Officer")
	team = frappe.get_doc("HD Team", desk.headquarters)
	team.append("users", {"user": colleague})
	team.save()
	accepted = moment.now
	moment.later(hours=1)
	case = accept(case, colleague)
	assert (case.officer, case.legs[0].accepted_by, case.legs[0].accepted_epoch) == (
		colleague,
		desk.officer,
		accepted,
	)


def test_only_members_of_the_group_accept(desk: frappe._dict) -> None:
	case = make_case(desk, team=desk.groups[UAE])
	for user in (desk.officer, desk.supervisor, desk.officers[EGYPT]):
		with as_user(user), pytest.raises(frappe.PermissionError):
			handing_over.accept(records.locked(case.name), config.now_epoch())
	assert accept(case, desk.officers[UAE]).officer == desk.officers[UAE]


def test_taking_the_ticket_on_the_host_takes_the_case(desk: frappe._dict) -> None:
	from frappe.desk.form import assign_to

	case = make_bare_case(desk)
	assign = {"doctype": "HD Ticket", "name": case.ticket}
	# The host has assigned it by turns, which nobody has taken by that.
	assign_to.clear(**assign)
	assert case.officer is None
	with as_user(desk.worker):
		frappe.share.add_docshare(
			"HD Ticket", case.ticket, desk.worker, flags={"ignore_share_permission": True}
		)
		assign_to.add({**assign, "assign_to": [desk.worker]})
	assert case.reload().officer is None
	with as_user(desk.officer):
		assign_to.add({**assign, "assign_to": [desk.officer]})
	assert (case.reload().officer, case.legs[0].accepted_by) == (desk.officer, desk.officer)


def test_only_who_has_the_ticket_hands_it_over(desk: frappe._dict) -> None:
	case = make_case(desk, team=desk.groups[UAE])
	for user in (desk.officer, desk.officers[EGYPT], desk.worker, make_agent("Tracing Officer")):
		with as_user(user), pytest.raises(frappe.PermissionError):
			handing_over.hand_over(records.locked(case.name), desk.section, "Mine", config.now_epoch())
	assert pass_to(case, desk.section, by=desk.supervisor).team == desk.section


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_hand_over_asks_a_reason(desk: frappe._dict, reason: str) -> None:
	case = make_case(desk)
	with as_user(desk.officer), pytest.raises(frappe.ValidationError):
		handing_over.hand_over(records.locked(case.name), desk.section, reason, config.now_epoch())


def test_a_hand_over_goes_to_a_group_that_takes_tickets(desk: frappe._dict) -> None:
	case = make_case(desk)
	retired = make_team(ch_country=HOME)
	frappe.db.set_value("HD Team", retired, "ch_stage", "Retired")
	for team in (desk.tsm_team, retired, desk.headquarters, "No Such Group", ""):
		with as_user(desk.officer), pytest.raises(frappe.ValidationError):
			handing_over.hand_over(records.locked(case.name), team, "Please", config.now_epoch())


def test_giving_a_case_back_answers_who_passed_it_on(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk, team=desk.groups[UAE])
	moment.later(days=1)
	case = pass_to(case, desk.headquarters, reason="Address unknown here")
	assert [bool(leg.replied_epoch) for leg in case.legs] == [False, True, False]
	assert case.handed_to is None


def test_a_group_without_group_ends_the_leg(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk)
	moment.later(hours=1)
	ticket = frappe.get_doc("HD Ticket", case.ticket)
	ticket.agent_group = None
	ticket.save()
	case.reload()
	assert (case.team, case.legs[0].left_epoch, len(case.legs)) == (None, moment.now, 1)
	ticket.reload()
	ticket.agent_group = desk.headquarters
	ticket.save()
	assert len(case.reload().legs) == 2


def test_an_escalated_ticket_that_is_looked_after_elsewhere_keeps_its_leg(desk: frappe._dict) -> None:
	case = make_case(desk)
	hd_ticket.set_team(case.ticket, desk.tsm_team)
	case.reload()
	assert (case.team, len(case.legs)) == (desk.headquarters, 1)


def by_act(user: str, case: Document, team: str) -> None:
	web.call(user, "core_helpdesk.tracing_api.hand_over", case=case.name, team=team, reason="Please")


def by_assignment(user: str, case: Document, team: str) -> None:
	web.put(user, f"{web.RESOURCE}/HD Ticket/{case.ticket}", agent_group=team)


@pytest.mark.parametrize("way", [by_act, by_assignment])
def test_what_the_hidden_group_looks_after_is_no_officers_to_move(desk: frappe._dict, way: object) -> None:
	"""Policy: TRC-09, TSM-12"""
	case = make_case(desk)
	hd_ticket.set_team(case.ticket, desk.tsm_team)
	with pytest.raises(frappe.PermissionError, match="ask a Support Supervisor") as refused:
		way(desk.officer, case, desk.section)
	assert desk.tsm_team not in str(refused.value)
	assert hd_ticket.facts(case.ticket).team == desk.tsm_team
	by_act(desk.supervisor, case, desk.section)
	assert (case.reload().team, hd_ticket.facts(case.ticket).team) == (desk.section, desk.section)
	assert desk.tsm_team not in case.as_json()


def test_its_members_move_it_on(desk: frappe._dict) -> None:
	case = make_case(desk)
	hd_ticket.set_team(case.ticket, desk.tsm_team)
	by_assignment(desk.tsm[0], case, desk.section)
	assert case.reload().team == desk.section


def test_offered_are_the_groups_of_the_route_the_right_one_first(desk: frappe._dict) -> None:
	case = make_case(desk, destination_country=UAE)
	with as_user(desk.officer):
		offers = handing_over.offered_groups(case)
	assert (offers[0].team, offers[0].is_tracing, bool(offers[0].why)) == (desk.groups[UAE], True, True)
	teams = {offer.team for offer in offers}
	assert desk.section in teams
	assert not teams & {desk.tsm_team, desk.headquarters, desk.groups[EGYPT]}
	case = pass_to(case, desk.groups[UAE])
	with as_user(desk.officers[UAE]):
		assert handing_over.offered_groups(case)[0].team == desk.headquarters


def test_a_country_without_a_group_stays_at_headquarters_and_is_reported(desk: frappe._dict) -> None:
	case = fill(make_bare_case(desk), destination_country=GROUPLESS)
	assert handing_over.countries_without_group(case) == (GROUPLESS,)
	assert findings.is_open("No Tracing Group", GROUPLESS)
	with as_user(desk.officer):
		offers = handing_over.offered_groups(case)
	assert not [offer for offer in offers if offer.is_tracing]


def test_a_reopened_ticket_takes_its_case_along(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk)
	ticket = frappe.get_doc("HD Ticket", case.ticket)
	ticket.status = "Closed"
	ticket.save()
	case.reload()
	assert (case.status, case.open_ticket, bool(case.legs[0].left_epoch)) == ("Closed", None, True)
	moment.later(days=1)
	ticket.reload()
	ticket.status = "Open"
	ticket.save()
	case.reload()
	assert (case.status, case.open_ticket, case.cycle, len(case.legs)) == ("Open", case.ticket, 1, 2)
	assert (case.closing, case.closed_on, case.opened_epoch) == (None, None, epoch(MONDAY))
	assert frappe.db.count("Tracing Case", {"ticket": case.ticket}) == 1


def test_a_confirmed_case_that_comes_back_begins_another_cycle(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk)
	case.update({"answer": "Satisfied", "status": "Solved"})
	records.save(case)
	ticket = frappe.get_doc("HD Ticket", case.ticket)
	ticket.status = "Closed"
	ticket.save()
	moment.later(days=1)
	ticket.reload()
	ticket.status = "Open"
	ticket.save()
	case.reload()
	assert (case.status, case.cycle, case.opened_epoch, len(case.cycles)) == ("Open", 2, moment.now, 2)
	assert case.due_epoch == case.cycles[1].due_epoch == ten_days(desk.headquarters, moment.now)


def test_a_group_that_is_deleted_stays_on_the_way_and_stops_nobody(desk: frappe._dict) -> None:
	case = make_case(desk, team=desk.groups[UAE])
	frappe.db.set_value("HD Ticket", case.ticket, "agent_group", desk.headquarters)
	team = desk.groups[UAE]
	# The host's own to-do names the rule that goes with the group, and could not be closed any more.
	frappe.db.delete("ToDo", {"reference_name": case.ticket})
	frappe.db.set_value("HD Ticket", case.ticket, "_assign", None)
	frappe.delete_doc("HD Team", team)
	assert not rules.network().is_tracing(team)
	case = accept(pass_to(case.reload(), desk.section, by=desk.officer), desk.worker)
	assert case.officer == desk.worker
	case.follow_up_on = "2026-04-01"
	case.save()


def test_a_user_who_is_deleted_stays_on_the_way(desk: frappe._dict) -> None:
	case = accept(make_case(desk, team=desk.groups[UAE]))
	ticket = make_ticket(group=desk.section)
	assert case_of(ticket) is None
	frappe.delete_doc("User", make_agent(), force=True)
	frappe.rename_doc("User", desk.officers[UAE], "renamed@example.com", force=True)
	assert case.reload().officer == "renamed@example.com"
