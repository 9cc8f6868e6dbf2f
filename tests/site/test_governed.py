"""Governed means governed: by form, list, REST and row, nobody changes a governed group past a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
import pytest

from core_helpdesk import jobs
from core_helpdesk.governance import governance_gaps, governed, governed_records
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.counting import queries
from tests.site.factories import as_user, make_agent, make_team, make_user

if TYPE_CHECKING:
	from collections.abc import Callable

TEAM = f"{web.RESOURCE}/HD Team"


@pytest.fixture
def cast() -> casts.Cast:
	return casts.open_cast()


@pytest.fixture
def governed_group(cast: casts.Cast) -> str:
	return casts.govern(cast)


def people(cast: casts.Cast) -> dict[str, str]:
	"""Everybody whom the host or the framework lets change groups."""
	return {
		"agent": cast.agent,
		"agent manager": make_agent("Agent Manager", "System Manager"),
		"system manager": make_user("System Manager", "Agent"),
		"manager": make_user("Customer Service Manager", "Agent"),
		"Administrator": "Administrator",
	}


ROLES = ("agent", "agent manager", "system manager", "manager", "Administrator")


def by_form(user: str, team: str, **values: Any) -> None:
	"""The whole group sent as the form sends it."""
	document = frappe.get_doc("HD Team", team).as_dict()
	document.update(values)
	web.call(user, "frappe.client.save", doc=frappe.as_json(document))


def by_list(user: str, team: str, **values: Any) -> None:
	"""As the list's bulk edit and the host's own pages do."""
	for field, value in values.items():
		web.call(user, "frappe.client.set_value", doctype="HD Team", name=team, fieldname=field, value=value)


def by_rest(user: str, team: str, **values: Any) -> None:
	web.put(user, f"{TEAM}/{team}", **values)


WAYS: dict[str, Callable[..., None]] = {"form": by_form, "list": by_list, "rest": by_rest}


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("way", sorted(WAYS))
def test_a_governed_group_is_changed_by_nobody_but_the_qa_specialist(
	cast: casts.Cast, governed_group: str, way: str, who: str
) -> None:
	before = governed_records.facts_of(frappe.get_doc("HD Team", governed_group))
	with pytest.raises(frappe.PermissionError, match="is governed") as refused:
		WAYS[way](people(cast)[who], governed_group, ch_purpose="Mine now")
	assert "/group-request/new?kind=Change+Group&team=" in str(refused.value)
	assert governed_records.facts_of(frappe.get_doc("HD Team", governed_group)) == before


@pytest.mark.parametrize("way", sorted(WAYS))
def test_the_qa_specialist_changes_it_and_the_app_knows(
	cast: casts.Cast, governed_group: str, way: str
) -> None:
	qa = make_user("QA Specialist", "Agent")
	WAYS[way](qa, governed_group, ch_purpose="Corrected")
	assert frappe.db.get_value("HD Team", governed_group, "ch_purpose") == "Corrected"
	assert governed_records.watch() == []


@pytest.mark.parametrize("who", ROLES)
def test_members_come_and_go_by_request_also_as_rows_on_their_own(
	cast: casts.Cast, governed_group: str, who: str
) -> None:
	user, newcomer = people(cast)[who], make_agent()
	row = frappe.db.get_value("HD Team Member", {"parent": governed_group})
	place = {"parent": governed_group, "parenttype": "HD Team", "parentfield": "users"}
	frappe.db.savepoint("tried")
	attempts: dict[str, Callable[[], Any]] = {
		"Add+Members": lambda: by_rest(
			user, governed_group, users=[{"user": cast.agent}, {"user": newcomer}]
		),
		"Remove+Members": lambda: by_rest(user, governed_group, users=[]),
		"Add+Members ": lambda: web.post(user, f"{web.RESOURCE}/HD Team Member", user=newcomer, **place),
		"Remove+Members ": lambda: web.put(user, f"{web.RESOURCE}/HD Team Member/{row}", user=newcomer),
		"Remove+Members  ": lambda: web.send(user, "DELETE", f"{web.RESOURCE}/HD Team Member/{row}"),
	}
	for kind, attempt in attempts.items():
		with pytest.raises(frappe.PermissionError) as refused:
			attempt()
		frappe.db.rollback(save_point="tried")
		if "is governed" in str(refused.value):
			assert f"kind={kind.strip()}" in str(refused.value)
	assert frappe.get_all("HD Team Member", {"parent": governed_group}, pluck="user") == [cast.agent]


@pytest.mark.parametrize("who", ROLES)
def test_a_governed_group_is_not_renamed(cast: casts.Cast, governed_group: str, who: str) -> None:
	method = "frappe.model.rename_doc.update_document_title"
	with pytest.raises(frappe.PermissionError, match="is governed"):
		web.call(people(cast)[who], method, doctype="HD Team", docname=governed_group, name="Mine Now")
	assert frappe.db.exists("HD Team", governed_group)


def test_a_group_renamed_while_another_app_is_upgraded_asks_no_table_that_may_be_missing(
	cast: casts.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setitem(frappe.flags, "in_migrate", True)
	with queries() as asked:
		frappe.rename_doc("HD Team", cast.group, "Claims of the North", force=True)
	assert frappe.db.exists("HD Team", "Claims of the North")
	assert [query for query in asked if "Governed Record" in query] == []


@pytest.mark.parametrize("who", [*ROLES, "qa"])
def test_a_governed_group_is_not_deleted_by_anybody(cast: casts.Cast, governed_group: str, who: str) -> None:
	user = {**people(cast), "qa": make_user("QA Specialist", "Agent")}[who]
	rule = frappe.db.get_value("HD Team", governed_group, "assignment_rule")
	frappe.db.commit()
	with pytest.raises(frappe.PermissionError, match="is governed") as refused:
		web.send(user, "DELETE", f"{TEAM}/{governed_group}")
	frappe.db.rollback()
	assert "kind=Retire+Group" in str(refused.value)
	assert frappe.db.exists("HD Team", governed_group)
	assert frappe.db.exists("Assignment Rule", rule)


@pytest.mark.parametrize("who", ROLES)
def test_new_groups_come_by_request_once_governance_has_begun(
	cast: casts.Cast, governed_group: str, who: str
) -> None:
	with pytest.raises(frappe.PermissionError, match="New groups come by a request") as refused:
		web.post(people(cast)[who], TEAM, team_name="Mine", users=[{"user": cast.agent}])
	assert "/group-request/new?kind=New+Group" in str(refused.value)
	assert not frappe.db.exists("HD Team", "Mine")


def test_before_governance_everything_is_as_the_host_has_it(cast: casts.Cast) -> None:
	assert not governed.has_begun()
	manager = people(cast)["agent manager"]
	web.post(manager, TEAM, team_name="As Before", users=[{"user": cast.agent}])
	by_rest(manager, "As Before", users=[{"user": cast.agent}, {"user": make_agent()}])
	assert frappe.db.count("HD Team Member", {"parent": "As Before"}) == 2


def test_another_group_that_is_not_governed_is_changed_as_before(
	cast: casts.Cast, governed_group: str
) -> None:
	other = make_team_of(cast)
	by_rest(people(cast)["agent manager"], other, users=[{"user": cast.agent}])
	assert frappe.get_all("HD Team Member", {"parent": other}, pluck="user") == [cast.agent]


def make_team_of(cast: casts.Cast) -> str:
	from core_helpdesk import at_work

	with at_work.the_app():
		return make_team(agents=(cast.agent, cast.courier.tsm[0]))


def test_a_save_that_changes_nothing_is_nobodys_business(cast: casts.Cast, governed_group: str) -> None:
	with as_user(cast.agent):
		frappe.get_doc("HD Team", governed_group).save()


# The marks themselves.


@pytest.mark.parametrize(
	("field", "value"),
	[
		("ch_governed", 0),
		("ch_stage", "Retired"),
		("ch_opens_on", "2030-01-01 08:00:00"),
		("ch_retired_on", "2030-01-01"),
	],
)
@pytest.mark.parametrize("who", ["agent manager", "qa", "Administrator"])
def test_the_marks_are_set_by_the_app_alone(
	cast: casts.Cast, governed_group: str, who: str, field: str, value: object
) -> None:
	user = {**people(cast), "qa": make_user("QA Specialist", "Agent")}[who]
	with pytest.raises(frappe.PermissionError, match="is set by the app alone"):
		by_rest(user, governed_group, **{field: value})


@pytest.mark.parametrize("who", ["agent manager", "manager", "head", "Administrator"])
def test_governance_is_switched_by_the_qa_specialist_alone(cast: casts.Cast, who: str) -> None:
	user = {**people(cast), "head": cast.head}[who]
	with pytest.raises(frappe.PermissionError, match="Only a QA Specialist"):
		web.call(user, "core_helpdesk.governance_api.switch_governance", team=cast.group, on=1)


def test_governance_begins_only_where_nothing_is_missing(cast: casts.Cast) -> None:
	frappe.db.set_value("HD Team", cast.group, {"ch_purpose": "", "ch_category": None})
	frappe.clear_document_cache("HD Team", cast.group)
	method = "core_helpdesk.governance_api.switch_governance"
	with pytest.raises(frappe.ValidationError, match="is not complete yet") as refused:
		web.call(cast.qa, method, team=cast.group, on=1)
	assert all(label in str(refused.value) for label in ("Purpose", "Group Category"))
	assert not governed.is_governed(cast.group)


def test_a_group_without_head_members_or_policy_says_so(cast: casts.Cast) -> None:
	frappe.db.delete("Department Head", {"parent": cast.department})
	frappe.db.delete("HD Team Member", {"parent": cast.group})
	frappe.db.set_value("Escalation Policy", cast.courier.policy, "workflow_state", "Draft")
	frappe.clear_document_cache("Core Department", cast.department)
	assert set(governance_gaps.gaps(cast.group)) == {
		"The department has no head for this country.",
		"The group has no members.",
		"No escalation policy is in force for the group.",
	}


def test_the_hidden_group_cannot_be_governed(cast: casts.Cast) -> None:
	with pytest.raises(frappe.ValidationError, match="hidden group"):
		casts.govern(cast, cast.courier.tsm_team)


def test_switched_off_the_group_is_the_hosts_again(cast: casts.Cast, governed_group: str) -> None:
	web.call(cast.qa, "core_helpdesk.governance_api.switch_governance", team=governed_group, on=0)
	users = [{"user": cast.agent}, {"user": make_agent()}]
	by_rest(people(cast)["agent manager"], governed_group, users=users)
	assert not governed.has_begun()
	assert frappe.db.count("Governed Record") == 0


def test_setup_governs_nothing(cast: casts.Cast) -> None:
	from core_helpdesk.setup import install

	install.setup()
	assert not governed.has_begun()
	assert not frappe.db.exists("HD Team", {"ch_governed": 1})


def test_a_request_that_makes_a_group_does_not_begin_governance(cast: casts.Cast) -> None:
	request = casts.new_group(cast)
	casts.implement(cast, request)
	assert not governed.has_begun()
	assert not governed.is_governed(request.result_team)


# Categories and policies.


@pytest.mark.parametrize("doctype", ["Group Category", "Escalation Policy"])
def test_categories_and_policies_are_the_qa_specialists_even_from_administrator(
	cast: casts.Cast, governed_group: str, doctype: str
) -> None:
	drafts = {"Group Category": draft_category, "Escalation Policy": draft_policy}
	name = drafts[doctype](cast)
	change = {"Group Category": {"standard_hours": 99}, "Escalation Policy": {"warn_percent": 10}}[doctype]
	with pytest.raises(frappe.PermissionError, match="changes by a request"):
		web.put("Administrator", f"{web.RESOURCE}/{doctype}/{name}", **change)
	with pytest.raises(frappe.PermissionError, match="changes by a request"):
		web.send("Administrator", "DELETE", f"{web.RESOURCE}/{doctype}/{name}")
	web.put(cast.qa, f"{web.RESOURCE}/{doctype}/{name}", **change)
	assert governed_records.watch() == []


def draft_category(cast: casts.Cast) -> str:
	values = {"category_name": "A Draft", "standard_hours": 8}
	return web.post(cast.qa, f"{web.RESOURCE}/Group Category", **values)["name"]


def draft_policy(cast: casts.Cast) -> str:
	levels = [{"target": "General Manager", "after_hours": 4, "clock_kind": "Elapsed Time"}]
	values = {"policy_name": "A Draft", "group_category": cast.category, "country": "", "levels": levels}
	return web.post(cast.qa, f"{web.RESOURCE}/Escalation Policy", **values)["name"]


def test_a_category_becomes_active_by_its_request_alone(cast: casts.Cast, governed_group: str) -> None:
	made = web.post(cast.qa, f"{web.RESOURCE}/Group Category", category_name="Fresh", standard_hours=8)
	with pytest.raises(frappe.PermissionError, match="Customer Service Manager has approved") as refused:
		web.call(cast.qa, "run_doc_method", dt="Group Category", dn=made["name"], method="activate")
	assert "kind=New+Group+Category&category_name=Fresh" in str(refused.value).replace("&amp;", "&")


# What is done past the app.


def findings() -> dict[str, str]:
	rows = frappe.get_all(
		"Escalation Finding",
		{"kind": "Changed Past the App", "state": "Open"},
		["reference_name", "details"],
	)
	return {row.reference_name: row.details for row in rows}


def test_the_daily_watch_finds_what_was_changed_in_the_database(
	cast: casts.Cast, governed_group: str
) -> None:
	assert governed_records.watch() == []
	stranger = make_agent()
	frappe.db.set_value("HD Team", governed_group, "ch_country", "Qatar")
	frappe.db.set_value("HD Team Member", {"parent": governed_group}, "user", stranger)
	frappe.db.set_value("Group Category", cast.category, "standard_hours", 99)
	frappe.db.set_value("Escalation Level", {"parent": cast.courier.policy, "idx": 1}, "after_hours", 99)
	jobs.ch_govern()
	found = findings()
	assert "Country: from Saudi Arabia to Qatar" in found[governed_group]
	assert stranger in found[governed_group]
	assert "from 24 to 99" in found[cast.category]
	assert cast.courier.policy in found


def test_governance_switched_off_in_the_database_stays_on_and_is_reported(
	cast: casts.Cast, governed_group: str
) -> None:
	frappe.db.set_value("HD Team", governed_group, "ch_governed", 0)
	with pytest.raises(frappe.PermissionError, match="is governed"):
		by_rest(cast.agent, governed_group, ch_purpose="Mine now")
	jobs.ch_govern()
	assert "Governed: from 1 to" in findings()[governed_group]


def test_what_came_or_went_past_the_app_is_reported(cast: casts.Cast, governed_group: str) -> None:
	from tests.site.factories import make_policy

	other = casts.govern(cast, make_team_complete(cast))
	frappe.db.delete("HD Team", {"name": other})
	frappe.flags.in_patch = True
	try:
		policy = make_policy(active=False, group_category=cast.category)
		frappe.db.delete("Governed Record", {"reference_name": policy})
	finally:
		frappe.flags.in_patch = False
	jobs.ch_govern()
	assert "is gone" in findings()[other]
	assert "is new" in findings()[policy]


def make_team_complete(cast: casts.Cast) -> str:
	with as_user("Administrator"):
		from core_helpdesk import at_work

		with at_work.the_app():
			return casts.make_group(cast)


def test_a_permitted_change_does_not_hide_what_was_done_before_it(
	cast: casts.Cast, governed_group: str
) -> None:
	frappe.db.set_value("HD Team", governed_group, "ch_country", "Qatar")
	frappe.clear_document_cache("HD Team", governed_group)
	by_rest(make_user("QA Specialist", "Agent"), governed_group, ch_purpose="Corrected")
	assert "Country: from Saudi Arabia to Qatar" in findings()[governed_group]


def test_records_of_what_is_known_are_nobodys_to_write(cast: casts.Cast, governed_group: str) -> None:
	name = frappe.db.get_value("Governed Record", {"reference_name": governed_group})
	for user in (cast.qa, "Administrator"):
		with pytest.raises(frappe.PermissionError):
			web.put(user, f"{web.RESOURCE}/Governed Record/{name}", facts="{}")
		with pytest.raises(frappe.PermissionError):
			web.send(user, "DELETE", f"{web.RESOURCE}/Governed Record/{name}")


def test_the_app_itself_carries_requests_out_on_a_governed_group(
	cast: casts.Cast, governed_group: str
) -> None:
	newcomer = make_user()
	request = casts.make_request(
		cast, "Add Members", team=governed_group, members=[{"user": newcomer}], work_reason="Season"
	)
	casts.implement(cast, request)
	assert newcomer in frappe.get_all("HD Team Member", {"parent": governed_group}, pluck="user")
	assert governed_records.watch() == []
