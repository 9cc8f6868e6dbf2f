"""The further ways in to a governed group, a category or a policy: bulk edit, import, merge, other apps; all are shut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
import pytest
from frappe.desk.doctype.bulk_update.bulk_update import _bulk_action

from core_helpdesk.governance import governed_records
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.document_ways import by_another_app, by_import, by_savedocs
from tests.site.factories import as_user, make_agent, make_policy, make_user
from tests.site.importing import INSERT, import_row

if TYPE_CHECKING:
	from collections.abc import Callable

TEAM, CATEGORY, POLICY = "HD Team", "Group Category", "Escalation Policy"
PURPOSE = "Mine now"


@pytest.fixture
def cast() -> casts.Cast:
	cast = casts.open_cast()
	casts.govern(cast)
	return cast


@pytest.fixture
def manager() -> str:
	"""An Agent Manager of the host who is also its admin: nobody has more rights over groups there."""
	return make_agent("Agent Manager", "System Manager")


WAYS: dict[str, Callable[..., None]] = {
	"form": by_savedocs,
	"import": by_import,
	"another app": by_another_app,
}
CHANGES: dict[str, dict[str, Any]] = {
	TEAM: {"ch_purpose": PURPOSE},
	CATEGORY: {"standard_hours": 99},
	POLICY: {"warn_percent": 11},
}


def a_name(cast: casts.Cast, doctype: str) -> str:
	return {TEAM: cast.group, CATEGORY: cast.category, POLICY: cast.courier.policy}[doctype]


def facts(doctype: str, name: str) -> dict[str, Any]:
	frappe.clear_document_cache(doctype, name)
	return governed_records.facts_of(frappe.get_doc(doctype, name))


@pytest.mark.parametrize("doctype", sorted(CHANGES))
@pytest.mark.parametrize("way", sorted(WAYS))
def test_every_further_way_to_change_is_shut(cast: casts.Cast, manager: str, way: str, doctype: str) -> None:
	name = a_name(cast, doctype)
	before = facts(doctype, name)
	with pytest.raises(frappe.PermissionError) as refused:
		WAYS[way](manager, doctype, name, **CHANGES[doctype])
	# The framework itself lets no admin write categories and policies, and has no more to say.
	if doctype == TEAM or way == "another app":
		assert "/group-request/new?kind=" in str(refused.value)
	assert facts(doctype, name) == before


def test_a_bulk_edit_changes_the_groups_that_are_free_and_no_governed_one(
	cast: casts.Cast, manager: str
) -> None:
	free = casts.make_free_group(cast)
	frappe.db.commit()
	with as_user(manager):
		failed = _bulk_action(TEAM, [cast.group, free], "update", {"ch_purpose": PURPOSE})
	assert failed == [cast.group]
	assert frappe.db.get_value(TEAM, free, "ch_purpose") == PURPOSE
	assert frappe.db.get_value(TEAM, cast.group, "ch_purpose") != PURPOSE


def test_a_list_deletes_no_governed_group(cast: casts.Cast, manager: str) -> None:
	rule = frappe.db.get_value(TEAM, cast.group, "assignment_rule")
	frappe.db.commit()
	web.call(manager, "frappe.desk.reportview.delete_items", doctype=TEAM, items=frappe.as_json([cast.group]))
	assert frappe.db.exists(TEAM, cast.group)
	assert frappe.db.exists("Assignment Rule", rule)


NEW: dict[str, dict[str, Any]] = {
	TEAM: {"team_name": "Mine"},
	CATEGORY: {"category_name": "Mine", "standard_hours": 8},
	POLICY: {"policy_name": "Mine", "is_default": 0},
}


@pytest.mark.parametrize("doctype", sorted(NEW))
def test_an_import_makes_nothing_that_is_governed(cast: casts.Cast, manager: str, doctype: str) -> None:
	with pytest.raises(frappe.PermissionError):
		import_row(manager, doctype, INSERT, NEW[doctype])


@pytest.mark.parametrize("doctype", sorted(NEW))
def test_another_app_makes_nothing_that_is_governed_in_a_persons_name(
	cast: casts.Cast, manager: str, doctype: str
) -> None:
	levels = [{"target": "General Manager", "after_hours": 4, "clock_kind": "Elapsed Time"}]
	further = {"group_category": cast.category, "levels": levels} if doctype == POLICY else {}
	with (
		as_user(manager),
		pytest.raises(frappe.PermissionError, match="by a request") as refused,
	):
		frappe.get_doc({"doctype": doctype, **NEW[doctype], **further}).insert(ignore_permissions=True)
	assert "/group-request/new?kind=" in str(refused.value)


def test_no_group_is_merged_with_a_governed_one_either_way(cast: casts.Cast, manager: str) -> None:
	free = casts.make_free_group(cast)
	method = "frappe.model.rename_doc.update_document_title"
	for old, new in ((free, cast.group), (cast.group, free)):
		with pytest.raises(frappe.PermissionError, match="is governed"):
			web.call(manager, method, doctype=TEAM, docname=old, name=new, merge=1)
	assert frappe.db.exists(TEAM, free)
	assert frappe.db.exists(TEAM, cast.group)


def test_the_hosts_own_renaming_is_shut(cast: casts.Cast, manager: str) -> None:
	with pytest.raises(frappe.PermissionError, match="is governed"):
		web.call(
			manager,
			"run_doc_method",
			dt=TEAM,
			dn=cast.group,
			method="rename_self",
			args={"new_name": "Mine Now"},
		)


@pytest.mark.parametrize("doctype", [CATEGORY, POLICY])
def test_categories_and_policies_are_not_renamed_or_deleted(
	cast: casts.Cast, manager: str, doctype: str
) -> None:
	name = a_name(cast, doctype)
	with as_user(manager), pytest.raises(frappe.PermissionError, match="by a request"):
		frappe.rename_doc(doctype, name, "Mine Now", force=True)
	frappe.db.set_value(doctype, name, "workflow_state", "Draft")
	frappe.clear_document_cache(doctype, name)
	with as_user(manager), pytest.raises(frappe.PermissionError, match="by a request"):
		frappe.delete_doc(doctype, name, ignore_permissions=True)
	assert frappe.db.exists(doctype, name)


def test_the_answers_of_a_discussion_are_the_qa_specialists_to_write(cast: casts.Cast, manager: str) -> None:
	with as_user(cast.qa):
		levels = ({"after_hours": 24}, {"target": "General Manager"})
		name = make_policy(*levels, name="Asked", active=False, group_category=cast.category)
	row = {"department": cast.department, "head": cast.head, "answer": "Agreed", "discussed_on": "2026-03-01"}
	with pytest.raises(frappe.PermissionError, match="by a request"):
		by_another_app(manager, POLICY, name, discussion=[row])
	with pytest.raises(frappe.PermissionError, match="by a request"):
		by_another_app(manager, POLICY, name, policy_name="Another")
	frappe.get_doc(
		{
			"doctype": "Policy Discussion",
			"parent": name,
			"parenttype": POLICY,
			"parentfield": "discussion",
			"idx": 1,
			**row,
		}
	).db_insert()
	assert governed_records.watch() == [name]


# What is renamed around a governed group changes nothing about it.


@pytest.fixture
def specialist() -> str:
	"""A QA Specialist whom the host lets work on groups."""
	return make_agent("QA Specialist", "Agent Manager", "System Manager")


def rename(doctype: str, old: str, new: str, *, merge: bool = False) -> None:
	frappe.rename_doc(doctype, old, new, force=True, merge=merge, show_alert=False, rebuild_search=False)


def test_a_renamed_member_department_or_ticket_category_is_no_finding(cast: casts.Cast) -> None:
	levels = ({"after_hours": 24}, {"target": "General Manager"})
	row = {"department": cast.department, "head": cast.head, "answer": "Agreed", "discussed_on": "2026-03-01"}
	with as_user(cast.qa):
		make_policy(*levels, name="Discussed", active=False, team=cast.group, discussion=[row])
		team = frappe.get_doc(TEAM, cast.group)
		team.ch_ticket_type = cast.ticket_type
		team.save(ignore_permissions=True)
	rename("User", cast.agent, "renamed@example.com")
	rename("User", cast.head, "head.renamed@example.com")
	rename("Core Department", cast.department, "Renamed Department")
	rename("HD Ticket Type", cast.ticket_type, "Renamed Category")
	assert governed_records.watch() == []
	known = facts(TEAM, cast.group)
	assert known["users"] == ["renamed@example.com"]
	assert (known["ch_department"], known["ch_ticket_type"]) == ("Renamed Department", "Renamed Category")
	((department, _country, head, *_answer),) = facts(POLICY, "Discussed-v1")["discussion"]
	assert (department, head) == ("Renamed Department", "head.renamed@example.com")


def test_a_group_that_the_qa_specialist_renames_stays_known_with_its_policies(
	cast: casts.Cast, specialist: str
) -> None:
	with as_user(cast.qa):
		make_policy({"after_hours": 24}, {"target": "General Manager"}, name="Own", team=cast.group)
	assert "Own-v1" in governed_records.watch()  # made active past the app
	governed_records.take_stored(POLICY, "Own-v1")
	with as_user(specialist):
		rename(TEAM, cast.group, "Renamed Group")
	assert governed_records.exists(TEAM, "Renamed Group")
	assert governed_records.watch() == []


def test_a_request_renames_a_group_and_nothing_is_found_afterwards(cast: casts.Cast) -> None:
	request = casts.make_request(
		cast, "Change Group", team=cast.group, team_name="Asked For", work_reason="Clearer"
	)
	casts.implement(cast, request)
	assert frappe.db.exists(TEAM, "Asked For")
	assert governed_records.watch() == []


def test_a_free_group_merged_into_another_is_forgotten(cast: casts.Cast, specialist: str) -> None:
	gone, kept = casts.make_free_group(cast), casts.make_free_group(cast)
	with as_user(specialist):
		rename(TEAM, gone, kept, merge=True)
	assert not frappe.db.exists(TEAM, gone)
	assert governed_records.watch() == []


def test_who_cannot_make_a_request_is_told_whom_to_ask(cast: casts.Cast) -> None:
	admin = make_user("System Manager")
	with as_user(admin), pytest.raises(frappe.PermissionError, match="Please ask the head") as refused:
		frappe.get_doc(TEAM, cast.group).update({"ch_purpose": PURPOSE}).save()
	assert "<a " not in str(refused.value)
