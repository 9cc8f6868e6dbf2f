"""Who may say what governs a group, and whose lookups tell of a hidden one, past the pages made for it."""

import frappe
import pytest

from core_helpdesk import config
from tests.site import courier as couriers
from tests.site import web
from tests.site.factories import make_agent, make_team, make_user

START = "ch_governed_from"
GIVEN = ("ch_category", "ch_department", "ch_country", "ch_calendar")


def tsm() -> str:
	return config.settings().tsm_team


@pytest.fixture
def people() -> dict[str, str]:
	member = make_agent("TSM Agent")
	couriers.join_tsm(member)
	return {
		"agent": make_agent(),
		"member": member,
		"manager": make_user("System Manager", "Agent"),
		"qa": make_user("QA Specialist", "Agent"),
	}


def values() -> dict[str, str]:
	return {
		"ch_category": frappe.get_all("Group Category", pluck="name", limit=1)[0],
		"ch_department": couriers.make_department(head=make_user()),
		"ch_country": "Oman",
		"ch_calendar": frappe.get_all("Working Calendar", pluck="name", limit=1)[0],
	}


@pytest.mark.parametrize("field", GIVEN)
def test_what_a_group_is_given_is_said_by_those_who_answer_for_all_groups(people: dict, field: str) -> None:
	group, value = make_team(), values()[field]
	for who in ("agent", "member"):
		with pytest.raises(frappe.PermissionError, match="Only a QA Specialist or a System Manager"):
			web.put(people[who], f"{web.RESOURCE}/HD Team/{group}", **{field: value})
		assert not frappe.db.get_value("HD Team", group, field)
	for who in ("manager", "qa"):
		web.put(people[who], f"{web.RESOURCE}/HD Team/{group}", **{field: value})
		assert frappe.db.get_value("HD Team", group, field) == value
		web.put(people[who], f"{web.RESOURCE}/HD Team/{group}", **{field: ""})
		assert not frappe.db.get_value("HD Team", group, field)


def test_from_when_tickets_count_is_said_by_the_qa_specialist(people: dict) -> None:
	group, later = make_team(), "2030-01-01 00:00:00"
	for who in ("agent", "member", "manager"):
		with pytest.raises(frappe.PermissionError, match="Only a QA Specialist may change this on a group"):
			web.put(people[who], f"{web.RESOURCE}/HD Team/{group}", **{START: later})
	assert not frappe.db.get_value("HD Team", group, START)
	web.put(people["qa"], f"{web.RESOURCE}/HD Team/{group}", **{START: later})
	assert str(frappe.db.get_value("HD Team", group, START)) == later


def test_a_new_group_comes_without_them_or_not_at_all(people: dict) -> None:
	named = {"team_name": "New Group", "users": [{"user": people["agent"]}]}
	manager = make_user("Agent", "System Manager")
	with pytest.raises(frappe.PermissionError, match="Please ask one"):
		web.post(people["agent"], f"{web.RESOURCE}/HD Team", **named, ch_department=values()["ch_department"])
	with pytest.raises(frappe.PermissionError, match="Please ask one"):
		web.post(manager, f"{web.RESOURCE}/HD Team", **named, **{START: "2030-01-01 00:00:00"})


def test_everything_else_of_a_governed_group_is_changed_by_agents_as_before(people: dict) -> None:
	given = {**values(), START: "2026-03-02 08:00:00"}
	group = make_team(**given)
	shown = web.get(people["agent"], f"{web.RESOURCE}/HD Team/{group}")
	web.put(people["agent"], f"{web.RESOURCE}/HD Team/{group}", **{**shown, "ch_purpose": "Parcels"})
	stored = frappe.db.get_value("HD Team", group, ["ch_purpose", *given], as_dict=True)
	assert {name: str(value) for name, value in stored.items()} == {"ch_purpose": "Parcels", **given}


# Lookups of the framework.


def counted(user: str, doctype: str, filters: object) -> int:
	return web.call(user, "frappe.client.get_count", doctype=doctype, filters=filters)


@pytest.mark.parametrize(
	("doctype", "filters"),
	[
		("HD Team", {"ch_hidden": 1}),
		("HD Team", [["HD Team", "name", "like", "Ticketing S%"]]),
		("HD Team", '[["HD Team Member","parent","like","Ticketing S%"]]'),
		("HD Team Member", {"parent": "ticketing system management "}),
	],
)
def test_counts_tell_nobody_of_a_hidden_group(people: dict, doctype: str, filters: object) -> None:
	assert {who: counted(user, doctype, filters) for who, user in people.items()} == {
		"agent": 0,
		"member": 1,
		"manager": 0,
		"qa": 1,
	}


def test_counts_of_escalations_are_of_those_that_the_user_may_read() -> None:
	courier = couriers.open_courier()
	couriers.escalated(courier)
	other_head = make_user("Department Manager")
	couriers.make_department(head=other_head)
	for doctype in ("Ticket Escalation", "Ticket Clock", "Escalation Recipient"):
		assert counted(courier.head, doctype, {}) >= 1
		assert counted(other_head, doctype, {}) == 0
	assert counted(courier.head, "ToDo", {}) == frappe.db.count("ToDo")


def test_a_group_with_several_members_is_counted_once(people: dict) -> None:
	group = make_team(agents=(make_agent(), make_agent()))
	assert counted(people["agent"], "HD Team", [["HD Team Member", "parent", "=", group]]) == 1


@pytest.mark.parametrize("written", ["{0}", "{0} ", "{1}"])
def test_a_link_confirms_a_hidden_group_to_nobody_outside(people: dict, written: str) -> None:
	name = written.format(tsm(), tsm().upper())

	def confirmed(user: str) -> str | None:
		asked = {"doctype": "HD Team", "docname": name, "fields": ["team_name"]}
		return web.call(user, "frappe.client.validate_link", **asked).get("name")

	assert {who: confirmed(user) for who, user in people.items()} == {
		"agent": None,
		"member": tsm(),
		"manager": None,
		"qa": tsm(),
	}


def test_a_link_confirms_other_names_as_before(people: dict) -> None:
	group = make_team()
	asked = {"docname": group, "fields": ["team_name"]}
	found = web.call(people["agent"], "frappe.client.validate_link", doctype="HD Team", **asked)
	assert found == {"name": group, "team_name": group}
	missing = {"doctype": "HD Team", "docname": "No such group"}
	assert not web.call(people["agent"], "frappe.client.validate_link", **missing).get("name")
	user = {"doctype": "User", "docname": people["agent"]}
	assert web.call(people["manager"], "frappe.client.validate_link", **user)["name"] == people["agent"]


def test_a_link_confirms_no_escalation_of_another_department() -> None:
	courier = couriers.open_courier()
	name = couriers.escalation_of(couriers.escalated(courier)).name
	other_head = make_user("Department Manager")
	couriers.make_department(head=other_head)
	asked = {"doctype": "Ticket Escalation", "docname": name}
	assert web.call(courier.head, "frappe.client.validate_link", **asked)["name"] == name
	assert web.call(other_head, "frappe.client.validate_link", **asked) == {}


@pytest.mark.parametrize("written", ["{0} ", "{1}", "{1} "])
def test_members_are_not_told_for_another_writing_of_the_name(people: dict, written: str) -> None:
	members = "helpdesk.helpdesk.doctype.hd_team.hd_team.get_team_members"
	name = written.format(tsm(), tsm().lower())
	assert not web.call(people["agent"], members, team=name)
	assert web.call(people["qa"], members, team=name) == [people["member"]]
