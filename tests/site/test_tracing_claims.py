"""A claim on its way: made from a case, approved by whom the amount asks for, handed over with everything, paid."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import flt, now

from core_helpdesk.domain.claims import ClaimState
from core_helpdesk.escalations import findings
from core_helpdesk.governance.carrying_out import NOT_CARRIED_OUT
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.setup import install
from core_helpdesk.tracing import claim_hand_over, claim_limit, claims
from tests.site import web
from tests.site.claim_desk import (
	API,
	CURRENCY,
	DOCTYPE,
	PAYMENT,
	REASON,
	add_member,
	by_button,
	by_rest,
	fresh,
	handed_over,
	make_claim,
	make_claims_desk,
	make_file,
	put_into,
)
from tests.site.factories import as_user, give_role, make_team
from tests.site.tracing_desk import make_case, pass_to, set_tracing

ABROAD = "United Arab Emirates"
REFUSALS = (frappe.PermissionError, frappe.ValidationError)


@pytest.fixture
def desk() -> frappe._dict:
	return make_claims_desk()


def team_of(claim: Any) -> str:
	return hd_ticket.facts(claim.ticket).team


def comments_on(claim: Any) -> list[frappe._dict]:
	fields = ["name", "content"]
	return frappe.get_all(
		"HD Ticket Comment", {"reference_ticket": claim.ticket}, fields, order_by="creation"
	)


# --- Making one


def test_a_claim_takes_what_its_case_knows(desk: frappe._dict) -> None:
	"""Policy: TRC-19"""
	case = make_case(desk, nature="Claim", claim_amount=750, claim_currency=CURRENCY, contents="A watch")
	claim = fresh(web.call(desk.officer, f"{API}.make_claim", case=case.name))
	assert (claim.tracing_case, claim.ticket, claim.workflow_state) == (case.name, case.ticket, flow.DRAFT)
	assert (claim.amount, claim.currency, claim.requested_by) == (750, CURRENCY, desk.officer)
	assert "left the airport" in claim.grounds
	assert [row.document for row in claim.documents if row.is_required] == [
		"Claim Form",
		"Invoice of the Contents",
	]
	assert (claim.team, claim.department) == (desk.headquarters, desk.department)


def test_only_officers_of_the_group_that_has_the_case_make_claims(desk: frappe._dict) -> None:
	case = make_case(desk)
	for user in (desk.abroad, desk.supervisor, desk.manager, desk.worker, desk.carer, "Administrator"):
		with pytest.raises(REFUSALS):
			make_claim(desk, case, by=user)
	pass_to(case, desk.groups[ABROAD])
	with pytest.raises(frappe.PermissionError, match="make claims"):
		make_claim(desk, case, by=desk.officer)
	assert make_claim(desk, case, by=desk.abroad).requested_by == desk.abroad


def test_claims_are_for_open_cases_and_one_at_a_time(desk: frappe._dict) -> None:
	case = make_case(desk)
	first = make_claim(desk, case)
	with pytest.raises(frappe.ValidationError, match=first.name):
		make_claim(desk, case)
	by_rest(desk.officer, first.name, flow.WITHDRAWN)
	frappe.db.set_value("Tracing Case", case.name, "status", "Closed")
	with pytest.raises(frappe.ValidationError, match="open cases only"):
		make_claim(desk, case)


@pytest.mark.parametrize("amount", [0, -5, "nan", "inf", None, "x"])
def test_an_amount_is_greater_than_zero(desk: frappe._dict, amount: object) -> None:
	values = {"currency": CURRENCY, "grounds": "Lost", "tracing_case": make_case(desk).name}
	with pytest.raises((frappe.ValidationError, ValueError)):
		web.post(desk.officer, f"{web.RESOURCE}/{DOCTYPE}", amount=amount, **values)


def test_a_claim_begins_as_a_draft_whatever_is_sent(desk: frappe._dict) -> None:
	case = make_case(desk)
	forged = {
		"requested_by": desk.colleague,
		"owner": desk.colleague,
		"supervisor": desk.supervisor,
		"approved_by": desk.manager,
		"approved_on": now(),
		"handed_over_on": now(),
		"decision_reason": "Approved by phone",
		"ticket": "1",
		**PAYMENT,
	}
	claim = make_claim(desk, case, **forged)
	assert (claim.requested_by, claim.owner, claim.ticket) == (desk.officer, desk.officer, case.ticket)
	left = [
		field for field in forged if claim.get(field) and field not in ("requested_by", "owner", "ticket")
	]
	assert not left
	by_rest(desk.officer, claim.name, flow.WITHDRAWN)
	with pytest.raises(REFUSALS):
		make_claim(desk, case, workflow_state=flow.APPROVED)


def test_a_claim_is_submitted_once_its_papers_have_come(desk: frappe._dict) -> None:
	claim = make_claim(desk)
	with as_user(desk.officer):
		claim.documents[0].is_received = 0
		claim.save()
	with pytest.raises(frappe.ValidationError, match="Claim Form"):
		by_rest(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	seen = web.get(desk.officer, f"{web.METHOD}/{API}.look_at", claim=claim.name)
	assert seen["missing"] == ["Claim Form"] and seen["may_write"]


# --- Approval


def test_a_supervisor_approves_up_to_the_limit_and_everything_goes_to_customer_care(
	desk: frappe._dict,
) -> None:
	"""Policy: TRC-19"""
	case = make_case(desk)
	on_case = make_file(desk.officer, attached_to_doctype="Tracing Case", attached_to_name=case.name)
	claim = make_claim(desk, case, amount=1000)
	paper = make_file(desk.officer)
	with as_user(desk.officer):
		claim.documents[0].file = paper.file_url
		claim.save()
	by_button(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	by_button(desk.supervisor, claim.name, flow.APPROVED)
	claim = fresh(claim)
	assert (claim.workflow_state, claim.supervisor, claim.approved_by) == (
		flow.HANDED_OVER,
		desk.supervisor,
		desk.supervisor,
	)
	assert claim.approved_on and claim.handed_over_on
	assert team_of(claim) == desk.care_team
	(comment,) = [found for found in comments_on(claim) if claim.name in found.content]
	assert "1,000" in comment.content and "The parcel is lost." in comment.content
	assert not frappe.db.exists("File", {"attached_to_name": comment.name})
	attached = {"attached_to_doctype": "Tracing Claim", "attached_to_name": claim.name}
	files = frappe.get_all("File", attached, ["file_url", "is_private"])
	assert {file.file_url for file in files} == {on_case.file_url, paper.file_url}
	assert all(file.is_private for file in files)
	assert not frappe.db.exists("File", {"attached_to_doctype": "HD Ticket"})
	leg = frappe.get_doc("Tracing Case", case.name).legs[-1]
	assert (leg.team, leg.passed_by, leg.from_team) == (desk.care_team, desk.supervisor, desk.headquarters)
	assert claim.name in leg.reason


def test_a_public_file_that_a_case_has_from_before_stops_no_approval(desk: frappe._dict) -> None:
	"""Policy: TRC-19"""
	case = make_case(desk)
	old = make_file(desk.officer, private=False)
	frappe.db.set_value(
		"File", old.name, {"attached_to_doctype": "Tracing Case", "attached_to_name": case.name}
	)
	claim = handed_over(desk, case)
	assert claim.workflow_state == flow.HANDED_OVER
	attached = {"attached_to_doctype": "Tracing Claim", "attached_to_name": claim.name}
	assert frappe.get_all("File", attached, pluck="file_url") == [old.file_url]


def test_above_the_limit_the_manager_decides_after_the_supervisor(desk: frappe._dict) -> None:
	claim = make_claim(desk, amount=1000.01)
	by_button(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	with pytest.raises(REFUSALS):
		by_rest(desk.supervisor, claim.name, flow.APPROVED)
	by_button(desk.supervisor, claim.name, flow.MANAGER_APPROVAL)
	assert (fresh(claim).workflow_state, fresh(claim).approved_on) == (flow.MANAGER_APPROVAL, None)
	assert team_of(claim) == desk.headquarters
	by_button(desk.manager, claim.name, flow.APPROVED)
	claim = fresh(claim)
	assert (claim.workflow_state, claim.supervisor, claim.approved_by) == (
		flow.HANDED_OVER,
		desk.supervisor,
		desk.manager,
	)


def test_who_approved_first_does_not_decide_as_manager(desk: frappe._dict) -> None:
	give_role(desk.manager, "Support Supervisor")
	claim = make_claim(desk, amount=5000)
	by_button(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	by_button(desk.manager, claim.name, flow.MANAGER_APPROVAL)
	for way in (by_rest, by_button):
		with pytest.raises(REFUSALS):
			way(desk.manager, claim.name, flow.APPROVED)
	assert fresh(claim).workflow_state == flow.MANAGER_APPROVAL


def test_a_claim_within_the_limit_does_not_wait_for_the_manager(desk: frappe._dict) -> None:
	claim = put_into(desk, make_claim(desk), flow.SUPERVISOR_APPROVAL)
	with pytest.raises(REFUSALS):
		by_rest(desk.supervisor, claim.name, flow.MANAGER_APPROVAL)


def test_the_deputy_decides_while_the_manager_is_away(desk: frappe._dict) -> None:
	claim = put_into(desk, make_claim(desk, amount=5000), flow.MANAGER_APPROVAL)
	give_role(desk.qa, "Customer Service Manager")
	with pytest.raises(REFUSALS):
		by_rest(desk.qa, claim.name, flow.APPROVED)
	away = {"customer_service_manager_deputy": desk.qa, "customer_service_manager_absent_from": "2020-01-01"}
	frappe.db.set_single_value("Core Helpdesk Settings", away)
	frappe.clear_document_cache("Core Helpdesk Settings", "Core Helpdesk Settings")
	by_rest(desk.qa, claim.name, flow.APPROVED)
	assert fresh(claim).approved_by == desk.qa


def test_without_a_limit_every_claim_is_the_managers(desk: frappe._dict) -> None:
	set_tracing(claim_limit=0)
	claim = make_claim(desk, amount=1)
	assert claim.needs_manager_approval


def test_an_amount_in_another_currency_is_converted_where_the_site_knows_how(desk: frappe._dict) -> None:
	frappe.db.set_value("Currency", "USD", "enabled", 1)
	claim = make_claim(desk, amount=100, currency="USD")
	assert claim.needs_manager_approval and not flt(claim.limit_amount)
	# As ERPNext keeps them; a table for this connection alone ends no transaction.
	columns = "date date, from_currency varchar(140), to_currency varchar(140), exchange_rate decimal(21,9)"
	frappe.db._cursor.execute(f"create temporary table `tab{claim_limit.EXCHANGE}` ({columns})")
	try:
		frappe.db.sql("insert into `tabDocType` (name) values (%s)", claim_limit.EXCHANGE)
		rows = [("2026-01-01", 50), ("2025-01-01", 3.75), ("2099-01-01", 1)]
		for day, exchange_rate in rows:
			frappe.db.sql(
				f"insert into `tab{claim_limit.EXCHANGE}` values (%s, 'USD', %s, %s)",
				(day, CURRENCY, exchange_rate),
			)
		assert claim_limit.in_limits_currency(claim) == 5000
		assert claim.needs_manager_approval
		frappe.db.sql(f"delete from `tab{claim_limit.EXCHANGE}` where date = '2026-01-01'")
		with as_user(desk.officer):
			claim.save()
		assert (claim.limit_amount, claim.limit_currency) == (375, CURRENCY)
		assert not fresh(claim).needs_manager_approval
	finally:
		frappe.db._cursor.execute(f"drop temporary table `tab{claim_limit.EXCHANGE}`")


def test_what_is_returned_is_the_officers_again_with_the_reason(desk: frappe._dict) -> None:
	claim = make_claim(desk, amount=5000)
	by_button(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	by_button(desk.supervisor, claim.name, flow.MANAGER_APPROVAL)
	by_button(desk.manager, claim.name, flow.DRAFT)
	claim = fresh(claim)
	assert (claim.workflow_state, claim.supervisor, claim.decision_reason) == (flow.DRAFT, None, REASON)
	web.put(desk.officer, f"{web.RESOURCE}/{DOCTYPE}/{claim.name}", amount=900)
	by_button(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	assert not fresh(claim).decision_reason
	by_button(desk.supervisor, claim.name, flow.APPROVED)
	assert fresh(claim).workflow_state == flow.HANDED_OVER


def test_a_refusal_says_why_in_the_words_of_who_refuses(desk: frappe._dict) -> None:
	claim = put_into(desk, make_claim(desk), flow.SUPERVISOR_APPROVAL)
	path = f"{web.RESOURCE}/{DOCTYPE}/{claim.name}"
	for reason in ("", "  ", "..."):
		with pytest.raises(frappe.ValidationError, match="write it first"):
			web.put(desk.supervisor, path, workflow_state=flow.REFUSED, decision_reason=reason)
	with pytest.raises(frappe.PermissionError):
		web.put(desk.colleague, path, decision_reason="Refused, says a colleague")
	assert not fresh(claim).refused_on
	by_rest(desk.supervisor, claim.name, flow.REFUSED)
	assert (fresh(claim).decision_reason, fresh(claim).reason_by) == (REASON, desk.supervisor)
	assert fresh(claim).refused_on


# --- Hand-over that has to wait


def test_without_a_customer_care_group_it_is_approved_and_handed_over_later() -> None:
	desk = make_claims_desk(care=False)
	claim = handed_over(desk)
	assert (claim.workflow_state, team_of(claim)) == (flow.APPROVED, desk.headquarters)
	(found,) = findings.open_of([NOT_CARRIED_OUT], reference_name=claim.name)
	details, remedy = frappe.db.get_value(findings.DOCTYPE, found.name, ["details", "remedy"])
	assert "no Customer Care group" in details and "Tracing Settings" in remedy
	frappe.db.commit()
	assert claim_hand_over.hand_over_waiting() == []
	assert len(findings.open_of([NOT_CARRIED_OUT], reference_name=claim.name)) == 1
	set_tracing(customer_care_team=desk.care_team)
	assert claim_hand_over.hand_over_waiting() == [claim.name]
	claim = fresh(claim)
	assert (claim.workflow_state, team_of(claim)) == (flow.HANDED_OVER, desk.care_team)
	assert not findings.open_of([NOT_CARRIED_OUT], reference_name=claim.name)
	assert claim_hand_over.hand_over_waiting() == []


def test_a_hand_over_that_fails_leaves_the_approval_and_nothing_of_itself(desk: frappe._dict) -> None:
	claim = put_into(desk, make_claim(desk), flow.SUPERVISOR_APPROVAL)
	# The host refuses to save a ticket whose type is gone.
	frappe.db.set_value("HD Ticket", claim.ticket, "ticket_type", "Gone")
	by_rest(desk.supervisor, claim.name, flow.APPROVED)
	assert (fresh(claim).workflow_state, team_of(claim)) == (flow.APPROVED, desk.headquarters)
	assert not comments_on(claim)
	assert findings.open_of([NOT_CARRIED_OUT], reference_name=claim.name)
	frappe.db.set_value("HD Ticket", claim.ticket, "ticket_type", None)
	frappe.db.commit()
	assert claim_hand_over.hand_over_waiting() == [claim.name]


def test_a_claim_whose_ticket_is_gone_is_customer_cares_all_the_same(desk: frappe._dict) -> None:
	claim = put_into(desk, make_claim(desk), flow.SUPERVISOR_APPROVAL)
	frappe.delete_doc("HD Ticket", claim.ticket, force=True)
	by_rest(desk.supervisor, claim.name, flow.APPROVED)
	assert fresh(claim).workflow_state == flow.HANDED_OVER
	assert web.get(desk.carer, f"{web.RESOURCE}/{DOCTYPE}/{claim.name}")["name"] == claim.name


def test_nobody_hands_over_by_hand(desk: frappe._dict) -> None:
	claim = put_into(desk, make_claim(desk), flow.APPROVED)
	for user in (desk.officer, desk.supervisor, desk.manager, desk.carer, "Administrator"):
		with pytest.raises(REFUSALS):
			by_rest(user, claim.name, flow.HANDED_OVER)


# --- Payment


def test_customer_care_pays_with_day_and_reference(desk: frappe._dict) -> None:
	claim = handed_over(desk)
	path = f"{web.RESOURCE}/{DOCTYPE}/{claim.name}"
	with pytest.raises(REFUSALS, match="Paid On"):
		web.put(desk.carer, path, workflow_state=flow.PAID)
	with pytest.raises(frappe.ValidationError, match="future"):
		web.put(desk.carer, path, workflow_state=flow.PAID, paid_on="2099-01-01", payment_reference="TT 1")
	for user in (desk.officer, desk.supervisor, desk.manager):
		with pytest.raises(REFUSALS):
			web.put(user, path, **PAYMENT)
	by_button(desk.carer, claim.name, flow.PAID)
	assert not claim.paid_recorded_on
	claim = fresh(claim)
	assert claim.paid_recorded_on
	assert (claim.workflow_state, str(claim.paid_on), claim.payment_reference) == (
		flow.PAID,
		*PAYMENT.values(),
	)


def test_nobody_pays_their_own_claim(desk: frappe._dict) -> None:
	add_member(desk.care_team, desk.officer)
	give_role(desk.officer, "Customer Care Agent")
	claim = handed_over(desk)
	with pytest.raises(REFUSALS):
		by_rest(desk.officer, claim.name, flow.PAID)


def test_another_group_of_agents_pays_nothing(desk: frappe._dict) -> None:
	claim = handed_over(desk)
	make_team(agents=(desk.worker,))
	give_role(desk.worker, "Customer Care Agent")
	with pytest.raises(REFUSALS):
		by_rest(desk.worker, claim.name, flow.PAID)


# --- What is told


def test_each_is_told_whose_turn_it_is(desk: frappe._dict) -> None:
	claim = handed_over(desk)
	by_button(desk.carer, claim.name, flow.PAID)

	def told(user: str) -> list[str]:
		named = {"for_user": user, "document_type": DOCTYPE, "document_name": claim.name}
		return frappe.get_all("Notification Log", named, pluck="subject", order_by="creation")

	assert [text.split(":")[0] for text in told(desk.supervisor)] == ["A claim waits for your approval"]
	assert "handed over to Customer Care" in told(desk.carer)[0]
	assert [text.split(":")[0] for text in told(desk.officer)] == [
		"Your claim was approved",
		"Your claim was paid",
	]


# --- The workflow as setup makes it


def test_the_workflow_offers_every_legal_step_and_no_other() -> None:
	workflow = frappe.get_doc("Workflow", flow.NAME)
	offered = {(row.state, row.next_state, row.action) for row in workflow.transitions}
	assert offered == {(*states, move.action) for states, move in claims.MOVES.items()}
	assert all(claims.is_legal(*states) for states in claims.MOVES)
	assert [row.state for row in workflow.states] == [state.value for state in ClaimState]
	assert (workflow.is_active, workflow.send_email_alert, workflow.override_status) == (1, 0, 0)
	own = {row.action for row in workflow.transitions if row.allow_self_approval}
	assert own == {flow.SUBMIT, flow.WITHDRAW}


def test_what_an_admin_changed_in_the_workflow_survives_a_migrate() -> None:
	workflow = frappe.get_doc("Workflow", flow.NAME)
	workflow.transitions[0].condition = "doc.amount < 5"
	workflow.save()
	install.after_migrate()
	assert frappe.get_doc("Workflow", flow.NAME).transitions[0].condition == "doc.amount < 5"
	frappe.delete_doc("Workflow", flow.NAME)
	install.after_migrate()
	assert not frappe.db.exists("Workflow", {"document_type": DOCTYPE})
