"""Nobody decides on what they wrote, nothing is done at once that its manager did not see, and no state opens a way past."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance import request_turns, requests
from core_helpdesk.setup import workflows as flow
from tests.site import request_desk as desks
from tests.site import web
from tests.site.factories import as_user, give_role, make_agent
from tests.site.request_desk import (
	DOCTYPE,
	REASON,
	by_button,
	by_form,
	by_rest,
	fresh,
	make_request,
	open_desk,
	put_into,
)

REFUSALS = (frappe.PermissionError, frappe.ValidationError)


def path_of(name: str) -> str:
	return f"{web.RESOURCE}/{DOCTYPE}/{name}"


def members_of(team: str) -> set[str]:
	return set(frappe.get_all("HD Team Member", {"parent": team}, pluck="user"))


# Who wrote it.


def test_who_changed_what_is_asked_for_does_not_decide_on_it() -> None:
	"""Policy: CORE-05"""
	desk = open_desk(mode="Off")
	give_role(desk.head, "QA Specialist")
	request = make_request(desk, by=desk.qa)
	web.put(desk.head, path_of(request.name), purpose="Written by the head")
	by_form(desk.qa, request.name, flow.SUBMIT)
	assert desk.head not in request_turns.turn_of(fresh(request), frappe.utils.getdate())
	assert request.name not in request_turns.waiting_for(desk.head)
	for way in desks.WAYS.values():
		for action in (flow.APPROVE, flow.REJECT, flow.ASK):
			with pytest.raises(REFUSALS):
				way(desk.head, request.name, action)
	by_form(desk.other_qa, request.name, flow.APPROVE)
	with pytest.raises(REFUSALS):
		by_form(desk.head, request.name, flow.IMPLEMENT)
	assert [row.user for row in fresh(request).edited_by] == [desk.head]


def test_a_row_that_was_changed_makes_its_writer_one_of_those_who_ask() -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk, kinds.REMOVE_MEMBERS, by=desk.qa)
	with as_user(desk.head):
		draft = fresh(request)
		draft.members[0].note = "Has left"
		draft.save()
	assert desk.head in requests.makers(fresh(request))


def test_nobody_writes_or_removes_who_wrote_it() -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk, by=desk.qa)
	web.put(desk.head, path_of(request.name), purpose="Written by the head")
	for user in (desk.head, desk.qa, "Administrator"):
		web.put(user, path_of(request.name), edited_by=[])
		web.put(user, path_of(request.name), edited_by=[{"user": desk.other_qa}])
		assert [row.user for row in fresh(request).edited_by] == [desk.head]


def test_saving_without_a_change_makes_nobody_an_author() -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk, by=desk.qa)
	with as_user(desk.head):
		fresh(request).save()
	assert fresh(request).edited_by == []


# Members at once.


def agents_draft(desk: desks.Desk, user: str) -> str:
	values = desks.data_of(kinds.ADD_MEMBERS, desk)
	return web.post(user, f"{web.RESOURCE}/{DOCTYPE}", kind=kinds.ADD_MEMBERS, **values)["name"]


def test_members_that_somebody_else_wrote_down_last_are_reviewed() -> None:
	"""The button acts on what is stored, and not on what its user looked at.

	Policy: CORE-12
	"""
	desk = open_desk(mode="Off")
	agent = make_agent()
	name = agents_draft(desk, agent)
	seen = fresh(name).as_json()
	web.put(agent, path_of(name), members=[{"user": agent}])
	web.call(desk.head, "frappe.model.workflow.apply_workflow", doc=seen, action=flow.SUBMIT)
	assert fresh(name).workflow_state == flow.REVIEW
	assert agent not in members_of(desk.home)


def test_the_form_says_whether_members_are_added_at_once() -> None:
	desk = open_desk(mode="Off")
	name = agents_draft(desk, make_agent())

	def at_once() -> bool:
		return web.call(desk.head, "core_helpdesk.request_api.look_at", doc=fresh(name).as_json())["at_once"]

	assert not at_once()
	with as_user(desk.head):
		fresh(name).save()
	assert at_once()


def test_what_the_head_has_saved_is_added_at_once_also_after_a_question() -> None:
	desk = open_desk(mode="Off")
	name = agents_draft(desk, make_agent())
	by_button(desk.head, name, flow.SUBMIT)
	by_button(desk.qa, name, flow.ASK)
	web.put(desk.head, path_of(name), work_reason="The sales of November")
	by_button(desk.head, name, flow.RESUBMIT)
	assert fresh(name).workflow_state == flow.IMPLEMENTED
	assert desk.courier.agent in members_of(desk.home)
	assert any("added members" in text for text in desks.notices_to(desk.qa, name))


# Whose reason it is.


def test_what_the_requester_wrote_is_no_reason_of_who_decides() -> None:
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk), flow.REVIEW)
	web.put(desk.head, path_of(request.name), decision_reason="Rejected, says the requester")
	with pytest.raises(frappe.ValidationError, match="write it first"):
		web.put(desk.qa, path_of(request.name), workflow_state=flow.REJECTED)
	web.put(desk.qa, path_of(request.name), workflow_state=flow.REJECTED, decision_reason=REASON)
	assert fresh(request).states[-1].note == REASON


def test_a_reason_said_again_in_the_same_words_is_ones_own() -> None:
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk), flow.REVIEW)
	web.put(desk.head, path_of(request.name), decision_reason=REASON)
	by_button(desk.qa, request.name, flow.REJECT)
	assert (fresh(request).workflow_state, fresh(request).states[-1].note) == (flow.REJECTED, REASON)


def test_nobody_writes_whose_reason_it_is() -> None:
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk), flow.REVIEW)
	said = {"decision_reason": REASON, "decision_reason_by": desk.qa}
	web.put(desk.head, path_of(request.name), **said)
	assert fresh(request).decision_reason_by == desk.head


# States that an admin added.

WAITING = "Waiting for a Call"


def add_state(*steps: tuple[str, str]) -> None:
	"""A state of an admin's own, and steps to and from it that are everybody's."""
	if not frappe.db.exists("Workflow State", WAITING):
		frappe.get_doc({"doctype": "Workflow State", "workflow_state_name": WAITING}).insert()
	workflow = frappe.get_doc("Workflow", flow.NAME)
	workflow.append("states", {"state": WAITING, "doc_status": "0", "allow_edit": "All"})
	for before, after in steps:
		step = {"state": before, "action": flow.SUBMIT, "next_state": after, "allowed": "All"}
		workflow.append("transitions", {**step, "allow_self_approval": 1})
	workflow.save()


def move(user: str, name: str, state: str, **values: str) -> None:
	web.put(user, path_of(name), workflow_state=state, **values)


def test_an_added_state_is_no_way_round_what_submitting_asks_for() -> None:
	desk = open_desk(mode="Off")
	add_state((flow.DRAFT, WAITING), (WAITING, flow.REVIEW))
	incomplete = make_request(desk, kinds.NEW_GROUP, purpose="")
	move(desk.head, incomplete.name, WAITING)
	with pytest.raises(frappe.MandatoryError, match="Please enter"):
		move(desk.head, incomplete.name, flow.REVIEW)
	foreign = make_request(desk, by=desk.agent)
	move(desk.agent, foreign.name, WAITING)
	with pytest.raises(frappe.PermissionError, match="is done by"):
		move(desk.agent, foreign.name, flow.REVIEW)
	move(desk.head, foreign.name, flow.REVIEW)
	assert desk.head in requests.makers(fresh(foreign))


def test_no_added_state_leads_to_who_decides_nor_out_of_an_end() -> None:
	desk = open_desk(mode="Off")
	add_state((flow.DRAFT, WAITING), (WAITING, flow.MANAGER_APPROVAL), (flow.WITHDRAWN, WAITING))
	request = make_request(desk, kinds.NEW_CATEGORY)
	move(desk.head, request.name, WAITING)
	for user in (desk.head, desk.qa):
		with pytest.raises(frappe.PermissionError, match="cannot become"):
			move(user, request.name, flow.MANAGER_APPROVAL)
	ended = put_into(make_request(desk), flow.WITHDRAWN)
	with pytest.raises(frappe.PermissionError, match="cannot become"):
		move(desk.head, ended.name, WAITING)


def test_who_comes_back_from_an_added_state_within_the_review_does_not_become_one_of_those_who_ask() -> None:
	desk = open_desk(mode="Off")
	add_state((flow.REVIEW, WAITING), (WAITING, flow.REVIEW))
	request = make_request(desk)
	by_rest(desk.head, request.name, flow.SUBMIT)
	move(desk.qa, request.name, WAITING)
	move(desk.qa, request.name, flow.REVIEW)
	by_rest(desk.qa, request.name, flow.APPROVE)
	assert fresh(request).workflow_state == flow.APPROVED
