"""Which data each kind of request must have, and what becomes fixed when."""

import re

import frappe
import pytest

from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.request_missing import missing
from core_helpdesk.setup import workflows as flow
from tests.site import request_desk, web
from tests.site.factories import as_user
from tests.site.request_desk import DOCTYPE, by_form, fresh, make_request, open_desk, put_into

# Filled in from the requester's own department.
FOUND = ("department", "country")


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_a_request_with_its_data_is_submitted(kind: str) -> None:
	desk = open_desk()
	request = make_request(desk, kind)
	assert missing(request) == []
	by_form(request.requested_by, request.name, flow.SUBMIT)
	expected = flow.IMPLEMENTED if kind == kinds.ADD_MEMBERS else flow.REVIEW
	assert fresh(request).workflow_state == expected


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_a_request_without_one_field_of_its_kind_stays_a_draft(kind: str) -> None:
	desk = open_desk()
	name = make_request(desk, kind).name
	for field in (field for field in kinds.KINDS[kind].required if field not in FOUND):
		request, user = fresh(name), fresh(name).requested_by
		label = request.meta.get_label(field)
		request.update({field: [] if field in kinds.TABLES else None, "workflow_state": flow.REVIEW})
		with as_user(user), pytest.raises(frappe.MandatoryError, match=re.escape(f"Please enter: {label}")):
			request.save()
		assert fresh(name).workflow_state == flow.DRAFT


def test_data_of_other_kinds_is_left_out() -> None:
	desk = open_desk()
	request = make_request(desk, category_name="Stowaway", retire_on="2099-01-01", team_name="")
	assert (request.category_name, request.retire_on) == (None, None)
	assert request.title == f"Change Group: {desk.home}"


def test_department_and_country_are_the_groups() -> None:
	desk = open_desk()
	request = make_request(desk, kinds.REMOVE_MEMBERS, department=desk.other_department, country="Egypt")
	assert (request.department, request.country) == (desk.department, request_desk.SA)


def test_a_request_is_of_whoever_makes_it_and_begins_as_a_draft() -> None:
	desk = open_desk()
	request = make_request(
		desk, requested_by=desk.other_head, implemented_on="2026-01-01 00:00:00", checks="[]"
	)
	assert (request.requested_by, request.owner) == (desk.head, desk.head)
	assert (request.implemented_on, request.checks) == (None, None)
	with pytest.raises(frappe.PermissionError, match="begins as a draft"):
		make_request(desk, workflow_state=flow.APPROVED)


@pytest.mark.parametrize(
	"state",
	[state for state in flow.STATES if state not in (flow.DRAFT, flow.NEEDS_INFORMATION)],
)
def test_what_was_asked_for_is_fixed_once_it_is_submitted(state: str) -> None:
	desk = open_desk()
	request = put_into(make_request(desk), state)
	for user in (desk.head, desk.qa, desk.manager, "Administrator"):
		for values in (
			{"purpose": "Another"},
			{"kind": kinds.RETIRE_GROUP},
			{"starts_on": "2099-01-01 00:00:00"},
		):
			with as_user(user), pytest.raises(frappe.PermissionError, match="is fixed"):
				request = fresh(request)
				request.update(values)
				request.save()
	assert fresh(request).purpose == "Returned parcels"


def test_only_who_asks_changes_a_draft() -> None:
	desk = open_desk()
	request = make_request(desk)
	for user in (desk.qa, "Administrator"):
		with as_user(user), pytest.raises(frappe.PermissionError, match="may change it"):
			request = fresh(request)
			request.purpose = "Another"
			request.save()
	web.put(desk.head, f"{web.RESOURCE}/{DOCTYPE}/{request.name}", purpose="Another")
	assert fresh(request).purpose == "Another"


def test_what_the_app_writes_is_nobodys_to_write() -> None:
	desk = open_desk()
	request = put_into(make_request(desk), flow.REVIEW)
	states = [row.state for row in request.states]
	values = {
		"requested_by": desk.other_head,
		"owner": desk.other_head,
		"checks": "[]",
		"implemented_by": desk.qa,
		"result_team": desk.home,
		"states": [],
		"undo_data": "{}",
	}
	for user in (desk.head, desk.qa, "Administrator"):
		web.put(user, f"{web.RESOURCE}/{DOCTYPE}/{request.name}", **values)
		stored = fresh(request)
		assert (stored.requested_by, stored.owner) == (desk.head, desk.head)
		assert not any((stored.checks, stored.implemented_by, stored.result_team, stored.undo_data))
		assert [row.state for row in stored.states] == states


def test_rows_of_a_request_cannot_be_changed_on_their_own() -> None:
	desk = open_desk()
	request = put_into(make_request(desk, kinds.REMOVE_MEMBERS), flow.REVIEW)
	with as_user(desk.head), pytest.raises(frappe.PermissionError):
		row = frappe.get_doc("Group Request Member", request.members[0].name)
		row.user = desk.courier.agent
		row.save()
	with pytest.raises(frappe.PermissionError):
		web.send(desk.qa, "DELETE", f"{web.RESOURCE}/Group Request State/{request.states[0].name}")
	assert [row.user for row in fresh(request).members] == [desk.agent]


def test_a_submitted_request_is_not_deleted() -> None:
	desk = open_desk()
	request = put_into(make_request(desk), flow.REVIEW)
	for user in (desk.head, desk.qa, "Administrator"):
		with as_user(user), pytest.raises(frappe.PermissionError, match="stays on record"):
			frappe.delete_doc(DOCTYPE, request.name)
	draft = make_request(desk)
	with as_user(desk.head):
		frappe.delete_doc(DOCTYPE, draft.name)
	assert not frappe.db.exists(DOCTYPE, draft.name)


def test_values_that_cannot_be_are_named() -> None:
	desk = open_desk()
	wrong = {
		kinds.NEW_GROUP: ({"team_name": desk.home}, "There is a group"),
		kinds.NEW_CATEGORY: ({"category_name": desk.category}, "There is a category"),
		kinds.CHANGE_GROUP: ({"purpose": "", "team_name": desk.home}, "Nothing would change"),
		kinds.ADD_MEMBERS: ({"members": [{"user": desk.agent}]}, "is in the group already"),
		kinds.REMOVE_MEMBERS: ({"members": [{"user": desk.courier.agent}]}, "is not in the group"),
		kinds.RETIRE_GROUP: ({"retire_on": "2020-01-01"}, "has passed"),
		kinds.DEVIATION: ({"valid_until": "2020-01-01"}, "has passed"),
	}
	for kind, (values, message) in wrong.items():
		request = make_request(desk, kind, **values)
		assert message in " ".join(lack["text"] for lack in missing(request)), kind
