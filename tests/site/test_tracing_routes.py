"""Tickets for another country go through headquarters, whichever way a change comes in."""

from __future__ import annotations

import itertools

import frappe
import pytest

from core_helpdesk.domain.tracing import Standing, rule
from core_helpdesk.escalations import findings
from core_helpdesk.tracing import rules
from core_helpdesk.tracing.ticket_gate import REROUTED
from tests.site import web
from tests.site.document_ways import by_import, by_savedocs
from tests.site.factories import make_agent, make_team, make_ticket
from tests.site.tracing_desk import (
	HOME,
	case_of,
	fill,
	make_bare_case,
	make_case,
	make_tracing_desk,
	make_tracing_group,
	pass_to,
	set_tracing,
)

UAE, EGYPT = "United Arab Emirates", "Egypt"
# Six with a group of their own, six without.
TWELVE = (HOME, UAE, EGYPT, "Bahrain", "Oman", "Jordan")
TWELVE += ("Kuwait", "Qatar", "India", "Germany", "France", "Japan")


@pytest.fixture
def desk() -> frappe._dict:
	return make_tracing_desk()


def group_of(ticket: object) -> str:
	return frappe.db.get_value("HD Ticket", getattr(ticket, "name", ticket), "agent_group")


def is_noted(ticket: object) -> bool:
	return findings.is_open(REROUTED, f"HD Ticket:{getattr(ticket, 'name', ticket)}")


def by_put(user: str, ticket: str, team: str) -> None:
	web.put(user, f"{web.RESOURCE}/HD Ticket/{ticket}", agent_group=team)


def by_set_value(user: str, ticket: str, team: str) -> None:
	given = {"doctype": "HD Ticket", "name": ticket, "fieldname": "agent_group", "value": team}
	web.call(user, "frappe.client.set_value", **given)


def by_form(user: str, ticket: str, team: str) -> None:
	by_savedocs(user, "HD Ticket", ticket, agent_group=team)


@pytest.mark.parametrize("way", [by_put, by_set_value, by_form])
def test_a_persons_wrong_choice_is_refused_and_the_right_group_named(desk: frappe._dict, way: object) -> None:
	ticket = make_ticket(group=desk.section)
	with pytest.raises(frappe.ValidationError, match=desk.headquarters):
		way(desk.worker, str(ticket.name), desk.groups[UAE])
	assert group_of(ticket) == desk.section
	assert case_of(ticket) is None


@pytest.mark.parametrize("way", [by_put, by_set_value, by_form])
def test_headquarters_hands_to_the_country_of_the_shipment_only(desk: frappe._dict, way: object) -> None:
	case = fill(make_bare_case(desk), destination_country=UAE)
	with pytest.raises(frappe.ValidationError, match=desk.groups[UAE]):
		way(desk.officer, case.ticket, desk.groups[EGYPT])
	way(desk.officer, case.ticket, desk.groups[UAE])
	assert (group_of(case.ticket), case.reload().handed_to) == (desk.groups[UAE], UAE)


def test_headquarters_needs_the_countries_first(desk: frappe._dict) -> None:
	case = make_bare_case(desk)
	with pytest.raises(frappe.ValidationError, match=case.name):
		by_put(desk.officer, case.ticket, desk.groups[UAE])


def test_nothing_sent_along_opens_the_route(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.section)
	sent = {"agent_group": desk.groups[UAE], "flags": {"ch_engine": 1}, "ch_engine": 1, "handed_to": UAE}
	with pytest.raises(frappe.ValidationError):
		web.put(desk.worker, f"{web.RESOURCE}/HD Ticket/{ticket.name}", **sent)


def test_a_country_passes_to_its_section_which_gives_the_case_back(desk: frappe._dict) -> None:
	case, worker = make_case(desk, team=desk.groups[UAE]), make_agent()
	section = make_team(agents=(worker,), ch_country=UAE)
	by_put(desk.officers[UAE], case.ticket, section)
	# Authority to move it went with it.
	with pytest.raises(frappe.PermissionError, match="Only members of the group"):
		by_put(desk.officers[UAE], case.ticket, desk.groups[UAE])
	by_put(worker, case.ticket, desk.groups[UAE])
	assert [leg.team for leg in case.reload().legs][1:] == [desk.groups[UAE], section, desk.groups[UAE]]
	with pytest.raises(frappe.ValidationError, match=desk.headquarters):
		by_put(desk.officers[UAE], case.ticket, desk.groups[EGYPT])


