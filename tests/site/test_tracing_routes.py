"""Tickets for another country go through headquarters, whichever way a change comes in."""

from __future__ import annotations

import itertools

import frappe
import pytest
from frappe.utils import escape_html

from core_helpdesk import config
from core_helpdesk.escalations import findings
from core_helpdesk.tracing import case_data, gaps, reconcile, rules
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


def by_act(user: str, ticket: str, team: str) -> None:
	given = {"case": case_of(ticket).name, "team": team, "reason": "For your country"}
	web.call(user, "core_helpdesk.tracing_api.hand_over", **given)


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


def where_to(wanted: str, origin: str, destination: str, manned: tuple[str, ...]) -> str:
	"""TRC-09 in other words: the country in which a ticket of headquarters is that somebody put into a country's group.

	Headquarters sends a shipment to where it goes or came from, and nowhere else; asked for another country, to where it
	goes if somebody is there, else to where it came from, else it keeps it.
	"""
	if wanted in (origin, destination):
		return wanted
	return next((end for end in (destination, origin) if end != HOME and end in manned), HOME)


def ends(origin: str, destination: str) -> dict[str, str]:
	direction = "Inbound" if destination == HOME else "Outbound"
	return {"origin_country": origin, "destination_country": destination, "direction": direction}


@pytest.fixture
def manned(desk: frappe._dict) -> tuple[str, ...]:
	"""The countries with a group of their own, home first."""
	for country in TWELVE[3:6]:
		desk.groups[country] = make_tracing_group(country=country)
	return TWELVE[:6]


def test_every_pair_of_twelve_countries_is_routed_by_the_words_of_the_policy(
	desk: frappe._dict, manned: tuple[str, ...]
) -> None:
	case = make_case(desk)
	for origin, destination in itertools.permutations(TWELVE, 2):
		frappe.db.set_value("Tracing Case", case.name, ends(origin, destination))
		for wanted in manned[1:]:
			ticket = frappe.get_doc("HD Ticket", case.ticket)
			ticket.load_doc_before_save()
			ticket.agent_group = desk.groups[wanted]
			ticket.run_method("before_validate")
			expected = where_to(wanted, origin, destination, manned)
			assert ticket.agent_group == desk.groups[expected], (origin, destination, wanted)


# Each country once as origin and once as destination, and each group asked for.
SAMPLE = [(TWELVE[place], TWELVE[(place + 5) % 12], TWELVE[1 + place % 5]) for place in range(12)]


@pytest.mark.parametrize(("origin", "destination", "wanted"), SAMPLE)
def test_a_sample_of_them_is_saved_so(
	desk: frappe._dict, manned: tuple[str, ...], origin: str, destination: str, wanted: str
) -> None:
	"""By a job, which is put right, and by a person, who is refused; past headquarters neither comes anywhere."""
	of_job, of_person = (make_case(desk, **ends(origin, destination)) for _ in range(2))
	outside = make_ticket(group=desk.section)
	expected = where_to(wanted, origin, destination, manned)
	for name in (of_job.ticket, outside.name):
		ticket = frappe.get_doc("HD Ticket", name)
		ticket.agent_group = desk.groups[wanted]
		ticket.save()
	assert (group_of(of_job.ticket), group_of(outside)) == (desk.groups[expected], desk.headquarters)
	assert (of_job.reload().team, is_noted(of_job.ticket)) == (desk.groups[expected], expected != wanted)
	if expected == wanted:
		by_put(desk.officer, of_person.ticket, desk.groups[wanted])
		assert (of_person.reload().team, of_person.handed_to) == (desk.groups[wanted], wanted)
	else:
		with pytest.raises(frappe.ValidationError, match=desk.groups[expected]):
			by_put(desk.officer, of_person.ticket, desk.groups[wanted])
		assert group_of(of_person.ticket) == desk.headquarters


def test_who_hands_over_by_act_is_bound_by_the_route(desk: frappe._dict) -> None:
	case = make_case(desk, destination_country=UAE)
	with pytest.raises(frappe.ValidationError, match=desk.groups[UAE]):
		pass_to(case, desk.groups[EGYPT])


# --- Data before abroad

LACKING = {"consignee_phone": "04 32", "failure": "", "shipper_email": "", "shipper_address": ""}


@pytest.mark.parametrize("way", [by_put, by_set_value, by_form, by_act])
def test_a_case_leaves_for_abroad_with_all_its_data_only(desk: frappe._dict, way: object) -> None:
	"""Policy: TRC-04"""
	case = make_case(desk, **LACKING)
	said = [fault["text"] for fault in case_data.in_words(case)]
	# What the list shows is nothing to go by.
	frappe.db.set_value("Tracing Case", case.name, "faults", 0)
	with pytest.raises(frappe.ValidationError) as refused:
		way(desk.officer, case.ticket, desk.groups[UAE])
	assert len(said) == 3
	assert all(escape_html(text) in str(refused.value) for text in (case.name, *said))
	assert group_of(case.ticket) == desk.headquarters == case.reload().team
	fill(case)
	frappe.db.set_value("Tracing Case", case.name, "faults", 3)
	way(desk.officer, case.ticket, desk.groups[UAE])
	assert (group_of(case.ticket), case.reload().handed_to) == (desk.groups[UAE], UAE)


