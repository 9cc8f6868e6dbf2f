"""While an escalated ticket is looked after by the hidden group, its case stays where it was, and names that group nowhere."""

from __future__ import annotations

import json

import frappe
import pytest

from core_helpdesk.hosts import hd_ticket
from core_helpdesk.setup import claim_workflow as flow
from tests.site import web
from tests.site.claim_desk import (
	API,
	DOCTYPE,
	by_button,
	by_rest,
	fresh,
	make_claim,
	make_claims_desk,
	people,
)
from tests.site.factories import make_ticket
from tests.site.test_tracing_prints import FORMS, page_of, text_of
from tests.site.tracing_desk import case_of, make_case

PATH = f"{web.RESOURCE}/{DOCTYPE}"


@pytest.fixture
def desk() -> frappe._dict:
	return make_claims_desk()


def escalated(desk: frappe._dict, **data: object) -> object:
	"""A case whose ticket TSM looks after now."""
	case = make_case(desk, **data)
	hd_ticket.set_team(case.ticket, desk.tsm_team)
	return case.reload()


def test_its_officers_make_and_submit_claims(desk: frappe._dict) -> None:
	"""Policy: TSM-12, TRC-19"""
	claim = make_claim(desk, escalated(desk))
	assert (claim.team, claim.department, claim.country) == (
		desk.headquarters,
		desk.department,
		"Saudi Arabia",
	)
	by_button(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	assert fresh(claim).team == desk.headquarters


def test_a_claim_made_before_is_submitted_and_handed_over(desk: frappe._dict) -> None:
	case = make_case(desk)
	claim = make_claim(desk, case)
	hd_ticket.set_team(case.ticket, desk.tsm_team)
	by_rest(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	by_rest(desk.supervisor, claim.name, flow.APPROVED)
	assert (fresh(claim).workflow_state, fresh(claim).team) == (flow.HANDED_OVER, desk.headquarters)
	case.reload()
	assert (case.team, desk.tsm_team in case.as_json()) == (desk.care_team, False)


def test_no_reader_of_a_claim_sees_the_group(desk: frappe._dict) -> None:
	"""Policy: TSM-12"""
	claim = make_claim(desk, escalated(desk))
	for user in (desk.officer, desk.supervisor, desk.manager):
		assert desk.tsm_team not in json.dumps(web.get(user, f"{PATH}/{claim.name}"))
		looked = web.get(user, f"{web.METHOD}/{API}.look_at", claim=claim.name)
		assert desk.tsm_team not in json.dumps(looked)


def test_who_is_refused_reads_the_group_of_the_case(desk: frappe._dict) -> None:
	"""Policy: TSM-12"""
	case = escalated(desk)
	for name in ("supervisor", "abroad", "manager"):
		with pytest.raises(frappe.PermissionError) as refused:
			make_claim(desk, case, by=people(desk)[name])
		assert desk.tsm_team not in str(refused.value), name
	for member in desk.tsm:
		with pytest.raises(frappe.PermissionError):
			make_claim(desk, case, by=member)


@pytest.mark.parametrize("form", FORMS)
def test_a_printed_form_names_the_group_of_the_case(desk: frappe._dict, form: str) -> None:
	"""Policy: TSM-12, TRC-14"""
	told = text_of(page_of(desk.officer, escalated(desk).name, form))
	assert desk.headquarters in told
	assert desk.tsm_team not in told


def test_a_case_opened_by_hand_does_not_say_where_its_ticket_was(desk: frappe._dict) -> None:
	"""Policy: TSM-12"""
	ticket = make_ticket(group=desk.section)
	hd_ticket.set_team(ticket.name, desk.tsm_team)
	web.call(desk.supervisor, "core_helpdesk.tracing_api.open_by_hand", ticket=str(ticket.name))
	assert desk.tsm_team not in case_of(ticket).as_json()
