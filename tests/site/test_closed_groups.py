"""Groups that take no tickets: what a person may not choose, what is put back, and what stays where it is."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.escalations import findings
from core_helpdesk.hosts import group_stages
from tests.site import web
from tests.site.factories import make_agent, make_team, make_ticket
from tests.site.request_desk import open_desk

TICKET = "HD Ticket"


def closed_group(stage: str, *agents: str) -> str:
	team = make_team(agents=agents)
	frappe.db.set_value("HD Team", team, group_stages.FIELD, stage)
	frappe.clear_document_cache("HD Team", team)
	return team


def test_a_ticket_that_a_retired_group_still_has_can_be_split() -> None:
	open_desk()
	agent = make_agent()
	team = make_team(agents=(agent,))
	source = make_ticket(group=team)
	frappe.db.set_value("HD Team", team, group_stages.FIELD, group_stages.RETIRED)
	part = {"subject": "The second parcel", "ticket_split_from": source.name, "agent_group": team}
	answer = web.post(agent, f"{web.RESOURCE}/{TICKET}", **part)
	assert frappe.db.get_value(TICKET, answer["name"], "agent_group") == team


def test_nothing_else_of_a_person_comes_into_a_retired_group() -> None:
	open_desk()
	agent = make_agent()
	elsewhere = make_ticket(group=make_team(agents=(agent,)))
	team = closed_group(group_stages.RETIRED, agent)
	asked = {"subject": "The second parcel", "agent_group": team}
	for source in ({}, {"ticket_split_from": elsewhere.name}):
		with pytest.raises(frappe.ValidationError):
			web.post(agent, f"{web.RESOURCE}/{TICKET}", **asked, **source)


def test_a_finding_that_cannot_be_written_does_not_cost_the_host_its_save(
	monkeypatch: pytest.MonkeyPatch,
) -> None:
	open_desk()
	ticket = make_ticket(group=make_team(agents=(make_agent(),)))
	team, before = closed_group(group_stages.RETIRED), ticket.agent_group

	def fail(*_args: object, **_more: object) -> None:
		raise ValueError("no finding")

	monkeypatch.setattr(findings, "open_once", fail)
	ticket.reload()
	ticket.agent_group = team
	ticket.save()
	assert frappe.db.get_value(TICKET, ticket.name, "agent_group") == before
	assert frappe.db.exists("Error Log", {"method": ("like", "%put-back not reported%")})
