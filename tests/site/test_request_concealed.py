"""A request tells nobody of groups that they are not to know of, is seen by the managers of its group, and takes no more
than a person writes.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest

from core_helpdesk.governance import request_data
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup import workflows as flow
from tests.site import request_desk as desks
from tests.site import web
from tests.site.factories import as_user, make_agent
from tests.site.request_desk import DOCTYPE, SA, by_rest, fresh, make_request, open_desk, put_into

SECRET = "Secret Unit"
LOOK = "core_helpdesk.request_api.look_at"


def look(user: str, **values: Any) -> dict[str, Any]:
	return web.call(user, LOOK, doc=json.dumps(values, default=str))


def open_secret(desk: desks.Desk) -> None:
	"""A group before its start, in the place of the group at home."""
	asked = {"team_name": SECRET, "starts_on": "2099-01-01 00:00:00", "ticket_type": desk.ticket_type}
	request = put_into(make_request(desk, kinds.NEW_GROUP, **asked), flow.APPROVED)
	by_rest(desk.qa, request.name, flow.IMPLEMENT)


def in_its_place(desk: desks.Desk) -> dict[str, Any]:
	values = {**desks.data_of(kinds.NEW_GROUP, desk), "ticket_type": desk.ticket_type}
	return {"kind": kinds.NEW_GROUP, **values}


def test_checks_name_no_group_before_its_start_to_who_may_not_know_of_it() -> None:
	"""Policy: TSM-12"""
	desk = open_desk(mode="Off")
	open_secret(desk)
	agent = make_agent()
	seen, known = look(agent, **in_its_place(desk)), look(desk.qa, **in_its_place(desk))
	assert SECRET in json.dumps(known["checks"])
	assert SECRET not in json.dumps(seen)
	# What stands beside it and is no secret is said to everybody.
	assert desk.home in json.dumps(seen["checks"])


def test_checks_kept_with_a_decision_name_it_to_its_deciders_alone() -> None:
	desk = open_desk(mode="Off")
	open_secret(desk)
	with as_user(desk.other_head):
		request = frappe.get_doc({"doctype": DOCTYPE, **in_its_place(desk)}).insert()
	request = put_into(request, flow.REVIEW)
	by_rest(desk.qa, request.name, flow.APPROVE)
	assert SECRET in fresh(request).checks
	assert SECRET in json.dumps(look(desk.qa, name=request.name)["checks"])
	assert SECRET not in json.dumps(look(desk.other_head, name=request.name))
	path = f"{web.RESOURCE}/{DOCTYPE}"
	assert not web.get(desk.other_head, f"{path}/{request.name}").get("checks")
	listed = web.get(desk.other_head, path, fields=["name", "kind"], filters=[["name", "=", request.name]])
	assert [row["name"] for row in listed] == [request.name]
	versions = frappe.get_all("Version", {"docname": request.name}, pluck="data")
	assert not [data for data in versions if SECRET in data]


def test_a_name_says_nothing_of_groups_that_are_hidden_from_who_asks() -> None:
	desk = open_desk(mode="Off")
	open_secret(desk)
	agent = make_agent()
	for name in (SECRET, desk.courier.tsm_team):
		seen = look(agent, **{**in_its_place(desk), "team_name": name})
		assert not [lack for lack in seen["missing"] if "already" in lack["text"]]
	seen = look(agent, **{**in_its_place(desk), "team_name": desk.home})
	assert [lack for lack in seen["missing"] if "already" in lack["text"]]
	known = look(desk.qa, **{**in_its_place(desk), "team_name": SECRET})
	assert [lack for lack in known["missing"] if "already" in lack["text"]]


def test_a_hidden_name_is_found_when_the_request_is_carried_out() -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk, kinds.NEW_GROUP, team_name=desk.courier.tsm_team)
	by_rest(desk.head, request.name, flow.SUBMIT)
	by_rest(desk.qa, request.name, flow.APPROVE)
	with pytest.raises(frappe.ValidationError, match="There is a group named"):
		by_rest(desk.qa, request.name, flow.IMPLEMENT)
	assert frappe.db.count("HD Team", {"name": desk.courier.tsm_team}) == 1


@pytest.mark.parametrize("name", ["Ship's Desk", "Ship\\Desk", "Ship<Desk"])
@pytest.mark.parametrize("kind", [kinds.NEW_GROUP, kinds.CHANGE_GROUP])
def test_a_name_that_the_host_cannot_work_with_is_refused(kind: str, name: str) -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk, kind, team_name=name)
	with pytest.raises(frappe.MandatoryError, match="one of these characters"):
		by_rest(desk.head, request.name, flow.SUBMIT)
	forced = put_into(make_request(desk, kind, team_name=name), flow.APPROVED)
	with pytest.raises(frappe.ValidationError, match="one of these characters"):
		by_rest(desk.qa, forced.name, flow.IMPLEMENT)


def test_the_title_of_a_request_is_told_to_nobody_who_may_not_read_it() -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk, kinds.NEW_GROUP, team_name=SECRET)
	method = f"{web.METHOD}/frappe.desk.search.get_link_title"
	told = web.get(make_agent(), method, doctype=DOCTYPE, docname=request.name)
	assert SECRET not in str(told)


# Who sees a request.


def test_the_present_managers_of_a_group_see_that_it_is_to_move() -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk, by=desk.qa, department=desk.other_department, country=SA)
	assert request.department == desk.other_department
	by_rest(desk.qa, request.name, flow.SUBMIT)
	path = f"{web.RESOURCE}/{DOCTYPE}"
	for user in (desk.head, desk.other_head):
		assert request.name in [row["name"] for row in web.get(user, path)]
		assert web.get(user, f"{path}/{request.name}")["name"] == request.name
	for user in (desk.head_abroad, make_agent()):
		assert request.name not in [row["name"] for row in web.get(user, path)]
		with pytest.raises(frappe.PermissionError):
			web.get(user, f"{path}/{request.name}")


# How much of it.


def test_no_request_has_more_rows_than_anybody_fills_in() -> None:
	desk = open_desk(mode="Off")
	rows = [{"user": f"{number}@example.com"} for number in range(20_000)]
	with pytest.raises(frappe.ValidationError, match="rows are the most"):
		look(desk.head, kind=kinds.ADD_MEMBERS, team=desk.home, members=rows)
	most = [{"user": desk.agent}] * (request_data.MOST_ROWS + 1)
	with pytest.raises(frappe.ValidationError, match="rows are the most"):
		web.post(desk.head, f"{web.RESOURCE}/{DOCTYPE}", kind=kinds.ADD_MEMBERS, team=desk.home, members=most)


def test_nobody_reports_more_corrections_in_a_day_than_a_person_has() -> None:
	desk = open_desk(mode="Off")
	for _number in range(request_data.MOST_A_DAY - 1):
		make_request(desk, kinds.CORRECTION, by=desk.agent)
	# One that becomes a correction is one.
	other = make_request(desk, kinds.ADD_MEMBERS, by=desk.agent)
	web.put(
		desk.agent,
		f"{web.RESOURCE}/{DOCTYPE}/{other.name}",
		kind=kinds.CORRECTION,
		**desks.data_of(kinds.CORRECTION, desk),
	)
	report = {"wrong": "Wrong Data", "correction": "Another one"}
	ticket = str(desks.open_ticket(desk.home))
	with pytest.raises(frappe.ValidationError, match="go on tomorrow"):
		web.call(
			desk.agent, "core_helpdesk.request_api.report_wrong", doctype="HD Ticket", name=ticket, **report
		)
	third = make_request(desk, kinds.ADD_MEMBERS, by=desk.agent)
	with pytest.raises(frappe.ValidationError, match="go on tomorrow"):
		web.put(desk.agent, f"{web.RESOURCE}/{DOCTYPE}/{third.name}", kind=kinds.CORRECTION)
	make_request(desk, kinds.CORRECTION, by=desk.head)
