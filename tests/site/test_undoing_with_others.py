"""Undoing goes by what others have done since: a later head stays, nothing is left without its group, nobody comes back
who has left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.governance import policies, undoing
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.hosts import team_writer
from core_helpdesk.setup import department_heads
from core_helpdesk.setup import workflows as flow
from tests.site import governance_cast as casts
from tests.site import request_desk as desks
from tests.site.factories import as_user, make_agent, make_category, make_ticket, make_user
from tests.site.request_desk import by_rest, fresh, make_request, open_desk, put_into

if TYPE_CHECKING:
	from frappe.model.document import Document

POLICY = "Escalation Policy"


@pytest.fixture
def cast() -> casts.Cast:
	return casts.open_cast()


def undo(cast: casts.Cast, request: object) -> None:
	with as_user(cast.qa):
		undoing.undo(request)


def change_head(cast: casts.Cast, head: str) -> object:
	values = {"team": cast.group, "head": head, "work_reason": "The former one has left"}
	return casts.make_request(cast, kinds.CHANGE_GROUP, **values)


def test_a_draft_category_is_put_in_force_by_a_request_and_a_draft_again_when_that_is_undone(
	cast: casts.Cast,
) -> None:
	"""Policy: CORE-20"""
	name = make_category(hours=24, state="Draft")
	frappe.db.set_value("HD Team", cast.group, "ch_category", name)
	asked = {"category_name": name, "category_name_ar": "مرتجعات", "purpose": "Returns"}
	time = {"standard_hours": 12, "standard_clock_kind": "Elapsed Time"}
	request = casts.make_request(cast, kinds.NEW_CATEGORY, **asked, **time)
	casts.implement(cast, request)
	wanted = ["workflow_state", "standard_hours", "category_name_ar"]
	assert frappe.db.get_value("Group Category", name, wanted) == ("Active", 12, "مرتجعات")
	undo(cast, request)
	assert frappe.db.get_value("Group Category", name, wanted[:2]) == ("Draft", 24)


def test_a_category_to_which_a_group_has_come_since_stays_in_force(cast: casts.Cast) -> None:
	name = make_category(hours=24, state="Draft")
	frappe.db.set_value("HD Team", cast.group, "ch_category", name)
	asked = {"category_name": name, "category_name_ar": "مرتجعات", "purpose": "Returns"}
	time = {"standard_hours": 24, "standard_clock_kind": "Elapsed Time"}
	request = casts.make_request(cast, kinds.NEW_CATEGORY, **asked, **time)
	casts.implement(cast, request)
	late = casts.make_group(cast, ch_category=name)
	with pytest.raises(frappe.ValidationError, match=f"The group {late} is of this category"):
		undo(cast, request)
	assert frappe.db.get_value("Group Category", name, "workflow_state") == "Active"


# Policies that others have prepared.


def prepare_policy(cast: casts.Cast, state: str) -> Document:
	"""A version for the group that others have written and begun to discuss."""
	answer = {"answer": "Objected", "discussed_on": "2026-01-05", "note": "Too short for the port"}
	levels = [
		{"target": "Ticketing System Management", "after_hours": 12, "pauses": 1},
		{"target": "General Manager", "after_hours": 20},
	]
	policy = frappe.get_doc(
		{
			"doctype": POLICY,
			"policy_name": "Of the Port",
			"team": cast.group,
			"starts_on": "2031-05-01 08:00:00",
			"decision_reason": "Agreed in the weekly",
			"levels": levels,
			"discussion": [
				{"department": cast.department, "country": "Oman", "head": cast.agent},
				{"department": cast.department, "country": casts.HOME, "head": cast.head, **answer},
			],
		}
	).insert()
	if state == "Discussed":
		policies.discuss(policy)
	return policy


def contents_of(policy: str) -> dict:
	"""All that a policy says, without what each of its rows is called."""
	document = frappe.get_doc(POLICY, policy).as_dict(no_default_fields=True)
	left_out = {"name", "owner", "creation", "modified", "modified_by"}
	rows = {
		table: [{field: row[field] for field in row if field not in left_out} for row in document.pop(table)]
		for table in ("levels", "discussion")
	}
	return {**{field: str(document[field]) for field in document}, **rows}


def put_in_force(cast: casts.Cast) -> Document:
	time = {"escalation_hours": 12, "clock_kind": "Elapsed Time", "work_reason": "Agreed"}
	request = casts.make_request(cast, kinds.CHANGE_ESCALATION, team=cast.group, **time)
	casts.implement(cast, request)
	return request


@pytest.mark.parametrize("state", ["Draft", "Discussed"])
def test_a_policy_that_others_prepared_is_again_as_they_left_it(cast: casts.Cast, state: str) -> None:
	"""Policy: CORE-17"""
	casts.make_group(cast, country="Oman")
	policy = prepare_policy(cast, state)
	before = contents_of(policy.name)
	request = put_in_force(cast)
	assert request.result_policy == policy.name
	assert contents_of(policy.name) != before
	assert frappe.db.get_value(POLICY, policy.name, "drafts_due")
	undo(cast, request)
	assert contents_of(policy.name) == before
	assert before["workflow_state"] == state


def test_a_policy_that_others_prepared_stays_in_force_once_tickets_are_counted_by_it(
	cast: casts.Cast,
) -> None:
	policy = prepare_policy(cast, "Draft")
	request = put_in_force(cast)
	make_ticket(group=cast.group)
	assert frappe.db.exists("Ticket Clock", {"policy": policy.name})
	with pytest.raises(frappe.ValidationError, match="Tickets are counted by"):
		undo(cast, request)
	assert frappe.db.get_value(POLICY, policy.name, "workflow_state") == "Active"


# Heads.


@pytest.fixture
def absent_head(cast: casts.Cast) -> str:
	"""The deputy of a head who is away."""
	deputy = make_user("Department Manager")
	away = {"absent_from": "2026-01-01", "absent_until": "2030-01-01", "deputy": deputy}
	row = {"head": cast.head, "phone": "+966115550110", "authorised_employee": cast.agent, **away}
	department_heads.put_back(cast.department, casts.HOME, row)
	return deputy


def test_a_head_comes_back_with_deputy_absence_and_all(cast: casts.Cast, absent_head: str) -> None:
	before = department_heads.row_of(cast.department, casts.HOME)
	assert (before["deputy"], before["absent_until"]) == (absent_head, "2030-01-01")
	request = change_head(cast, absent_head)
	casts.implement(cast, request)
	named = department_heads.row_of(cast.department, casts.HOME)
	assert named == {**before, "head": absent_head, "deputy": "", "absent_from": "", "absent_until": ""}
	undo(cast, request)
	assert department_heads.row_of(cast.department, casts.HOME) == before


def test_a_deputy_whom_the_new_head_has_named_stays(cast: casts.Cast, absent_head: str) -> None:
	request = change_head(cast, absent_head)
	casts.implement(cast, request)
	deputy = make_user("Department Manager")
	now = {**department_heads.row_of(cast.department, casts.HOME), "deputy": deputy}
	department_heads.put_back(cast.department, casts.HOME, now)
	with pytest.raises(frappe.ValidationError, match=r"Department Head .* was changed since"):
		undo(cast, request)
	assert department_heads.row_of(cast.department, casts.HOME) == now


def test_a_head_who_was_named_since_stays(cast: casts.Cast) -> None:
	request = change_head(cast, make_user("Department Manager"))
	casts.implement(cast, request)
	later = make_user("Department Manager")
	department_heads.put(cast.department, casts.HOME, later)
	with pytest.raises(frappe.ValidationError, match=r"Department Head .* was changed since"):
		undo(cast, request)
	assert department_heads.head_of(cast.department, casts.HOME) == later


def test_a_head_who_is_replaced_hears_of_it(cast: casts.Cast) -> None:
	successor = make_user("Department Manager")
	request = change_head(cast, successor)
	casts.implement(cast, request)
	told = casts.notices_of(cast.head, "Core Department")
	assert [text for text in told if cast.department in text and request.name in text]


def test_a_group_that_moves_takes_no_head_along() -> None:
	"""Another department's head is not replaced by who is not asked about it.

	Policy: CORE-18
	"""
	desk = open_desk(mode="Off")
	asked = {"department": desk.other_department, "country": desks.SA, "purpose": ""}
	request = make_request(desk, head=desk.head, **asked)
	with pytest.raises(frappe.MandatoryError, match="who is named there"):
		by_rest(desk.head, request.name, flow.SUBMIT)
	assert department_heads.head_of(desk.other_department, desks.SA) == desk.other_head
	# The one who answers for the place anyway may be named.
	same = make_request(desk, head=desk.other_head, **asked)
	by_rest(desk.head, same.name, flow.SUBMIT)
	assert fresh(same).workflow_state == flow.REVIEW


# What was asked and suggested on a new group.


def test_a_new_group_about_which_something_is_open_is_not_undone() -> None:
	desk = open_desk(mode="Off")
	made = put_into(make_request(desk, kinds.NEW_GROUP), flow.APPROVED)
	by_rest(desk.qa, made.name, "Implement")
	team = fresh(made).result_team
	asked = make_request(desk, by=desk.qa, team=team)
	taking = make_request(desk, kinds.NEW_GROUP, by=desk.qa, takes_from=[{"team": team}])
	with as_user(desk.qa):
		values = {"doctype": "Group Suggestion", "team": team, "suggestion": "Open earlier"}
		suggested = frappe.get_doc(values).insert()
	with as_user(desk.other_qa), pytest.raises(frappe.ValidationError, match="still open") as refused:
		undoing.undo(fresh(made))
	for name in (asked.name, taking.name, suggested.name):
		assert name in str(refused.value)
	assert frappe.db.exists("HD Team", team)
	for name in (asked.name, taking.name):
		by_rest(desk.qa, name, flow.WITHDRAW)
	with as_user(desk.other_qa):
		suggested = frappe.get_doc("Group Suggestion", suggested.name)
		suggested.reply("It does")
		suggested.reload()
		suggested.close()
		undoing.undo(fresh(made))
	assert not frappe.db.exists("HD Team", team)


# Who was in the group.


def test_who_has_left_in_the_meantime_does_not_come_back(cast: casts.Cast) -> None:
	staying = make_agent()
	team_writer.set_members(cast.group, [cast.agent, staying])
	people = [{"user": cast.agent}, {"user": staying}]
	request = casts.make_request(
		cast, kinds.REMOVE_MEMBERS, team=cast.group, members=people, work_reason="Season"
	)
	casts.implement(cast, request)
	frappe.db.set_value("User", cast.agent, "enabled", 0)
	undo(cast, request)
	present = frappe.get_all("HD Team Member", {"parent": cast.group}, pluck="user")
	assert staying in present
	assert cast.agent not in present


def test_an_agent_who_was_at_rest_is_so_again(cast: casts.Cast) -> None:
	resting, working = make_agent(), make_agent()
	frappe.db.set_value("HD Agent", {"user": resting}, "is_active", 0)
	request = casts.make_request(
		cast,
		kinds.ADD_MEMBERS,
		team=cast.group,
		members=[{"user": resting}, {"user": working}],
		work_reason="Season",
	)
	casts.implement(cast, request)
	active = {"user": ("in", (resting, working)), "is_active": 1}
	assert set(frappe.get_all("HD Agent", active, pluck="user")) == {resting, working}
	undo(cast, request)
	assert frappe.get_all("HD Agent", active, pluck="user") == [working]


def test_an_agent_who_works_in_another_group_by_now_goes_on(cast: casts.Cast) -> None:
	resting = make_agent()
	frappe.db.set_value("HD Agent", {"user": resting}, "is_active", 0)
	request = casts.make_request(
		cast, kinds.ADD_MEMBERS, team=cast.group, members=[{"user": resting}], work_reason="Season"
	)
	casts.implement(cast, request)
	other = casts.make_group(cast)
	team_writer.set_members(other, [*team_writer.members(other), resting])
	undo(cast, request)
	assert frappe.db.get_value("HD Agent", {"user": resting}, "is_active") == 1
