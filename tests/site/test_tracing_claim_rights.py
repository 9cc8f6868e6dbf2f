"""Nobody brings a claim into a state that is not theirs to set, by no way; nor sees one, or its case, through it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import frappe
import pytest

from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.tracing import claims
from tests.site import claim_desk, web
from tests.site.claim_desk import (
	DOCTYPE,
	WAYS,
	by_button,
	by_rest,
	fresh,
	make_claim,
	make_claims_desk,
	make_file,
	people,
	put_into,
)
from tests.site.factories import as_user, give_role, make_agent
from tests.site.tracing_desk import make_case, pass_to

REFUSALS = (frappe.PermissionError, frappe.ValidationError)
TRY = "one_try"
PATH = f"{web.RESOURCE}/{DOCTYPE}"
# Who may take a claim of the officer's from where to where; written out here, and not read from the app.
OFFICERS = {(flow.DRAFT, flow.SUPERVISOR_APPROVAL)} | {
	(state, flow.WITHDRAWN)
	for state in (flow.DRAFT, flow.SUPERVISOR_APPROVAL, flow.MANAGER_APPROVAL, flow.APPROVED)
}
ALLOWED = {
	"officer": OFFICERS,
	"supervisor": {
		(flow.SUPERVISOR_APPROVAL, flow.APPROVED),
		(flow.SUPERVISOR_APPROVAL, flow.REFUSED),
		(flow.SUPERVISOR_APPROVAL, flow.DRAFT),
		*(step for step in OFFICERS if step[1] == flow.WITHDRAWN),
	},
	"manager": {
		(flow.MANAGER_APPROVAL, flow.APPROVED),
		(flow.MANAGER_APPROVAL, flow.REFUSED),
		(flow.MANAGER_APPROVAL, flow.DRAFT),
	},
	"carer": {(flow.HANDED_OVER, flow.PAID), (flow.HANDED_OVER, flow.REFUSED)},
}


@pytest.fixture
def desk() -> frappe._dict:
	return make_claims_desk()


def tried(way: Any, user: str, claim: Any, wanted: str) -> bool:
	"""Whether the step was taken; undone afterwards."""
	before = frappe.db.get_value(DOCTYPE, claim.name, "workflow_state")
	frappe.db.savepoint(TRY)
	with suppress(*REFUSALS):
		way(user, claim.name, wanted)
	came = frappe.db.get_value(DOCTYPE, claim.name, "workflow_state")
	frappe.db.rollback(save_point=TRY)
	frappe.local.message_log = []
	# Approved is handed over at once.
	return came != before and came == (flow.HANDED_OVER if wanted == flow.APPROVED else wanted)


@pytest.mark.parametrize("state", flow.STATES)
def test_every_person_and_every_state_by_rest(desk: frappe._dict, state: str) -> None:
	"""Policy: TRC-19"""
	claim = put_into(desk, make_claim(desk), state)
	for name, user in people(desk).items():
		for wanted in flow.STATES:
			if wanted != state:
				expected = (state, wanted) in ALLOWED.get(name, set())
				assert tried(by_rest, user, claim, wanted) == expected, (name, state, wanted)


# Those commit what succeeds; what they must refuse is tried by a person of every role.
@pytest.mark.parametrize("way", WAYS)
def test_by_every_way_only_who_may_decides(desk: frappe._dict, way: str) -> None:
	claim = put_into(desk, make_claim(desk), flow.SUPERVISOR_APPROVAL)
	take = WAYS[way]
	for user in people(desk).values():
		if user == desk.supervisor:
			continue
		for wanted in (flow.APPROVED, flow.REFUSED, flow.DRAFT, flow.PAID, flow.HANDED_OVER):
			frappe.db.savepoint("soft_commit")
			try:
				take(user, claim.name, wanted)
			except REFUSALS:
				frappe.db.rollback(save_point="soft_commit")
			assert fresh(claim).workflow_state == flow.SUPERVISOR_APPROVAL, (user, wanted)
	take(desk.supervisor, claim.name, flow.APPROVED)
	assert fresh(claim).workflow_state == flow.HANDED_OVER


@pytest.mark.parametrize("way", WAYS)
def test_by_no_way_does_anybody_decide_on_their_own(desk: frappe._dict, way: str) -> None:
	"""Policy: TRC-19"""
	for role in ("Support Supervisor", "Customer Service Manager", "System Manager"):
		give_role(desk.officer, role)
	frappe.db.set_single_value("Core Helpdesk Settings", {"customer_service_manager": desk.officer})
	frappe.clear_document_cache("Core Helpdesk Settings", "Core Helpdesk Settings")
	claim = make_claim(desk)
	for state in (flow.SUPERVISOR_APPROVAL, flow.MANAGER_APPROVAL):
		put_into(desk, claim, state)
		for wanted in (flow.APPROVED, flow.REFUSED):
			frappe.db.savepoint("soft_commit")
			try:
				WAYS[way](desk.officer, claim.name, wanted)
			except REFUSALS:
				frappe.db.rollback(save_point="soft_commit")
			assert fresh(claim).workflow_state == state


def test_an_admins_own_workflow_opens_no_way_past(desk: frappe._dict) -> None:
	workflow = frappe.get_doc("Workflow", flow.NAME)
	for before, after in ((flow.DRAFT, flow.APPROVED), (flow.DRAFT, flow.PAID), (flow.REFUSED, flow.DRAFT)):
		step = {"state": before, "action": flow.APPROVE, "next_state": after, "allowed": "All"}
		workflow.append("transitions", {**step, "allow_self_approval": 1})
	workflow.save()
	claim = make_claim(desk)
	for user in (desk.officer, desk.supervisor, desk.manager):
		for wanted in (flow.APPROVED, flow.PAID):
			assert not tried(by_rest, user, claim, wanted)
	put_into(desk, claim, flow.REFUSED)
	assert not tried(by_rest, desk.supervisor, claim, flow.DRAFT)


def test_without_its_workflow_the_rules_are_the_same(desk: frappe._dict) -> None:
	claim = put_into(desk, make_claim(desk), flow.SUPERVISOR_APPROVAL)
	frappe.delete_doc("Workflow", flow.NAME)
	# The framework keeps the name of the one that is gone.
	frappe.cache.delete_key("workflow")
	assert not tried(by_rest, desk.officer, claim, flow.APPROVED)
	assert tried(by_rest, desk.supervisor, claim, flow.APPROVED)


# --- What is written


@pytest.mark.parametrize("field", ["amount", "currency", "grounds", "documents"])
def test_what_is_claimed_is_its_makers_and_fixed_once_submitted(desk: frappe._dict, field: str) -> None:
	other = {"amount": 900, "currency": "USD", "grounds": "Stolen", "documents": [{"document": "A letter"}]}
	claim = make_claim(desk)
	for user in (desk.colleague, desk.supervisor, desk.manager):
		with pytest.raises(frappe.PermissionError):
			web.put(user, f"{PATH}/{claim.name}", **{field: other[field]})
	frappe.db.set_value("Currency", "USD", "enabled", 1)
	web.put(desk.officer, f"{PATH}/{claim.name}", **{field: other[field]})
	put_into(desk, claim, flow.SUPERVISOR_APPROVAL)
	changed = {"amount": 901, "currency": "EUR", "grounds": "Burnt", "documents": []}
	for user in (desk.officer, desk.supervisor):
		with pytest.raises(frappe.PermissionError, match="is fixed"):
			web.put(user, f"{PATH}/{claim.name}", **{field: changed[field]})


def test_a_row_of_papers_changes_with_its_claim_only(desk: frappe._dict) -> None:
	claim = put_into(desk, make_claim(desk), flow.SUPERVISOR_APPROVAL)
	row = claim.documents[0].name
	for user in (desk.officer, desk.supervisor):
		with pytest.raises(REFUSALS):
			web.put(user, f"{web.RESOURCE}/Tracing Document/{row}", note="Changed")
	assert not frappe.db.get_value("Tracing Document", row, "note")


def test_what_the_app_writes_stays(desk: frappe._dict) -> None:
	claim = make_claim(desk)
	forged = {"requested_by": desk.colleague, "owner": desk.colleague, "supervisor": desk.supervisor}
	forged |= dict.fromkeys(("approved_on", "refused_on", "paid_recorded_on"), "2026-01-01 00:00:00")
	forged |= {"ticket": "1", "team": desk.care_team, "limit_amount": 1}
	web.put(desk.officer, f"{PATH}/{claim.name}", **forged)
	after = fresh(claim)
	assert {field: after.get(field) for field in forged} == {field: claim.get(field) for field in forged}


def test_who_moved_on_with_the_case_writes_no_more(desk: frappe._dict) -> None:
	case = make_case(desk)
	claim = make_claim(desk, case)
	pass_to(case, desk.groups["United Arab Emirates"])
	assert not tried(by_rest, desk.officer, claim, flow.SUPERVISOR_APPROVAL)
	assert tried(by_rest, desk.officer, claim, flow.WITHDRAWN)


def test_a_claim_is_withdrawn_and_never_deleted(desk: frappe._dict) -> None:
	claim = make_claim(desk)
	for user in (desk.officer, desk.supervisor, "Administrator"):
		with as_user(user), pytest.raises(frappe.PermissionError):
			frappe.delete_doc(DOCTYPE, claim.name)


# --- Files


def test_nobody_gives_a_file_that_is_not_theirs_to_read(desk: frappe._dict) -> None:
	stranger = make_agent()
	secret = make_file(stranger)
	claim = make_claim(desk)
	rows = [{"document": "Invoice", "file": secret.file_url}]
	with pytest.raises(frappe.ValidationError, match="no such file"):
		web.put(desk.officer, f"{PATH}/{claim.name}", documents=rows)
	public = make_file(desk.officer, private=False)
	for address in (public.file_url, "https://example.com/x.pdf", "/private/files/../../site_config.json"):
		with pytest.raises(REFUSALS):
			web.put(
				desk.officer, f"{PATH}/{claim.name}", documents=[{"document": "Invoice", "file": address}]
			)


def test_files_are_as_open_as_the_claim(desk: frappe._dict) -> None:
	case = make_case(desk, customer="customer-of-files@example.com")
	claim = make_claim(desk, case)
	paper = make_file(desk.officer)
	web.put(desk.officer, f"{PATH}/{claim.name}", documents=[{"document": "Invoice", "file": paper.file_url}])

	def may_open(user: str) -> bool:
		names = frappe.get_all("File", {"file_url": paper.file_url}, pluck="name")
		return any(frappe.has_permission("File", "read", doc=name, user=user) for name in names)

	assert may_open(desk.supervisor) and not may_open(desk.abroad) and not may_open(desk.carer)
	claim = put_into(desk, claim, flow.SUPERVISOR_APPROVAL)
	by_button(desk.supervisor, claim.name, flow.APPROVED)
	customer = frappe.get_doc(
		{"doctype": "User", "email": "customer-of-files@example.com", "first_name": "C"}
	)
	customer.flags.no_welcome_mail = True
	customer.insert()
	assert may_open(desk.carer)
	assert not may_open(customer.name)
	assert not may_open(make_agent())


# --- Reading


def reads(user: str, claim: Any) -> bool:
	listed = [row["name"] for row in web.get(user, PATH)] if can_list(user) else []
	try:
		opened = web.get(user, f"{PATH}/{claim.name}")["name"] == claim.name
	except frappe.PermissionError:
		opened = False
	assert (claim.name in listed) == opened, user
	return opened


def can_list(user: str) -> bool:
	return bool(frappe.has_permission(DOCTYPE, "read", user=user))


def test_a_claim_is_read_by_who_reads_its_case_and_later_by_customer_care(desk: frappe._dict) -> None:
	case = make_case(desk)
	claim = make_claim(desk, case)
	seeing = {name for name, user in people(desk).items() if reads(user, claim)}
	assert seeing == {"officer", "colleague", "supervisor", "manager", "qa", "administrator"}
	put_into(desk, claim, flow.APPROVED)
	seeing = {name for name, user in people(desk).items() if reads(user, claim)}
	assert seeing == {"officer", "colleague", "supervisor", "manager", "qa", "administrator", "carer"}


def test_papers_and_workflow_actions_say_nothing_of_claims_that_one_may_not_read(desk: frappe._dict) -> None:
	case = make_case(desk)
	claim = make_claim(desk, case)
	by_rest(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	give_role(desk.abroad, "Customer Care Agent")
	row = claim.documents[0].name

	def papers(user: str) -> list[str]:
		with as_user(user):
			return frappe.get_list("Tracing Document", parent_doctype=DOCTYPE, pluck="name", limit=0)

	def actions(user: str) -> list[str]:
		with as_user(user):
			return frappe.get_list("Workflow Action", pluck="reference_name", limit=0)

	assert row in papers(desk.officer) and row not in papers(desk.abroad)
	# The framework opens one for a role, whoever holds it: here for all officers.
	action = frappe.get_doc("Workflow Action", {"reference_name": claim.name, "workflow_state": flow.DRAFT})
	action.update({"status": "Open"})
	action.save(ignore_permissions=True)
	assert [row.role for row in action.permitted_roles] == ["Tracing Officer"]
	assert claim.name in actions(desk.colleague)
	assert claim.name not in actions(desk.abroad)
	with pytest.raises(frappe.PermissionError):
		web.get(desk.abroad, f"{web.RESOURCE}/Workflow Action/{action.name}")
	with pytest.raises(frappe.PermissionError):
		web.get(desk.abroad, f"{web.METHOD}/core_helpdesk.claim_api.look_at", claim=claim.name)


def test_another_case_written_into_a_claim_shows_nothing_of_it(desk: frappe._dict) -> None:
	"""Judged by the stored claim."""
	secret = make_case(desk, shipper_name="Secret Sender")
	case = pass_to(make_case(desk), desk.groups["United Arab Emirates"])
	claim = make_claim(desk, case, by=desk.abroad)
	with pytest.raises(REFUSALS):
		web.put(desk.abroad, f"{PATH}/{claim.name}", tracing_case=secret.name)
	with pytest.raises(REFUSALS):
		web.put(desk.officer, f"{PATH}/{claim.name}", tracing_case=secret.name)
	assert fresh(claim).tracing_case == case.name
	altered = {**claim.as_dict(), "tracing_case": secret.name}
	draft = {"doctype": DOCTYPE, "name": "new-tracing-claim-1", "__islocal": 1, "tracing_case": secret.name}
	for document in (altered, draft):
		shown = printed(desk.abroad, document)
		assert secret.name not in shown and "Secret Sender" not in shown
	for name in ("draft_of", "make_claim"):
		with pytest.raises(frappe.PermissionError):
			web.call(desk.abroad, f"core_helpdesk.claim_api.{name}", case=secret.name)
	foreign = make_claim(desk, secret)
	assert not printed(desk.abroad, {**foreign.as_dict(), "tracing_case": case.name})


def printed(user: str, document: dict[str, Any]) -> str:
	"""What the framework prints of a document that is sent along; empty where it refuses."""
	try:
		found = web.call(user, "frappe.www.printview.get_html_and_style", doc=frappe.as_json(document))
	except (frappe.PermissionError, frappe.DoesNotExistError):
		return ""
	return json.dumps(found)


def test_administrator_takes_no_step(desk: frappe._dict) -> None:
	claim = put_into(desk, make_claim(desk), flow.SUPERVISOR_APPROVAL)
	for way in claim_desk.WAYS.values():
		frappe.db.savepoint("soft_commit")
		try:
			way("Administrator", claim.name, flow.APPROVED)
		except REFUSALS:
			frappe.db.rollback(save_point="soft_commit")
		assert claims.state_of(fresh(claim)) == flow.SUPERVISOR_APPROVAL
