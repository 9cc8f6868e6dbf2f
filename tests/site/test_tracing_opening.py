"""A case opens by itself when its ticket reaches a tracing group, once, and at little cost to the ticket's save."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import tracing_clock
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.tracing import following, handing_over, opening, records, rules
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.counting import queries
from tests.site.factories import as_user, make_agent, make_team, make_ticket, make_user, switch_mode
from tests.site.moments import Moment, epoch, forget_time_zone
from tests.site.tracing_desk import HOME, case_of, make_tracing_desk, set_tracing

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.domain.tracing_legs import Leg

MONDAY = "2026-03-02 09:00"
# Ten working days of Saudi Arabia later, Ramadan's hours: from Monday 2 March to the Monday two weeks on.
OURS = "core_helpdesk/core_helpdesk/tracing"


@pytest.fixture
def desk() -> frappe._dict:
	return make_tracing_desk()


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


def change(ticket: object, **fields: object) -> None:
	fresh = frappe.get_doc("HD Ticket", ticket.name)
	fresh.update(fields)
	fresh.save()


def legs_of(ticket: object) -> tuple[Leg, ...]:
	return records.legs_of(case_of(ticket))


def cases_of(ticket: object) -> int:
	return frappe.db.count("Tracing Case", {"ticket": str(ticket.name)})


def test_a_ticket_made_in_a_tracing_group_opens_one_case(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.headquarters, description="<p>Where is my parcel?</p>")
	case = case_of(ticket)
	assert (case.status, case.team, case.open_ticket, case.cycle) == (
		"Open",
		desk.headquarters,
		str(ticket.name),
		1,
	)
	assert (case.department, case.country, case.handed_to) == (desk.department, HOME, None)
	assert (case.customer_email, case.language) == ("customer@example.com", "en")
	assert cases_of(ticket) == 1
	(leg,) = legs_of(ticket)
	assert (leg.number, leg.team, leg.is_tracing, leg.assigned, leg.left) == (
		1,
		desk.headquarters,
		True,
		epoch(MONDAY),
		0,
	)
	(cycle,) = case.cycles
	assert (cycle.number, cycle.opened_epoch, cycle.due_epoch) == (1, epoch(MONDAY), case.due_epoch)


def test_ten_working_days_of_the_country_for_leg_case_and_clock(desk: frappe._dict, moment: Moment) -> None:
	case = case_of(make_ticket(group=desk.headquarters))
	calendar = config.site_rules().timer(config.group(desk.headquarters).calendar)
	due = calendar.add_working_days(epoch(MONDAY), 10)
	assert (case.due_epoch, case.leg_due_epoch, case.legs[0].due_epoch) == (due, due, due)
	assert case.warn_epoch == calendar.add_working_days(epoch(MONDAY), 8)
	assert (case.regulator_due_epoch, case.regulator_due_on) == (0, None)
	assert case.due_on == config.from_epoch(due)
	assert tracing_clock.due(case.ticket).due == due


def test_another_owners_days_run_beside_in_the_calendar_of_home(desk: frappe._dict, moment: Moment) -> None:
	set_tracing(regulator="Regulator", regulator_days=5)
	case = case_of(make_ticket(group=desk.headquarters))
	calendar = config.site_rules().timer(config.group(desk.headquarters).calendar)
	assert case.regulator_due_epoch == calendar.add_working_days(epoch(MONDAY), 5)


def test_a_ticket_that_is_moved_into_tracing_says_who_passed_it_on(
	desk: frappe._dict, moment: Moment
) -> None:
	agent = make_agent()
	ticket = make_ticket(group=desk.section)
	assert case_of(ticket) is None
	moment.later(hours=2)
	web.put(agent, f"{web.RESOURCE}/HD Ticket/{ticket.name}", agent_group=desk.headquarters)
	(leg,) = legs_of(ticket)
	assert (leg.from_team, leg.passed_by, leg.assigned) == (desk.section, agent, moment.now)


def test_a_job_and_a_customer_pass_nothing_on(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.section)
	change(ticket, agent_group=desk.headquarters)
	assert [(leg.from_team, leg.passed_by) for leg in legs_of(ticket)] == [(desk.section, "")]


def test_a_group_that_does_not_trace_opens_nothing(desk: frappe._dict) -> None:
	assert case_of(make_ticket(group=desk.section)) is None
	assert case_of(make_ticket()) is None


@pytest.mark.parametrize("mode", ["Off", "Observe", "Live"])
def test_a_case_opens_unless_the_mode_is_off(mode: str) -> None:
	desk = make_tracing_desk(mode)
	assert bool(case_of(make_ticket(group=desk.headquarters))) == (mode != "Off")


def test_without_headquarters_nothing_is_traced(desk: frappe._dict) -> None:
	set_tracing(headquarters_team=None)
	assert case_of(make_ticket(group=desk.headquarters)) is None


def test_a_group_that_is_marked_traces_from_then_on(desk: frappe._dict) -> None:
	group = frappe.get_doc("HD Team", make_team(ch_country=HOME))
	group.ch_tracing = 1
	group.save()
	assert rules.network().is_tracing(group.name)
	assert case_of(make_ticket(group=group.name))
	group.ch_tracing = 0
	group.save()
	assert not rules.network().is_tracing(group.name)


def test_a_group_without_a_calendar_is_traced_without_due_moments(
	desk: frappe._dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	frappe.db.set_value("Working Calendar", {"is_country_default": 1}, "is_country_default", 0)
	case = case_of(make_ticket(group=desk.headquarters))
	assert (case.calendar, case.due_epoch, case.due_on, case.legs[0].due_epoch) == (None, 0, None, 0)


def test_two_saves_at_once_open_one_case(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.section)
	frappe.db.set_value("HD Ticket", ticket.name, "agent_group", desk.headquarters)
	facts = hd_ticket.facts(ticket.name)
	first = opening.open_case(facts, config.now_epoch())
	assert first
	assert opening.open_case(facts, config.now_epoch()) == ""
	assert cases_of(ticket) == 1
	assert len(case_of(ticket).legs) == 1


def test_a_failure_costs_the_host_nothing(desk: frappe._dict, monkeypatch: pytest.MonkeyPatch) -> None:
	def fail(*_: object) -> None:
		raise ValueError("the series is broken")

	monkeypatch.setattr(opening, "make_autoname", fail)
	ticket = make_ticket(group=desk.headquarters)
	assert frappe.db.get_value("HD Ticket", ticket.name, "agent_group") == desk.headquarters
	assert case_of(ticket) is None
	monkeypatch.undo()
	assert following.follow(str(ticket.name), config.now_epoch()) == following.OPENED


def in_use(desk: frappe._dict) -> None:
	"""The site as people meet it: nothing is left to be committed, with which settings and groups are read anew."""
	frappe.db.commit()
	make_ticket(group=desk.section)


def test_a_ticket_outside_tracing_costs_no_query_of_tracing(desk: frappe._dict) -> None:
	in_use(desk)
	ticket = make_ticket(group=desk.section)
	fresh = frappe.get_doc("HD Ticket", ticket.name)
	fresh.subject = "Another subject"
	with queries(sent_by="/tracing/") as asked:
		fresh.save()
		make_ticket(group=desk.section)
	assert asked == []


def test_a_change_of_status_or_group_outside_tracing_costs_one_query(desk: frappe._dict) -> None:
	other = make_team()
	in_use(desk)
	ticket = frappe.get_doc("HD Ticket", make_ticket(group=desk.section).name)
	ticket.status = "Replied"
	with queries(sent_by="/tracing/") as asked:
		ticket.save()
		ticket.agent_group = other
		ticket.save()
	assert len(asked) <= 2, asked


def test_opening_asks_little(desk: frappe._dict) -> None:
	first, second = (make_ticket(group=desk.section) for _ in range(2))
	for ticket in (first, second):
		frappe.db.set_value("HD Ticket", ticket.name, "agent_group", desk.headquarters)
	following.follow(str(first.name), config.now_epoch())
	with queries() as asked:
		assert following.follow(str(second.name), config.now_epoch()) == following.OPENED
	assert len(asked) <= 14, asked


def test_who_makes_a_ticket_in_their_own_group_passes_nothing_on(desk: frappe._dict) -> None:
	made = web.post(
		desk.officer, f"{web.RESOURCE}/HD Ticket", subject="Lost parcel", agent_group=desk.headquarters
	)
	assert [leg.passed_by for leg in legs_of(frappe._dict(made))] == [""]
	agent = make_agent()
	made = web.post(agent, f"{web.RESOURCE}/HD Ticket", subject="Lost parcel", agent_group=desk.headquarters)
	assert [leg.passed_by for leg in legs_of(frappe._dict(made))] == [agent]


def test_a_renamed_group_goes_on_tracing(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.headquarters)
	frappe.rename_doc("HD Team", desk.headquarters, "Tracing at Home", force=True)
	assert rules.network().headquarters == "Tracing at Home" == case_of(ticket).team
	change(ticket, subject="Another subject")
	assert [leg.team for leg in legs_of(ticket)] == ["Tracing at Home"]
	assert case_of(make_ticket(group="Tracing at Home"))


def test_a_governed_group_begins_and_ceases_to_trace_by_a_request() -> None:
	cast = casts.open_cast()
	group = casts.make_group(cast)
	for word, mark in (("Yes", 1), ("No", 0)):
		request = casts.make_request(cast, "Change Group", team=group, tracing=word, work_reason="As agreed.")
		casts.implement(cast, request)
		assert frappe.db.get_value("HD Team", group, "ch_tracing") == mark


def test_a_new_group_can_be_asked_for_as_a_tracing_group() -> None:
	cast = casts.open_cast()
	act = casts.implement(cast, casts.new_group(cast, tracing="Yes"))
	assert frappe.db.get_value("HD Team", act.results["result_team"], "ch_tracing") == 1


def test_by_hand_a_ticket_goes_to_headquarters_with_its_case(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.section)
	with as_user(desk.officer):
		name = handing_over.open_by_hand(str(ticket.name), moment.now)
	case = case_of(ticket)
	assert (case.name, case.team) == (name, desk.headquarters)
	assert [(leg.from_team, leg.passed_by) for leg in records.legs_of(case)] == [(desk.section, desk.officer)]
	with as_user(desk.supervisor):
		assert handing_over.open_by_hand(str(ticket.name), moment.now) == name


def test_a_supervisor_who_is_no_agent_opens_a_case(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.section)
	with as_user(desk.supervisor):
		assert handing_over.open_by_hand(str(ticket.name), moment.now) == case_of(ticket).name


def test_by_hand_only_those_who_trace_open_a_case(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.section)
	for user in (desk.worker, make_user()):
		with as_user(user), pytest.raises(frappe.PermissionError):
			handing_over.open_by_hand(str(ticket.name), config.now_epoch())
	change(ticket, status="Closed")
	with as_user(desk.officer), pytest.raises(frappe.ValidationError):
		handing_over.open_by_hand(str(ticket.name), config.now_epoch())


def test_switched_off_and_on_again_the_case_is_the_same(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.headquarters)
	switch_mode("Off")
	change(ticket, agent_group=desk.section)
	assert case_of(ticket).team == desk.headquarters
	switch_mode("Live")
	change(ticket, agent_group=desk.headquarters)
	assert (cases_of(ticket), len(legs_of(ticket))) == (1, 1)


def test_what_came_by_mail_opens_its_case_by_the_second_save(desk: frappe._dict) -> None:
	ticket = frappe.get_doc(
		{"doctype": "HD Ticket", "subject": "Lost", "raised_by": "lost@example.com", "via_customer_portal": 0}
	)
	ticket.flags.ignore_mandatory = True
	ticket.insert(ignore_permissions=True)
	change(ticket, agent_group=desk.headquarters, description="Not here")
	assert (cases_of(ticket), case_of(ticket).customer_email) == (1, "lost@example.com")
