"""Who may take which step of a request: as each person, by form, by button and by REST; and nobody their own."""

import frappe
import pytest

from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance import requests
from core_helpdesk.setup import workflows as flow
from tests.site import courier as couriers
from tests.site import request_desk, sessions, web
from tests.site.factories import as_user, give_role, make_user
from tests.site.request_desk import (
	DOCTYPE,
	REASON,
	WAYS,
	Desk,
	by_button,
	by_form,
	fresh,
	make_request,
	open_desk,
	put_into,
)

REFUSALS = (frappe.PermissionError, frappe.ValidationError)
REVIEWERS = {"qa", "other_qa"}
# The step, the state it is taken from, the kind of the request, and who may take it with a request of the head's.
STEPS = [
	(flow.SUBMIT, flow.DRAFT, kinds.CHANGE_GROUP, {"head"}),
	(flow.WITHDRAW, flow.DRAFT, kinds.CHANGE_GROUP, {"head"}),
	(flow.ASK, flow.REVIEW, kinds.CHANGE_GROUP, REVIEWERS),
	(flow.APPROVE, flow.REVIEW, kinds.CHANGE_GROUP, REVIEWERS),
	(flow.APPROVE, flow.REVIEW, kinds.NEW_CATEGORY, set()),
	(flow.SEND, flow.REVIEW, kinds.CHANGE_GROUP, set()),
	(flow.SEND, flow.REVIEW, kinds.NEW_CATEGORY, REVIEWERS),
	(flow.REJECT, flow.REVIEW, kinds.CHANGE_GROUP, REVIEWERS),
	(flow.WITHDRAW, flow.REVIEW, kinds.CHANGE_GROUP, {"head"}),
	(flow.RESUBMIT, flow.NEEDS_INFORMATION, kinds.CHANGE_GROUP, {"head"}),
	(flow.WITHDRAW, flow.NEEDS_INFORMATION, kinds.CHANGE_GROUP, {"head"}),
	(flow.APPROVE, flow.MANAGER_APPROVAL, kinds.NEW_CATEGORY, {"manager"}),
	(flow.RETURN, flow.MANAGER_APPROVAL, kinds.NEW_CATEGORY, {"manager"}),
	(flow.REJECT, flow.MANAGER_APPROVAL, kinds.NEW_CATEGORY, {"manager"}),
	(flow.IMPLEMENT, flow.APPROVED, kinds.CHANGE_GROUP, REVIEWERS),
]


def takers(desk: Desk, name: str, action: str, way: str) -> set[str]:
	"""Everybody for whom the step succeeds, each tried from the same state."""
	found = set()
	for who, user in desk.people().items():
		frappe.db.savepoint("one_try")
		try:
			WAYS[way](user, name, action)
		except REFUSALS:
			pass
		else:
			assert fresh(name).workflow_state == request_desk.NEXT[action]
			found.add(who)
		frappe.set_user("Administrator")
		frappe.db.rollback(save_point="one_try")
		sessions.clear_caches()
	return found


@pytest.mark.parametrize("way", WAYS)
def test_each_step_is_taken_by_those_who_may_and_by_nobody_else(way: str) -> None:
	desk = open_desk(mode="Off")
	found = {}
	for action, state, kind, _expected in STEPS:
		request = put_into(make_request(desk, kind), state)
		found[action, state, kind] = takers(desk, request.name, action, way)
	assert found == {(action, state, kind): expected for action, state, kind, expected in STEPS}


def test_every_other_change_of_state_is_refused_to_everybody() -> None:
	desk = open_desk(mode="Off")
	legal = set(requests.MOVES)
	for state in flow.STATES:
		request = put_into(make_request(desk), state)
		for target in (*flow.STATES, "Active"):
			if target == state or (state, target) in legal:
				continue
			for user in (desk.head, desk.qa, desk.manager, "Administrator"):
				with as_user(user), pytest.raises(REFUSALS):
					tried = fresh(request)
					tried.update({"workflow_state": target, "decision_reason": REASON, "needs": REASON})
					tried.save()
		assert fresh(request).workflow_state == state


def test_nobody_decides_on_their_own_request() -> None:
	"""Policy: CORE-05"""
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk, by=desk.qa), flow.REVIEW)
	for way in WAYS.values():
		for action in (flow.APPROVE, flow.REJECT, flow.ASK):
			with pytest.raises(REFUSALS):
				way(desk.qa, request.name, action)
	by_button(desk.other_qa, request.name, flow.APPROVE)
	with pytest.raises(REFUSALS):
		by_form(desk.qa, request.name, flow.IMPLEMENT)
	assert fresh(request).workflow_state == flow.APPROVED


