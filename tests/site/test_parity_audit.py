"""The report Parity Audit: every country's Escalation Time beside the Standard, row by row."""

from __future__ import annotations

import frappe
import pytest

from tests.site import report_reading as reading
from tests.site import request_desk as desks
from tests.site.factories import make_agent, make_category, make_deviation, make_policy, make_team
from tests.site.report_reading import PARITY, cells
from tests.site.request_desk import AE, SA, Desk

EG = "Egypt"
TIMES = ("standard", "time", "difference", "state")


@pytest.fixture
def desk() -> Desk:
	"""Groups at home and in the Emirates with 24 hours each, by the default policy."""
	return desks.open_desk()


def give_time(team: str, hours: float, clock_kind: str = "Elapsed Time") -> None:
	make_policy({"after_hours": hours, "clock_kind": clock_kind}, team=team)


def deviate(desk: Desk, *, hours: float = 36, state: str = "In Force", ends_on: str = "2099-12-31") -> str:
	return make_deviation(
		department=desk.department,
		group_category=desk.category,
		country=AE,
		team=desk.abroad,
		hours=hours,
		reason="Customs are closed at night",
		approved_by=desk.manager,
		ends_on=ends_on,
		state=state,
	)


def audited(desk: Desk, user: str = "", **filters: object) -> list[reading.Row]:
	return reading.rows(user or desk.qa, PARITY, category=desk.category, **filters)


def test_a_group_abroad_with_the_same_time_stands_as_the_standard(desk: Desk) -> None:
	found = audited(desk)
	assert cells(found, "department", "category", "ticket_category", "country", "group") == [
		(desk.department, desk.category, desk.ticket_type, AE, desk.abroad)
	]
	assert cells(found, *TIMES) == [("24 hours", "24 hours", 0.0, "As the Standard")]
	assert cells(found, "deviation", "reason", "approved_by", "until") == [("", "", "", None)]


@pytest.mark.parametrize(("hours", "difference"), [(36, 12.0), (8, -16.0), (24.5, 0.5)])
def test_another_time_is_shown_with_its_difference(desk: Desk, hours: float, difference: float) -> None:
	give_time(desk.abroad, hours)
	(row,) = audited(desk)
	assert (row["standard"], row["difference"], row["state"]) == ("24 hours", difference, "Not the Standard")


def test_working_hours_are_not_compared_with_hours_by_the_clock(desk: Desk) -> None:
	give_time(desk.abroad, 24, "Working Time")
	assert cells(audited(desk), *TIMES) == [("24 hours", "24 working hours", None, "Not the Standard")]


def test_a_deviation_in_force_is_shown_with_reason_approver_and_last_day(desk: Desk) -> None:
	give_time(desk.abroad, 36)
	name = deviate(desk)
	found = audited(desk)
	assert cells(found, *TIMES) == [("24 hours", "36 hours", 12.0, "Approved Deviation")]
	manager = frappe.db.get_value("User", desk.manager, "full_name")
	assert cells(found, "deviation", "reason", "approved_by", "until") == [
		(name, "Customs are closed at night", manager, "2099-12-31")
	]


def test_a_deviation_for_another_time_covers_nothing(desk: Desk) -> None:
	give_time(desk.abroad, 48)
	deviate(desk, hours=36)
	assert cells(audited(desk), "state", "deviation") == [("Not the Standard", "")]


def test_a_deviation_that_ends_soon_says_so(desk: Desk) -> None:
	give_time(desk.abroad, 36)
	soon = frappe.utils.add_days(frappe.utils.nowdate(), 5)
	name = deviate(desk, ends_on=soon)
	assert cells(audited(desk), "state", "deviation", "until") == [("Deviation Ends Soon", name, soon)]


def test_a_lapsed_deviation_is_shown_until_the_time_is_the_standard_again(desk: Desk) -> None:
	give_time(desk.abroad, 36)
	name = deviate(desk, state="Lapsed", ends_on="2025-12-31")
	assert cells(audited(desk), "state", "deviation", "until") == [("Deviation Lapsed", name, "2025-12-31")]


def test_headquarters_with_two_times_have_no_standard(desk: Desk) -> None:
	place = {"ch_department": desk.department, "ch_category": desk.category, "ch_country": SA}
	other = make_team(agents=(make_agent(),), ch_ticket_type=desk.ticket_type, **place)
	give_time(other, 12)
	assert cells(audited(desk), *TIMES) == [
		("12 hours / 24 hours", "24 hours", None, "The Standard Is Not One")
	]


