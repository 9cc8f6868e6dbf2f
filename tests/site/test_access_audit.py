"""The report Access Audit: every way in which somebody can change groups and escalation, and what becomes of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest
from frappe.utils.background_jobs import get_job, is_job_enqueued

from core_helpdesk import jobs
from core_helpdesk.governance import access_watch, governance_switch
from tests.site import report_reading as reading
from tests.site import request_desk as desks
from tests.site.factories import as_user, make_user
from tests.site.report_reading import ACCESS, cells

if TYPE_CHECKING:
	from tests.site.request_desk import Desk

FINDING = "Escalation Finding"
WAY = ("what", "kind", "through", "verdict")
LOOK, POLICY = "To Be Looked At", "By Policy"


@pytest.fixture
def desk() -> Desk:
	return desks.open_desk(mode="Off")


def ways(desk: Desk, user: str, **filters: object) -> list[tuple]:
	return cells(reading.rows(desk.qa, ACCESS, user=user, **filters), *WAY)


def allow(doctype: str, role: str, **rights: int) -> None:
	"""Rights that an admin adds with the Role Permissions Manager, beside those that came with the app."""
	from frappe.permissions import add_permission, update_permission_property

	add_permission(doctype, role, 0)
	for right, value in rights.items():
		update_permission_property(doctype, role, 0, right, value)


def finding_of(user: str, what: str) -> frappe._dict | None:
	found = frappe.get_all(
		FINDING,
		{"kind": "Access to Be Looked At", "reference_name": user, "subject_key": ("like", f"%|{what}|%")},
		["name", "state", "details", "subject_key", "times"],
		order_by="creation desc",
	)
	return found[0] if found else None


def test_a_qa_specialist_has_everything_by_policy(desk: Desk) -> None:
	role = "QA Specialist"
	assert sorted(ways(desk, desk.other_qa)) == [
		("Core Helpdesk Settings", "Role", role, POLICY),
		("Decisions on Group Requests", "Role", role, POLICY),
		("Escalation Policies", "Role", role, POLICY),
		("Group Categories", "Role", role, POLICY),
		("Groups and Their Members", "Role", role, POLICY),
		("Members of the Hidden Group", "Role", role, POLICY),
		("Working Calendars", "Role", role, POLICY),
	]


def test_the_manager_decides_on_requests_and_changes_nothing_else(desk: Desk) -> None:
	role = "Customer Service Manager"
	assert ways(desk, desk.manager) == [("Decisions on Group Requests", "Role", role, POLICY)]


def test_the_managers_role_without_the_office_is_to_be_looked_at(desk: Desk) -> None:
	other = make_user("Customer Service Manager")
	assert [row[-1] for row in ways(desk, other)] == [LOOK]


def test_a_system_manager_can_change_groups_and_give_roles(desk: Desk) -> None:
	user = make_user("System Manager")
	assert sorted(ways(desk, user)) == [
		("Groups and Their Members", "Role", "System Manager", LOOK),
		("Roles and Permissions", "Role", "System Manager", LOOK),
	]
	(groups, _roles) = reading.rows(desk.qa, ACCESS, user=user)
	assert groups["actions"] == "make, change, delete"


def test_an_agent_can_change_groups_by_the_hosts_own_rights(desk: Desk) -> None:
	assert ways(desk, desk.agent) == [("Groups and Their Members", "Role", "Agent", LOOK)]


def test_a_member_of_the_hidden_group_can_change_its_members(desk: Desk) -> None:
	assert ("Members of the Hidden Group", "Role", "Agent", LOOK) in ways(desk, desk.courier.tsm[0])


def test_a_qa_specialist_who_belongs_abroad_only_is_to_be_looked_at(desk: Desk) -> None:
	"""CORE-11: controlling roles are for Customer Service at headquarters."""
	for user in (desk.head_abroad, desk.head, desk.courier.tsm[0]):
		frappe.get_doc("User", user).add_roles("QA Specialist")
	category = {
		user: cells(reading.rows(desk.qa, ACCESS, user=user, what="Group Categories"), "verdict", "places")
		for user in (desk.head_abroad, desk.head, desk.courier.tsm[0])
	}
	assert category[desk.head_abroad] == [(LOOK, f"{desk.department} – United Arab Emirates")]
	assert [verdict for verdict, _places in category[desk.head]] == [POLICY]
	# Nobody learns from the report where the members of the hidden group work.
	assert category[desk.courier.tsm[0]] == [(POLICY, "")]
	access_watch.watch()
	assert finding_of(desk.head_abroad, "Group Categories").state == "Open"


def test_heads_and_others_without_control_are_not_listed(desk: Desk) -> None:
	for user in (desk.head, desk.general_manager, desk.outsider):
		assert ways(desk, user) == []


def test_the_sites_own_account_is_listed_but_decides_on_nothing(desk: Desk) -> None:
	found = ways(desk, "Administrator")
	assert {row[1:3] for row in found} == {("Account", "the site's own account")}
	assert "Decisions on Group Requests" not in {row[0] for row in found}
	assert len(found) == 7


def test_a_right_added_on_the_site_is_told_from_those_that_came_with_the_app(desk: Desk) -> None:
	user = make_user("Department Manager")
	allow("Escalation Policy", "Department Manager", write=1)
	assert ways(desk, user) == [
		("Escalation Policies", "Right Added on This Site", "Department Manager", LOOK)
	]
	assert ways(desk, desk.other_qa, what="Escalation Policies")[0][1:] == ("Role", "QA Specialist", POLICY)


def test_a_role_given_by_a_profile_names_the_profile(desk: Desk) -> None:
	profile = frappe.get_doc(
		{"doctype": "Role Profile", "role_profile": "Night Shift", "roles": [{"role": "QA Specialist"}]}
	).insert()
	user = frappe.get_doc("User", make_user())
	if user.meta.has_field("role_profiles"):
		user.append("role_profiles", {"role_profile": profile.name})
	else:
		user.role_profile_name = profile.name
	user.save()
	(row,) = reading.rows(desk.qa, ACCESS, user=user.name, what="Group Categories")
	assert row["through"] == "QA Specialist, by the role profile Night Shift"


def test_a_role_that_everybody_has_is_one_row_for_everybody(desk: Desk) -> None:
	allow("Working Calendar", "All", write=1)
	found = [row for row in reading.rows(desk.qa, ACCESS, what="Working Calendars") if not row["user"]]
	assert cells(found, "person", *WAY) == [
		(
			"Everybody",
			"Working Calendars",
			"Right Added on This Site",
			"All (nobody is given this role, everybody has it)",
			LOOK,
		)
	]


def test_a_shared_document_is_named(desk: Desk) -> None:
	frappe.share.add("Escalation Policy", desk.courier.policy, desk.outsider, read=1, write=1)
	assert ways(desk, desk.outsider) == [
		("Escalation Policies", "Shared Document", desk.courier.policy, LOOK)
	]


def test_a_document_shared_for_reading_is_no_control(desk: Desk) -> None:
	frappe.share.add("Escalation Policy", desk.courier.policy, desk.outsider, read=1)
	assert ways(desk, desk.outsider) == []


def test_disabled_users_are_left_out(desk: Desk) -> None:
	user = make_user("System Manager")
	frappe.db.set_value("User", user, "enabled", 0)
	assert ways(desk, user) == []


def test_api_keys_and_restrictions_are_noted(desk: Desk) -> None:
	user = make_user("System Manager")
	frappe.db.set_value("User", user, "api_key", "key-of-a-program")
	frappe.get_doc(
		{"doctype": "User Permission", "user": user, "allow": "HD Team", "for_value": desk.home}
	).insert()
	(groups, roles) = reading.rows(desk.qa, ACCESS, user=user)
	assert (groups["key"], groups["limited_to"]) == ("has an API key", desk.home)
	assert (roles["key"], roles["limited_to"]) == ("has an API key", "")


def test_it_says_since_when_and_when_last_used(desk: Desk) -> None:
	user = make_user("System Manager")
	row = {"parenttype": "User", "parent": user, "role": "System Manager"}
	frappe.db.set_value("Has Role", row, "creation", "2026-02-03 04:05:06")
	assert cells(reading.rows(desk.qa, ACCESS, user=user), "last_used") == [(None,), (None,)]
	with as_user(user):
		team = frappe.get_doc("HD Team", desk.home)
		team.ch_purpose = "Parcels of the north"
		team.save()
	frappe.db.set_value("Version", {"owner": user, "docname": desk.home}, "creation", "2026-04-05 06:07:08")
	stamp = {"modified": "2026-04-05 06:07:08", "modified_by": user}
	frappe.db.set_value("HD Team", desk.home, stamp, update_modified=False)
	(groups, roles) = reading.rows(desk.qa, ACCESS, user=user)
	assert groups["since"].startswith("2026-02-03 04:05:06")
	assert groups["last_used"].startswith("2026-04-05 06:07:08")
	assert roles["last_used"] is None


def test_a_decision_on_a_request_is_use_of_the_right_to_decide(desk: Desk) -> None:
	request = desks.put_into(desks.make_request(desk), "QA Review")
	desks.by_form(desk.other_qa, request.name, "Approve")
	(row,) = reading.rows(desk.qa, ACCESS, user=desk.other_qa, what="Decisions on Group Requests")
	assert row["last_used"]
	(row,) = reading.rows(desk.qa, ACCESS, user=desk.manager)
	assert row["last_used"] is None


def test_what_the_app_refuses_is_said_to_be_refused(desk: Desk) -> None:
	user = make_user("System Manager")
	for team in frappe.get_all("HD Team", {"ch_hidden": 0}, pluck="name"):
		frappe.db.set_value("HD Team", team, "ch_purpose", "Parcels")
		governance_switch.put_under(frappe.get_doc("HD Team", team))
	assert dict((row[0], row[3]) for row in ways(desk, user)) == {
		"Groups and Their Members": "Refused by the App",
		"Roles and Permissions": LOOK,
	}
	assert {row[3] for row in ways(desk, desk.other_qa)} == {POLICY}


def test_the_members_of_the_hidden_group_are_nobody_elses_business(desk: Desk) -> None:
	for user in (desk.manager, make_user("System Manager")):
		told = reading.rows(user, ACCESS)
		assert told
		assert "Members of the Hidden Group" not in {row["what"] for row in told}


def test_filters_narrow_the_rows(desk: Desk) -> None:
	rows = reading.rows(desk.qa, ACCESS, what="Group Categories", verdict=POLICY, kind="Role")
	assert {(row["what"], row["verdict"], row["kind"]) for row in rows} == {
		("Group Categories", POLICY, "Role")
	}
	assert {row["user"] for row in rows} >= {desk.qa, desk.other_qa}


# --- Findings


def test_new_access_is_found_once_and_told_to_the_qa_specialists(desk: Desk) -> None:
	access_watch.watch()
	user = make_user("System Manager")
	jobs.ch_govern()
	jobs.ch_govern()
	finding = finding_of(user, "Roles and Permissions")
	assert (finding.state, finding.times) == ("Open", 1)
	name = frappe.db.get_value("User", user, "full_name")
	assert finding.details == f"{name} can change Roles and Permissions through: System Manager."
	told = frappe.get_all(
		"Notification Log", {"for_user": desk.qa, "document_type": FINDING}, pluck="subject"
	)
	assert "2 ways to change groups or escalation are to be looked at." in told


def test_every_agent_of_the_host_is_no_finding_of_their_own(desk: Desk) -> None:
	access_watch.watch()
	assert finding_of(desk.agent, "Groups and Their Members") is None


def test_access_that_ended_closes_its_finding_and_comes_back_as_a_new_one(desk: Desk) -> None:
	user = make_user("System Manager")
	access_watch.watch()
	frappe.db.delete("Has Role", {"parent": user, "role": "System Manager"})
	access_watch.watch()
	assert finding_of(user, "Roles and Permissions").state == "Closed"
	frappe.get_doc("User", user).add_roles("System Manager")
	access_watch.watch()
	assert finding_of(user, "Roles and Permissions").state == "Open"


def close(finding: str, reason: str, user: str) -> None:
	with as_user(user):
		document = frappe.get_doc(FINDING, finding)
		document.update({"state": "Closed", "accepted_because": reason})
		document.save()


def test_access_is_accepted_with_a_reason_and_not_without(desk: Desk) -> None:
	user = make_user("System Manager")
	access_watch.watch()
	finding = finding_of(user, "Roles and Permissions").name
	with pytest.raises(frappe.ValidationError, match="why it is accepted"):
		close(finding, " ", desk.qa)
	close(finding, "Runs the servers", desk.qa)
	access_watch.watch()
	assert finding_of(user, "Roles and Permissions").name == finding
	rows = reading.rows(desk.qa, ACCESS, user=user, what="Roles and Permissions")
	assert cells(rows, "verdict", "reason") == [("Accepted", "Runs the servers")]


def test_accepted_access_that_is_given_anew_is_looked_at_anew(desk: Desk) -> None:
	user = make_user("System Manager")
	access_watch.watch()
	close(finding_of(user, "Roles and Permissions").name, "Runs the servers", desk.qa)
	later = frappe.utils.add_to_date(frappe.utils.now_datetime(), hours=1)
	frappe.db.set_value("Has Role", {"parent": user, "role": "System Manager"}, "creation", later)
	access_watch.watch()
	assert finding_of(user, "Roles and Permissions").state == "Open"


def test_a_new_qa_specialist_is_told_to_the_others_once(desk: Desk) -> None:
	access_watch.watch()
	new = make_user("QA Specialist")
	access_watch.watch()
	access_watch.watch()
	told = {"for_user": desk.qa, "document_type": "User", "document_name": new}
	name = frappe.db.get_value("User", new, "full_name")
	assert frappe.get_all("Notification Log", told, pluck="subject") == [
		f"{name} was given the role QA Specialist."
	]
	assert not frappe.db.exists("Notification Log", {**told, "for_user": new})


def test_a_role_that_gives_control_is_looked_at_at_once(desk: Desk) -> None:
	looking = "ch_watch_access"
	user = frappe.get_doc("User", make_user())
	for role, is_control in (("Department Manager", False), ("System Manager", True)):
		frappe.db.commit()
		if job := get_job(looking):
			job.delete()
		user.add_roles(role)
		frappe.db.commit()
		assert is_job_enqueued(looking) is is_control