def test_who_submitted_it_for_another_does_not_decide_either() -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk, by=desk.qa)
	give_role(desk.head, "QA Specialist")
	by_form(desk.head, request.name, flow.SUBMIT)
	with pytest.raises(frappe.PermissionError, match="other than who asked for it"):
		by_form(desk.head, request.name, flow.APPROVE)
	by_form(desk.other_qa, request.name, flow.APPROVE)
	assert fresh(request).workflow_state == flow.APPROVED


def test_a_manager_who_asks_does_not_approve_as_customer_service_manager() -> None:
	desk = open_desk(mode="Off")
	give_role(desk.head, "Customer Service Manager")
	couriers.set_settings(customer_service_manager=desk.head)
	request = put_into(make_request(desk, kinds.NEW_CATEGORY), flow.MANAGER_APPROVAL)
	for way in WAYS.values():
		with pytest.raises(REFUSALS):
			way(desk.head, request.name, flow.APPROVE)
	assert fresh(request).workflow_state == flow.MANAGER_APPROVAL


def test_the_list_approves_only_what_its_user_may() -> None:
	from frappe.model.workflow import bulk_workflow_approval

	desk = open_desk(mode="Off")
	own = put_into(make_request(desk, by=desk.qa), flow.REVIEW)
	other = put_into(make_request(desk), flow.REVIEW)
	frappe.db.commit()  # the list undoes a refused step to here
	with as_user(desk.qa):
		bulk_workflow_approval(frappe.as_json([own.name, other.name]), DOCTYPE, flow.APPROVE)
	assert [fresh(own).workflow_state, fresh(other).workflow_state] == [flow.REVIEW, flow.APPROVED]


def test_an_import_begins_with_a_draft_and_moves_nothing_that_its_user_may_not() -> None:
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk), flow.REVIEW)
	frappe.flags.in_import = True
	try:
		with pytest.raises(frappe.PermissionError):
			make_request(desk, workflow_state=flow.APPROVED)
		with as_user(desk.head), pytest.raises(REFUSALS):
			row = fresh(request)
			row.workflow_state = flow.APPROVED
			row.save()
	finally:
		frappe.flags.in_import = False
	assert fresh(request).workflow_state == flow.REVIEW


def test_a_workflow_that_an_admin_opened_wide_opens_nothing() -> None:
	desk = open_desk(mode="Off")
	workflow = frappe.get_doc("Workflow", flow.NAME)
	for state in (flow.DRAFT, flow.REVIEW):
		step = {"state": state, "action": flow.APPROVE, "next_state": flow.APPROVED, "allow_self_approval": 1}
		workflow.append("transitions", {**step, "allowed": "All"})
	workflow.save()
	for state in (flow.DRAFT, flow.REVIEW):
		request = put_into(make_request(desk), state)
		for user in (desk.head, desk.agent, "Administrator"):
			with pytest.raises(REFUSALS):
				by_form(user, request.name, flow.APPROVE)
	frappe.db.set_value("Workflow", flow.NAME, "is_active", 0)
	frappe.cache.hdel("workflow", DOCTYPE)
	with pytest.raises(frappe.PermissionError):
		by_form(desk.head, request.name, flow.APPROVE)
	by_form(desk.qa, request.name, flow.APPROVE)


@pytest.mark.parametrize("action", [flow.REJECT, flow.ASK, flow.WITHDRAW])
def test_a_step_that_needs_its_reason_is_not_taken_without(action: str) -> None:
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk), flow.REVIEW)
	user = desk.head if action == flow.WITHDRAW else desk.qa
	with pytest.raises(frappe.ValidationError, match="write it first"):
		web.put(user, f"{web.RESOURCE}/{DOCTYPE}/{request.name}", workflow_state=request_desk.NEXT[action])
	by_button(user, request.name, action)
	stored = fresh(request)
	assert stored.states[-1].note == REASON
	assert stored.workflow_state == request_desk.NEXT[action]


def test_the_reason_of_one_step_is_none_for_the_next() -> None:
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk, kinds.NEW_CATEGORY), flow.MANAGER_APPROVAL)
	by_button(desk.manager, request.name, flow.RETURN)
	assert (fresh(request).decision_reason, fresh(request).states[-1].note) == (REASON, REASON)
	by_button(desk.qa, request.name, flow.SEND)
	assert fresh(request).decision_reason is None
	path = f"{web.RESOURCE}/{DOCTYPE}/{request.name}"
	with pytest.raises(frappe.ValidationError, match="write it first"):
		web.put(desk.manager, path, workflow_state=flow.REJECTED)