def test_a_case_that_lacks_data_goes_to_a_section_at_home(desk: frappe._dict) -> None:
	case = make_case(desk, **LACKING)
	assert pass_to(case, desk.section).team == desk.section


@pytest.mark.parametrize("wanted", [UAE, EGYPT])
def test_a_job_leaves_what_lacks_data_at_headquarters_and_notes_it(desk: frappe._dict, wanted: str) -> None:
	"""Also where the job asks for a wrong country: the right one is abroad as well."""
	case = make_case(desk, destination_country=UAE, **LACKING)
	ticket = frappe.get_doc("HD Ticket", case.ticket)
	ticket.agent_group = desk.groups[wanted]
	ticket.save()
	assert group_of(ticket) == desk.headquarters == case.reload().team
	assert (len(case.legs), is_noted(ticket)) == (1, True)
	(finding,) = findings.open_of([REROUTED])
	details, remedy = frappe.db.get_value("Escalation Finding", finding.name, ["details", "remedy"])
	assert "without the data" in details and "Complete the tracing case" in remedy


def test_an_import_leaves_what_lacks_data_at_headquarters(desk: frappe._dict) -> None:
	case = make_case(desk, **LACKING)
	by_import("Administrator", "HD Ticket", case.ticket, agent_group=desk.groups[UAE])
	assert group_of(case.ticket) == desk.headquarters
	assert is_noted(case.ticket)


def test_what_was_written_past_the_app_comes_back_for_its_data(desk: frappe._dict) -> None:
	lacking, complete = make_case(desk, **LACKING), make_case(desk)
	for case in (lacking, complete):
		frappe.db.set_value("HD Ticket", case.ticket, "agent_group", desk.groups[UAE])
	reconcile.run_all(config.now_epoch())
	assert [case.reload().team for case in (lacking, complete)] == [desk.headquarters, desk.groups[UAE]]
	assert [is_noted(case.ticket) for case in (lacking, complete)] == [True, False]


def test_in_observe_what_lacks_data_is_only_noted() -> None:
	desk = make_tracing_desk("Observe")
	case = make_case(desk, **LACKING)
	by_act(desk.officer, case.ticket, desk.groups[UAE])
	by_put(desk.officers[UAE], case.ticket, desk.headquarters)
	by_put(desk.officer, case.ticket, desk.groups[UAE])
	assert group_of(case.ticket) == desk.groups[UAE]
	assert is_noted(case.ticket)


def test_once_abroad_its_country_passes_it_on_as_it_is(desk: frappe._dict) -> None:
	case, worker = make_case(desk, team=desk.groups[UAE]), make_agent()
	frappe.db.set_value("Tracing Case", case.name, "consignee_phone", "")
	section = make_team(agents=(worker,), ch_country=UAE)
	by_put(desk.officers[UAE], case.ticket, section)
	by_put(worker, case.ticket, desk.groups[UAE])
	assert group_of(case.ticket) == desk.groups[UAE]


# --- Groups without a country


def test_a_group_without_a_country_is_reached_by_nobody_and_reported(desk: frappe._dict) -> None:
	"""Policy: TRC-02, TRC-09"""
	nowhere = make_tracing_group(country="")
	frappe.db.set_single_value(config.SETTINGS, "default_country", HOME)
	outside, case = make_ticket(group=desk.section), make_case(desk, destination_country=UAE)
	with pytest.raises(frappe.ValidationError, match=desk.headquarters):
		by_put(desk.worker, str(outside.name), nowhere)
	for way in (by_put, by_act):
		with pytest.raises(frappe.ValidationError, match=desk.groups[UAE]):
			way(desk.officer, case.ticket, nowhere)
	ticket = frappe.get_doc("HD Ticket", outside.name)
	ticket.agent_group = nowhere
	ticket.save()
	assert group_of(ticket) == desk.headquarters
	assert is_noted(ticket)
	gaps.report()
	assert findings.is_open(gaps.NO_COUNTRY, nowhere)
	group = frappe.get_doc("HD Team", nowhere)
	group.ch_country = EGYPT
	group.save()
	gaps.report()
	assert not findings.is_open(gaps.NO_COUNTRY, nowhere)
	assert rules.network().country_of(nowhere) == EGYPT


def test_tickets_that_are_in_a_group_without_a_country_are_worked(desk: frappe._dict) -> None:
	group = make_team()
	ticket = make_ticket(group=group)
	frappe.db.set_value("HD Team", group, "ch_tracing", 1)
	reconcile.run_all(config.now_epoch())
	assert (group_of(ticket), case_of(ticket).team) == (group, group)
	assert findings.is_open(gaps.NO_COUNTRY, group)


def test_headquarters_is_at_home_by_the_default_country(desk: frappe._dict) -> None:
	frappe.db.set_single_value(config.SETTINGS, "default_country", HOME)
	frappe.db.set_value("HD Team", desk.headquarters, "ch_country", None)
	rules.refresh()
	assert (rules.network().home, rules.network().is_abroad(desk.headquarters)) == (HOME, False)
	gaps.report()
	assert not findings.is_open(gaps.NO_COUNTRY, desk.headquarters)
