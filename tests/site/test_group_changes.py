"""A group's data changed past the QA Specialist is reported: who, what, from and to what."""

import frappe
import pytest

from core_helpdesk.setup import groups
from core_helpdesk.setup.roles import QA_SPECIALIST
from tests.site.factories import as_user, make_agent, make_department, make_team, make_user


@pytest.fixture
def team() -> str:
	return make_team(ch_country="Oman")


def reported() -> list[frappe._dict]:
	return frappe.get_all(
		"Escalation Finding",
		{"kind": "Changed Directly", "state": "Open"},
		["reference_doctype", "reference_name", "details"],
		order_by="creation",
	)


def change(team: str, **values: object) -> None:
	document = frappe.get_doc("HD Team", team)
	document.update(values)
	document.save()


def test_an_admins_change_on_the_form_says_who_what_from_and_to(team: str) -> None:
	department, admin = make_department(), make_user("System Manager", "Agent")
	with as_user(admin):
		change(team, ch_country="Qatar", ch_department=department)
	(finding,) = reported()
	assert (finding.reference_doctype, finding.reference_name) == ("HD Team", team)
	assert finding.details == (
		f"{admin} changed the group {team}. Department: from – to {department}; Country: from Oman to Qatar"
	)


def test_every_change_is_a_finding_of_its_own(team: str) -> None:
	with as_user(make_user("System Manager", "Agent")):
		change(team, ch_country="Qatar")
		change(team, ch_country="Kuwait")
	assert [finding.details.partition(". ")[2] for finding in reported()] == [
		"Country: from Oman to Qatar",
		"Country: from Qatar to Kuwait",
	]


def test_the_qa_specialists_own_change_is_not_reported(team: str) -> None:
	with as_user(make_user(QA_SPECIALIST, "Agent")):
		change(team, ch_country="Qatar")
	assert reported() == []


def test_a_change_by_the_grid_of_all_groups_is_not_reported(team: str) -> None:
	with as_user(make_user("System Manager")):
		groups.save_groups([{"name": team, "ch_country": "Qatar"}])
	assert reported() == []


def test_a_change_of_members_alone_is_not_reported(team: str) -> None:
	change(team, users=[{"user": make_agent()}])
	assert reported() == []
