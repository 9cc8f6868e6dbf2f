"""What the checks of a request find: conflicts, the Standard, and what the Customer Service Manager has to decide."""

import frappe
import pytest
from frappe.utils import get_fullname

from core_helpdesk.governance import request_checks, request_wording
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup import workflows as flow
from tests.site import web
from tests.site.factories import make_deviation
from tests.site.request_desk import (
	AE,
	SA,
	Desk,
	by_form,
	fresh,
	make_request,
	open_desk,
	put_into,
)

LOOK = "core_helpdesk.request_api.look_at"
DEVIATION = {"deviation_reason": "Customs are closed at night.", "valid_until": "2099-01-31"}


def found(request: object) -> dict[str, dict]:
	return {finding["kind"]: finding for finding in request_checks.check(request)}


def look(user: str, values: dict) -> dict:
	return web.call(user, LOOK, doc=frappe.as_json({"doctype": "Group Request", **values}))


def new_group(desk: Desk, **values: object) -> object:
	return make_request(desk, kinds.NEW_GROUP, **values)


def test_a_group_in_the_place_of_another_is_a_conflict_with_its_name_and_way_out() -> None:
	"""Policy: QA-02"""
	desk = open_desk(mode="Off")
	request = new_group(desk, ticket_type=desk.ticket_type)
	finding = found(request)["Same Place"]
	assert (finding["group"], finding["other"]) == (request.team_name, desk.home)
	said = request_wording.said(finding)
	assert desk.home in said["text"] and get_fullname(desk.head) in said["remedy"]
	assert desk.head not in said["remedy"]
	assert "Same Place" not in found(new_group(desk))


def test_what_a_group_lacks_is_found() -> None:
	desk = open_desk(mode="Off")
	request = new_group(desk)
	request.update({"members": [], "head": None, "department": desk.other_department, "country": AE})
	assert {"No Members", "No Head"} <= set(found(request))
	removal = make_request(desk, kinds.REMOVE_MEMBERS)
	assert set(found(removal)) == {"No Members"}


def test_a_time_that_the_calendar_never_reaches_is_found() -> None:
	desk = open_desk(mode="Off")
	request = new_group(desk, escalation_hours=5000, clock_kind="Working Time")
	assert found(request)["Escalation Time Not Reached"]["facts"]["weeks"] == 8


def test_the_standard_abroad_is_no_finding_and_another_time_is_one() -> None:
	"""Policy: CORE-09, QA-05"""
	desk = open_desk(mode="Off")
	same = new_group(
		desk, country=AE, ticket_type=desk.ticket_type, head=desk.head_abroad, by=desk.head_abroad
	)
	assert "Differs" not in found(same)
	assert not same.needs_manager_approval
	other = new_group(
		desk,
		country=AE,
		ticket_type=desk.ticket_type,
		head=desk.head_abroad,
		escalation_hours=36,
		by=desk.head_abroad,
	)
	facts = found(other)["Differs"]["facts"]
	assert (facts["time"], facts["standard"]) == ([36 * 3600, "Elapsed"], [[24 * 3600, "Elapsed"]])
	assert other.needs_manager_approval


def test_a_time_off_the_standard_needs_its_reason_and_its_end() -> None:
	desk = open_desk(mode="Off")
	request = make_request(
		desk, kinds.CHANGE_ESCALATION, team=desk.abroad, escalation_hours=36, by=desk.head_abroad
	)
	with pytest.raises(frappe.MandatoryError, match="Reason for the Deviation"):
		by_form(desk.head_abroad, request.name, flow.SUBMIT)
	web.put(desk.head_abroad, f"{web.RESOURCE}/Group Request/{request.name}", **DEVIATION)
	by_form(desk.head_abroad, request.name, flow.SUBMIT)
	with pytest.raises(frappe.PermissionError, match="Customer Service Manager"):
		by_form(desk.qa, request.name, flow.APPROVE)
	by_form(desk.qa, request.name, flow.SEND)
	by_form(desk.manager, request.name, flow.APPROVE)
	assert "Differs" in fresh(request).checks


def test_working_time_is_never_the_same_as_the_same_absolute_time() -> None:
	desk = open_desk(mode="Off")
	values = {"team": desk.abroad, "escalation_hours": 24, "clock_kind": "Working Time"}
	request = make_request(desk, kinds.CHANGE_ESCALATION, by=desk.head_abroad, **values)
	assert request.needs_manager_approval


def test_a_time_at_headquarters_is_shown_against_its_category_and_decided_by_the_specialist() -> None:
	"""Policy: CORE-04"""
	desk = open_desk(mode="Off")
	request = make_request(desk, kinds.CHANGE_ESCALATION, escalation_hours=12)
	assert set(found(request)) == {"Standard"}
	assert not request.needs_manager_approval


def test_an_approved_deviation_for_this_very_time_is_enough() -> None:
	desk = open_desk(mode="Off")
	make_deviation(
		team=desk.abroad,
		department=desk.department,
		country=AE,
		group_category=desk.category,
		reason="Customs",
		ends_on="2099-01-31",
	)
	values = {"team": desk.abroad, "escalation_hours": 36, "clock_kind": "Elapsed Time"}
	request = make_request(desk, kinds.CHANGE_ESCALATION, by=desk.head_abroad, **values)
	assert not request.needs_manager_approval
	assert "Differs" not in found(request)


def test_the_checks_are_live_until_the_decision_and_kept_from_then_on() -> None:
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk, kinds.REMOVE_MEMBERS), flow.REVIEW)
	by_form(desk.qa, request.name, flow.APPROVE)
	kept = fresh(request)
	assert kept.checked_on and "No Members" in kept.checks
	team = frappe.get_doc("HD Team", desk.home)
	team.append("users", {"user": desk.courier.agent})
	team.save()
	assert [check["title"] for check in look(desk.head, fresh(request).as_dict())["checks"]] == ["No Members"]


def test_the_form_is_told_what_is_missing_as_it_is_filled_in() -> None:
	desk = open_desk(mode="Off")
	begun = {"kind": kinds.NEW_GROUP, "team_name": "Returns", "department": desk.department, "country": SA}
	seen = look(desk.head, begun)
	lacking = {lack["field"] for lack in seen["missing"]}
	assert {
		"purpose",
		"escalation_process",
		"group_category",
		"ticket_type",
		"escalation_hours",
		"members",
	} <= lacking
	assert "team_name" not in lacking and seen["may_edit"]
	placed = look(desk.head, {"kind": kinds.ADD_MEMBERS, "team": desk.home})
	assert placed["place"] == {"department": desk.department, "country": SA}
	assert placed["at_once"]


def test_findings_are_worded_in_arabic() -> None:
	desk = open_desk(mode="Off", language="ar")
	frappe.local.lang = "ar"
	request = new_group(desk, ticket_type=desk.ticket_type)
	said = request_wording.said(found(request)["Same Place"])
	assert said["title"] == "نطاق مجموعة أخرى نفسه"


def test_every_kind_of_finding_has_its_words() -> None:
	from core_helpdesk.domain.groups import ConflictKind
	from core_helpdesk.domain.parity import GapKind

	worded = set(request_wording.WORDS)
	assert {("Conflict", kind.value) for kind in ConflictKind} <= worded
	assert {("Parity", kind.value) for kind in GapKind} <= worded