@pytest.mark.parametrize(("hours", "state"), [(24, "As the Standard"), (36, "Not the Standard")])
def test_without_a_group_at_home_the_category_gives_the_standard(
	desk: Desk, hours: float, state: str
) -> None:
	category = make_category()
	team = make_team(
		agents=(make_agent(),), ch_department=desk.department, ch_category=category, ch_country=AE
	)
	give_time(team, hours)
	found = reading.rows(desk.qa, PARITY, category=category)
	assert cells(found, "standard", "state", "ticket_category") == [
		("24 hours (group category)", state, "all ticket categories")
	]


def test_countries_without_such_a_group_are_listed_when_asked_for(desk: Desk) -> None:
	make_team(agents=(make_agent(),), ch_department=desk.other_department, ch_country=EG)
	assert len(audited(desk)) == 1
	missing = [row for row in audited(desk, missing=1) if row["state"] == "No Group"]
	assert cells(missing, "country", "ticket_category", "group", "standard", "time") == [
		(EG, desk.ticket_type, "", "24 hours", "")
	]
	assert cells(audited(desk, state="No Group"), "country") == [(EG,)]


def test_a_group_that_takes_every_ticket_category_is_missed_nowhere(desk: Desk) -> None:
	place = {"ch_department": desk.department, "ch_category": desk.category, "ch_country": EG}
	make_team(agents=(make_agent(),), **place)
	assert audited(desk, state="No Group") == []


def test_each_filter_narrows_the_rows(desk: Desk) -> None:
	give_time(desk.abroad, 36)
	for filters in (
		{"department": desk.department},
		{"country": AE},
		{"ticket_category": desk.ticket_type},
		{"state": "Not the Standard"},
	):
		assert [row["group"] for row in audited(desk, **filters)] == [desk.abroad]
	for filters in (
		{"department": desk.other_department},
		{"country": EG},
		{"ticket_category": desk.other_type},
		{"state": "As the Standard"},
	):
		assert audited(desk, **filters) == []


def test_heads_see_their_own_countries_only(desk: Desk) -> None:
	place = {"ch_department": desk.department, "ch_category": desk.category, "ch_country": EG}
	egypt = make_team(agents=(make_agent(),), ch_ticket_type=desk.ticket_type, **place)
	groups = {
		user: {row["group"] for row in audited(desk, user)}
		for user in (
			desk.qa,
			desk.manager,
			desk.general_manager,
			desk.head_abroad,
			desk.head,
			desk.other_head,
		)
	}
	everything = {desk.abroad, egypt}
	assert groups == {
		desk.qa: everything,
		desk.manager: everything,
		desk.general_manager: everything,
		desk.head_abroad: {desk.abroad},
		desk.head: set(),
		desk.other_head: set(),
	}


def test_a_group_before_its_start_is_shown_to_those_who_may_know_of_it(desk: Desk) -> None:
	frappe.db.set_value("HD Team", desk.abroad, "ch_stage", "Not Open Yet")
	assert [row["group"] for row in audited(desk)] == [desk.abroad]
	assert desk.abroad not in reading.text_of(desk.head_abroad, PARITY)


def test_the_head_of_the_report_counts_what_it_shows(desk: Desk) -> None:
	give_time(desk.abroad, 36)
	summary = reading.run(desk.qa, PARITY, category=desk.category)["report_summary"]
	assert {item["label"]: item["value"] for item in summary} == {
		"Groups Abroad": 1,
		"As the Standard": 0,
		"Approved Deviation": 0,
		"To Be Put Right": 1,
	}


def test_the_chart_counts_the_groups_of_each_country(desk: Desk) -> None:
	place = {"ch_department": desk.department, "ch_category": desk.category, "ch_country": EG}
	make_team(agents=(make_agent(),), ch_ticket_type=desk.ticket_type, **place)
	give_time(desk.abroad, 36)
	chart = reading.run(desk.qa, PARITY, category=desk.category)["chart"]["data"]
	assert sorted(chart["labels"]) == [EG, AE]
	counts = {
		series["name"]: dict(zip(chart["labels"], series["values"], strict=True))
		for series in chart["datasets"]
	}
	assert counts == {
		"Same Time": {EG: 1, AE: 0},
		"Approved": {EG: 0, AE: 0},
		"To Be Put Right": {EG: 0, AE: 1},
	}


def test_an_empty_report_says_why_it_is_empty(desk: Desk) -> None:
	answer = reading.run(desk.deputy, PARITY)
	assert answer["result"] == []
	assert "not head of a department now" in answer["message"]
	message = reading.run(desk.other_head, PARITY)["message"]
	assert message == "No group outside Saudi Arabia that you answer for."
	narrowed = reading.run(desk.qa, PARITY, department="A Department That Has None")
	assert narrowed["message"] == "Nothing that you may see matches these filters."
