"""The report Escalated Tickets: what escalated on a day, and what is still open."""

from __future__ import annotations

import random

import frappe
import pytest

from core_helpdesk.escalations import actions
from core_helpdesk.reports import escalated_tickets
from tests.site import report_reading as reading
from tests.site.factories import (
	as_user,
	give_role,
	make_agent,
	make_department,
	make_desk,
	make_team,
	make_ticket,
	make_user,
)
from tests.site.moments import Moment, epoch, moment_from
from tests.site.test_ticket_export import Story, change

REPORT = "Escalated Tickets"
SUNDAY, MONDAY = "2026-04-05", "2026-04-06"

moment = moment_from(f"{SUNDAY} 09:00")


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	"""Two tickets that escalated on Sunday, one of them solved since, and one of Monday in another department."""
	desk = make_desk(levels=({"after_hours": 6}, {"target": "General Manager", "after_hours": 24}))
	desk.tsm_agent = desk.tsm[0]
	give_role(desk.head, "Department Manager")
	desk.other_head = make_user("Department Manager")
	desk.other = make_team(ch_department=make_department(head=desk.other_head))
	desk.open, desk.solved = make_ticket(group=desk.team), make_ticket(group=desk.team)
	story = Story(random.Random(1), (desk.team,), moment)
	story.sweep_until(epoch(f"{SUNDAY} 16:00"))
	change(desk.solved.name, status="Resolved")
	moment.set(f"{MONDAY} 00:30")
	desk.of_monday = make_ticket(group=desk.other)
	story.sweep_until(epoch(f"{MONDAY} 07:30"))
	return desk


def rows(user: str, since: str = MONDAY, until: str = MONDAY, **filters: object) -> list[dict]:
	return reading.rows(user, REPORT, since=since, until=until, **filters)


def tickets(found: list[dict]) -> list[str]:
	return [row["ticket"] for row in found]


def names(*found: object) -> list[str]:
	return [str(ticket.name) for ticket in found]


def test_a_day_has_what_escalated_on_it_and_what_is_still_open(desk: frappe._dict) -> None:
	"""Policy: TSM-09"""
	assert tickets(rows(desk.tsm_agent)) == names(desk.of_monday, desk.open)


def test_an_earlier_day_says_nothing_of_what_came_after_it(desk: frappe._dict) -> None:
	"""As after a standstill, when the reports of days are made up.

	Policy: TSM-09
	"""
	assert set(tickets(rows(desk.tsm_agent, SUNDAY, SUNDAY))) == set(names(desk.open, desk.solved))
	found = reading.run(desk.tsm_agent, REPORT, since=SUNDAY, until=SUNDAY)
	head = {each["label"]: each["value"] for each in found["report_summary"]}
	assert (head["Escalated on This Day"], head["Still Open, at Both Levels"]) == (2, 1)
	said = "Of what escalated until 05-04-2026, open as of 06-04-2026 07:30."
	assert found["message"] == said


def test_several_days_are_told_together(desk: frappe._dict) -> None:
	found = reading.run(desk.tsm_agent, REPORT, since=SUNDAY, until=MONDAY)
	head = {each["label"]: each["value"] for each in found["report_summary"]}
	assert (head["Escalated in These Days"], head["Still Open, at Both Levels"]) == (3, 2)


def test_what_escalated_on_a_day_is_found_by_a_key(desk: frappe._dict) -> None:
	filters = escalated_tickets.of_days(escalated_tickets.asked({"since": MONDAY, "until": MONDAY}))
	asked = frappe.get_list("Ticket Escalation", filters=filters, order_by=None, run=False)
	(plan,) = frappe.db.sql(f"explain {asked}", as_dict=True)
	assert "ch_escalation_raised" in (plan.possible_keys or "")


def test_the_head_of_the_report_counts_them(desk: frappe._dict) -> None:
	summary = {
		each["label"]: each["value"]
		for each in reading.run(desk.tsm_agent, REPORT, since=MONDAY, until=MONDAY)["report_summary"]
	}
	assert summary == {
		"Escalated on This Day": 1,
		"Still Open, at Both Levels": 2,
		"Over 24 Hours, at Both Levels": 0,
		"Receipt Not Confirmed": 2,
	}


def test_of_one_level_nothing_is_said_of_both(desk: frappe._dict) -> None:
	found = reading.run(desk.tsm_agent, REPORT, since=MONDAY, until=MONDAY, level=1)
	labels = [each["label"] for each in found["report_summary"]]
	assert labels[1:3] == ["Still Open", "Over 24 Hours"]


def test_a_row_says_who_has_it_and_until_when(desk: frappe._dict, moment: Moment) -> None:
	row = rows(desk.tsm_agent)[1]
	assert (row["level"], row["target"], row["group"]) == (1, "Ticketing System Management", desk.team)
	assert str(row["escalated_at"]) == f"{SUNDAY} 15:00:00"
	assert row["left"] == 7.5
	moment.set("2026-04-06 16:30")
	assert rows(desk.tsm_agent)[1]["left"] == -1.5
	assert rows(desk.tsm_agent)[1]["tones"]["left"] == "red"


def test_what_was_confirmed_shows(desk: frappe._dict, moment: Moment) -> None:
	escalation = frappe.db.get_value("Ticket Escalation", {"reference_name": str(desk.open.name)})
	with as_user(desk.head):
		actions.confirm_receipt(escalation, moment.now)
	row = next(row for row in rows(desk.tsm_agent) if row["ticket"] == str(desk.open.name))
	assert str(row["confirmed_on"]) == f"{MONDAY} 07:30:00"


def test_departments_read_their_own(desk: frappe._dict) -> None:
	"""Policy: CORE-13"""
	assert tickets(rows(desk.head)) == names(desk.open)
	assert tickets(rows(desk.other_head)) == names(desk.of_monday)
	assert rows(desk.head, department=frappe.db.get_value("HD Team", desk.other, "ch_department")) == []


def test_others_read_nothing(desk: frappe._dict) -> None:
	for user in (make_agent(), make_user("Tracing Officer"), make_user("System Manager")):
		with pytest.raises(frappe.PermissionError):
			rows(user)
	answer = reading.run(make_user("Department Manager"), REPORT)
	assert (answer["result"], answer["report_summary"] or []) == ([], [])


def test_a_day_without_any_says_so(desk: frappe._dict, moment: Moment) -> None:
	for ticket in (desk.open, desk.of_monday):
		change(ticket.name, status="Closed")
	answer = reading.run(desk.tsm_agent, REPORT, since="2026-01-01", until="2026-01-01")
	assert answer["result"] == []
	assert answer["message"] == "Nothing escalated, and nothing is open."
	assert [each["value"] for each in answer["report_summary"]] == [0, 0, 0, 0]


@pytest.mark.parametrize(
	"days", [("", ""), ("never", MONDAY), (MONDAY, SUNDAY), ("2026-13-40", "x")], ids=str
)
def test_odd_days_neither_fail_nor_open_anything(desk: frappe._dict, days: tuple[str, str]) -> None:
	assert set(tickets(rows(desk.head, *days))) <= set(names(desk.open, desk.solved))
