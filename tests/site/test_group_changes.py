"""A group's data changed past the QA Specialist is reported: who, what, from and to what."""

import frappe
import pytest

from core_helpdesk.setup import groups
from core_helpdesk.setup.roles import QA_SPECIALIST
from tests.site.factories import as_user, make_agent, make_department, make_team, make_user, switch_mode


@pytest.fixture
def team() -> str:
	return make_team(ch_country="Oman")


@pytest.fixture
def observing(team: str) -> None:
	"""From now on the app runs; what was made before is none of this."""
	switch_mode("Observe")


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


def test_while_the_app_is_off_only_what_decides_on_clocks_is_reported(team: str) -> None:
	change(team, users=[{"user": make_agent()}], ch_purpose="Lost parcels")
	frappe.delete_doc("HD Team", make_team())
	assert reported() == []


def test_members_purpose_and_name_of_a_group_are_reported_once_the_app_runs(
	team: str, observing: None
) -> None:
	agent, (old, *_others) = make_agent(), frappe.get_doc("HD Team", team).users or [None]
	members = [{"user": agent}]
	change(team, users=members, ch_purpose="Lost parcels")
	frappe.rename_doc("HD Team", team, f"{team} of Oman")
	told = [finding.details for finding in reported()]
	assert told[0].startswith(f"Administrator changed the group {team}. ")
	assert "Purpose: from – to Lost parcels" in told[0] and f"joined: {agent}" in told[0]
	assert told[1] == f"Administrator renamed the group {team} to {team} of Oman."
	assert old is None or old.user in told[0]


def test_a_group_that_is_made_or_deleted_directly_is_reported_once_the_app_runs(observing: None) -> None:
	admin = make_user("System Manager", "Agent", "Agent Manager")
	with as_user(admin):
		made = frappe.get_doc({"doctype": "HD Team", "team_name": "Lost Parcels of Oman"}).insert().name
		frappe.delete_doc("HD Team", made)
	assert [finding.details for finding in reported()] == [
		f"{admin} made the group {made}.",
		f"{admin} deleted the group {made}.",
	]


def test_what_a_qa_specialist_makes_is_not_reported(observing: None) -> None:
	with as_user(make_user(QA_SPECIALIST, "Agent", "System Manager")):
		made = frappe.get_doc({"doctype": "HD Team", "team_name": "Lost Parcels of Oman"}).insert().name
		frappe.delete_doc("HD Team", made)
	assert reported() == []