def test_a_job_is_rerouted_in_the_same_save_and_noted(desk: frappe._dict) -> None:
	ticket = frappe.get_doc("HD Ticket", make_ticket(group=desk.section).name)
	ticket.agent_group = desk.groups[UAE]
	ticket.save()
	assert group_of(ticket) == desk.headquarters == case_of(ticket).team
	assert is_noted(ticket)


def test_a_ticket_made_in_a_group_abroad_by_mail_comes_to_headquarters(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.groups[UAE], description="<p>Where is it?</p>")
	assert group_of(ticket) == desk.headquarters == case_of(ticket).team
	assert len(case_of(ticket).legs) == 1


def test_an_import_is_put_right_and_noted(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.section)
	by_import("Administrator", "HD Ticket", str(ticket.name), agent_group=desk.groups[UAE])
	assert frappe.db.get_value("HD Ticket", ticket.name, "agent_group") == desk.headquarters
	assert is_noted(ticket)


def test_a_customers_ticket_is_not_lost(desk: frappe._dict) -> None:
	customer = frappe.get_doc(
		{
			"doctype": "User",
			"email": "customer.of.route@example.com",
			"first_name": "Customer",
			"user_type": "Website User",
			"send_welcome_email": 0,
		}
	).insert()
	made = web.post(
		customer.name,
		f"{web.RESOURCE}/HD Ticket",
		subject="Lost parcel",
		description="Where?",
		agent_group=desk.groups[UAE],
	)
	assert group_of(made["name"]) == desk.headquarters
	assert case_of(made["name"]).legs[0].passed_by is None


def test_in_observe_a_wrong_choice_is_only_noted() -> None:
	desk = make_tracing_desk("Observe")
	ticket = make_ticket(group=desk.section)
	by_put(desk.worker, str(ticket.name), desk.groups[UAE])
	assert group_of(ticket) == desk.groups[UAE] == case_of(ticket).team
	assert is_noted(ticket)


def test_the_engine_passes_every_gate(desk: frappe._dict) -> None:
	from core_helpdesk.hosts import hd_ticket

	ticket = make_ticket(group=desk.section)
	hd_ticket.set_team(ticket.name, desk.groups[UAE])
	assert (group_of(ticket), case_of(ticket).handed_to) == (desk.groups[UAE], UAE)


def test_another_headquarters_is_gone_by_at_once(desk: frappe._dict) -> None:
	other = make_tracing_group(country=EGYPT)
	set_tracing(headquarters_team=other)
	ticket = make_ticket(group=desk.section)
	with pytest.raises(frappe.ValidationError, match=other):
		by_put(desk.worker, str(ticket.name), desk.headquarters)
	by_put(desk.worker, str(ticket.name), other)
	assert case_of(ticket).team == other


def test_a_closed_group_is_no_way_on(desk: frappe._dict) -> None:
	group = frappe.get_doc("HD Team", desk.groups[UAE])
	group.ch_stage = "Retired"
	group.flags.ch_engine = True
	group.save()
	assert not rules.network().is_tracing(group.name)
	case = fill(make_bare_case(desk), destination_country=UAE)
	with pytest.raises(frappe.ValidationError):
		by_put(desk.officer, case.ticket, group.name)


def test_every_pair_of_twelve_countries_is_routed_as_the_rule_says(desk: frappe._dict) -> None:
	for country in TWELVE[3:6]:
		desk.groups[country] = make_tracing_group(country=country)
	case = make_bare_case(desk)
	for origin, destination in itertools.permutations(TWELVE, 2):
		frappe.db.set_value(
			"Tracing Case", case.name, {"origin_country": origin, "destination_country": destination}
		)
		standing = Standing(desk.headquarters, "", (destination, origin))
		for group in [desk.groups[country] for country in TWELVE[1:6]]:
			ticket = frappe.get_doc("HD Ticket", case.ticket)
			ruling = rule(rules.network(), standing, group)
			assert ruling.is_allowed == (rules.network().country_of(group) in (origin, destination))
			ticket.load_doc_before_save()
			ticket.agent_group = group
			ticket.run_method("before_validate")
			assert ticket.agent_group == (group if ruling.is_allowed else ruling.instead)


def test_who_hands_over_by_act_is_bound_by_the_route(desk: frappe._dict) -> None:
	case = make_case(desk, destination_country=UAE)
	with pytest.raises(frappe.ValidationError, match=desk.groups[UAE]):
		pass_to(case, desk.groups[EGYPT])