def test_only_managers_of_the_department_and_qa_specialists_ask_for_groups() -> None:
	"""Policy: CORE-18"""
	desk = open_desk(mode="Off")
	manager_of_nothing = make_user("Department Manager")
	for user in (manager_of_nothing, desk.other_head, desk.head_abroad, desk.agent):
		request = make_request(desk, kinds.NEW_GROUP, by=user)
		for way in WAYS.values():
			with pytest.raises(REFUSALS):
				way(user, request.name, flow.SUBMIT)
		assert fresh(request).workflow_state == flow.DRAFT
	with pytest.raises(frappe.PermissionError):
		make_request(desk, kinds.NEW_GROUP, by=desk.outsider)


def test_a_draft_is_not_carried_into_a_department_of_others() -> None:
	"""Submitting goes by what is asked for, not by what the draft said before."""
	desk = open_desk(mode="Off")
	request = make_request(desk)
	with as_user(desk.head), pytest.raises(REFUSALS):
		request.team = desk.other_group
		request.workflow_state = flow.REVIEW
		request.save()
	assert fresh(request).workflow_state == flow.DRAFT


def test_the_deputy_submits_while_the_head_is_away() -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk)
	with pytest.raises(REFUSALS):
		by_form(desk.deputy, request.name, flow.SUBMIT)
	frappe.db.set_value("Department Head", {"head": desk.head}, {"absent_from": "2020-01-01"})
	by_form(desk.deputy, request.name, flow.SUBMIT)
	assert fresh(request).workflow_state == flow.REVIEW


def test_the_deputy_decides_while_the_customer_service_manager_is_away() -> None:
	desk = open_desk(mode="Off")
	deputy = make_user("Customer Service Manager")
	couriers.set_settings(customer_service_manager_deputy=deputy)
	request = put_into(make_request(desk, kinds.NEW_CATEGORY), flow.MANAGER_APPROVAL)
	with pytest.raises(REFUSALS):
		by_form(deputy, request.name, flow.APPROVE)
	couriers.set_settings(customer_service_manager_absent_from="2020-01-01")
	by_form(deputy, request.name, flow.APPROVE)
	assert fresh(request).workflow_state == flow.APPROVED


def test_the_departments_manager_adds_members_at_once() -> None:
	"""Policy: CORE-12"""
	desk = open_desk(mode="Off")
	request = make_request(desk, kinds.ADD_MEMBERS)
	by_button(desk.head, request.name, flow.SUBMIT)
	stored = fresh(request)
	assert stored.workflow_state == flow.IMPLEMENTED
	assert [row.state for row in stored.states] == [flow.DRAFT, flow.IMPLEMENTED]
	members = frappe.get_all("HD Team Member", {"parent": desk.home}, pluck="user")
	assert set(members) == {desk.agent, desk.courier.agent}
	assert any("added members" in text for text in request_desk.notices_to(desk.qa, request.name))


def test_nobody_else_adds_members_without_approval() -> None:
	"""Policy: CORE-10, CORE-12"""
	desk = open_desk(mode="Off")
	by_qa = make_request(desk, kinds.ADD_MEMBERS, by=desk.qa)
	by_form(desk.qa, by_qa.name, flow.SUBMIT)
	assert fresh(by_qa).workflow_state == flow.REVIEW
	foreign = make_request(desk, kinds.ADD_MEMBERS, by=desk.head, team=desk.other_group)
	with pytest.raises(REFUSALS):
		by_form(desk.head, foreign.name, flow.SUBMIT)
	removal = make_request(desk, kinds.REMOVE_MEMBERS)
	by_form(desk.head, removal.name, flow.SUBMIT)
	assert fresh(removal).workflow_state == flow.REVIEW


def test_where_the_group_retires_with_open_tickets_the_manager_decides() -> None:
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk, kinds.RETIRE_GROUP), flow.REVIEW)
	assert not fresh(request).needs_manager_approval
	ticket = request_desk.open_ticket(desk.home)
	assert fresh(request).needs_manager_approval
	for way in WAYS.values():
		with pytest.raises(REFUSALS):
			way(desk.qa, request.name, flow.APPROVE)
	by_button(desk.qa, request.name, flow.SEND)
	by_button(desk.manager, request.name, flow.APPROVE)
	assert "Open Tickets" in fresh(request).checks
	assert frappe.db.exists("HD Ticket", ticket)
