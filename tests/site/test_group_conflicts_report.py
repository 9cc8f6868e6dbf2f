"""The report Group Conflicts: which other group, why, what would resolve it, and the request that does."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import frappe
import pytest

from tests.site import report_reading as reading
from tests.site import request_desk as desks
from tests.site.factories import make_agent, make_policy, make_team
from tests.site.report_reading import CONFLICTS, cells
from tests.site.request_desk import AE, SA, Desk


@pytest.fixture
def desk() -> Desk:
	return desks.open_desk()


@pytest.fixture
def rival(desk: Desk) -> str:
	"""A second group in the place of the one at home."""
	place = {"ch_department": desk.department, "ch_category": desk.category, "ch_country": SA}
	return make_team(name="Rival", agents=(make_agent(),), ch_ticket_type=desk.ticket_type, **place)


def of(desk: Desk, group: str, user: str = "", **filters: object) -> list[reading.Row]:
	return reading.rows(user or desk.qa, CONFLICTS, group=group, **filters)


def asked(row: reading.Row) -> dict[str, str]:
	"""What the linked form of a request is filled in with."""
	link = urlsplit(row["links"]["request"]["url"])
	assert link.path.endswith("/group-request/new")
	return {name: values[0] for name, values in parse_qs(link.query).items()}


def test_a_group_without_conflict_has_no_row(desk: Desk) -> None:
	assert of(desk, desk.home) == []
	message = reading.run(desk.head, CONFLICTS)["message"]
	assert message == "No conflict among the groups that you answer for (2)."


def test_filters_that_leave_nothing_do_not_say_that_there_is_no_conflict(desk: Desk, rival: str) -> None:
	message = reading.run(desk.head, CONFLICTS, group=rival, kind="No Head")["message"]
	assert message == "Nothing that you may see matches these filters."


def test_two_groups_in_one_place_are_one_row_that_names_both(desk: Desk, rival: str) -> None:
	(row,) = of(desk, desk.home)
	assert row["kind"] == "Same Place as Another Group"
	assert {row["group"], row["other"]} == {desk.home, rival}
	assert (row["department"], row["country"]) == (desk.department, SA)
	for fact in (row["other"], SA, desk.department, desk.category, desk.ticket_type):
		assert fact in row["why"]
	assert "Divide the ticket categories" in row["remedy"]
	assert row["request"] == "Change Group"
	assert asked(row) == {"kind": "Change Group", "team": row["group"]}
	assert [found["why"] for found in of(desk, rival)] == [row["why"]]


def test_a_group_without_enabled_members_asks_for_some(desk: Desk) -> None:
	frappe.db.set_value("User", desk.agent, "enabled", 0)
	(row,) = of(desk, desk.home)
	assert cells([row], "kind", "other", "request") == [("No Members", "", "Add Members")]
	assert row["why"] == f"Nobody is in {desk.home}, or nobody whose account is enabled."
	assert asked(row) == {"kind": "Add Members", "team": desk.home}


def test_a_department_without_a_head_is_named_with_the_country(desk: Desk) -> None:
	frappe.db.delete("Department Head", {"parent": desk.department, "head": desk.head_abroad})
	(row,) = of(desk, desk.abroad)
	assert cells([row], "kind", "country", "request") == [("No Department Head", AE, "Change Group")]
	assert desk.department in row["why"]


def test_a_group_without_a_department_is_to_be_given_one(desk: Desk) -> None:
	team = make_team(agents=(make_agent(),))
	(row,) = of(desk, team, kind="No Head")
	assert (row["why"], row["remedy"]) == (
		f"{team} has no department or no country, so that nobody heads it.",
		"Give the group its department and country.",
	)


def test_a_group_without_policy_would_never_escalate(desk: Desk) -> None:
	frappe.db.set_value("Escalation Policy", desk.courier.policy, "country", SA)
	frappe.db.set_value("Escalation Policy", desk.courier.policy, "is_default", 0)
	(row,) = of(desk, desk.abroad)
	assert cells([row], "kind", "request") == [("No Escalation Policy", "Change Escalation")]
	assert asked(row) == {"kind": "Change Escalation", "team": desk.abroad}


def test_two_policies_for_one_ticket_name_the_groups_that_they_are_for(desk: Desk) -> None:
	first, second = (make_policy(name=name, group_category=desk.category) for name in ("First", "Second"))
	found = [row for row in of(desk, desk.home) if row["kind"] == "Two Policies for One Ticket"]
	assert len(found) == 1
	row = found[0]
	assert {name for name in (desk.home, desk.abroad) if name in row["group"]} == {desk.home, desk.abroad}
	assert first in row["why"] and second in row["why"] and desk.category in row["why"]
	assert asked(row)["reference_doctype"] == "Escalation Policy"
	assert asked(row)["kind"] == "Data Correction"
	assert asked(row)["wrong"] == "Wrong Escalation"


def test_a_policy_that_comes_back_to_where_it_was_is_a_circle(desk: Desk) -> None:
	tsm = "Ticketing System Management"
	levels = ({"target": tsm}, {"target": "General Manager"}, {"target": "Customer Service Manager"})
	policy = make_policy(*levels, team=desk.home)
	# The document refuses it: it can only come past the app.
	frappe.db.set_value("Escalation Level", {"parent": policy, "idx": 3}, "target", tsm)
	(row,) = of(desk, desk.home)
	assert row["kind"] == "Circular Escalation"
	assert "General Manager" in row["why"]
	assert len(of(desk, desk.home, desk.head)) == 1


def test_rules_that_take_the_same_ticket_name_the_other_group(desk: Desk) -> None:
	condition = f"ticket_type == '{desk.ticket_type}'"
	for team in (desk.home, desk.other_group):
		rule = frappe.db.get_value("HD Team", team, "assignment_rule")
		values = {"assign_condition": condition, "disabled": 0, "priority": 7}
		frappe.db.set_value("Assignment Rule", rule, values)
	(row,) = of(desk, desk.home)
	assert row["kind"] == "Overlapping Routing"
	assert {row["group"], row["other"]} == {desk.home, desk.other_group}
	for head in (desk.head, desk.other_head):
		assert [found["kind"] for found in reading.rows(head, CONFLICTS)] == ["Overlapping Routing"]


def test_heads_see_the_conflicts_of_their_own_groups(desk: Desk, rival: str) -> None:
	frappe.db.delete("HD Team Member", {"parent": desk.other_group})
	seen = {
		user: {row["kind"] for row in reading.rows(user, CONFLICTS)}
		for user in (desk.head, desk.head_abroad, desk.other_head)
	}
	assert seen == {
		desk.head: {"Same Place as Another Group"},
		desk.head_abroad: set(),
		desk.other_head: {"No Members"},
	}


def test_the_hidden_group_without_members_is_shown_to_the_qa_specialist_alone(desk: Desk) -> None:
	hidden = desk.courier.tsm_team
	frappe.db.delete("HD Team Member", {"parent": hidden})
	assert cells(of(desk, hidden), "kind") == [("No Members",)]
	for user in (desk.manager, desk.general_manager, desk.head):
		assert hidden not in {row["group"] for row in reading.rows(user, CONFLICTS)}


def test_the_hidden_group_of_a_site_in_order_has_no_conflict(desk: Desk) -> None:
	assert of(desk, desk.courier.tsm_team) == []


def test_a_group_before_its_start_is_named_to_nobody_else(desk: Desk, rival: str) -> None:
	frappe.db.set_value("HD Team", rival, "ch_stage", "Not Open Yet")
	assert len(of(desk, desk.home)) == 1
	assert rival not in reading.text_of(desk.head, CONFLICTS)
	assert rival not in reading.text_of(desk.manager, CONFLICTS)


def test_each_filter_narrows_the_rows(desk: Desk, rival: str) -> None:
	for filters in ({"department": desk.department}, {"country": SA}, {"kind": "Same Place"}):
		assert len(of(desk, desk.home, **filters)) == 1
	for filters in ({"department": desk.other_department}, {"country": AE}, {"kind": "No Members"}):
		assert of(desk, desk.home, **filters) == []


def test_the_head_of_the_report_counts_what_it_shows(desk: Desk, rival: str) -> None:
	frappe.db.delete("HD Team Member", {"parent": desk.home})
	answer = reading.run(desk.head, CONFLICTS)
	assert {item["label"]: item["value"] for item in answer["report_summary"]} == {
		"Conflicts": 2,
		"Between Groups or Policies": 1,
		"Of One Group Alone": 1,
		"Groups Concerned": 2,
	}
	assert sum(answer["chart"]["data"]["datasets"][0]["values"]) == 2
