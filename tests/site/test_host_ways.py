"""Ways of the host past a document's own rules: fields by files, discarding, renaming, merging two names into one."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.rename_doc import rename_doc

from core_helpdesk.governance import governed_records, known_names
from core_helpdesk.governance import request_kinds as kinds
from tests.site import governance_cast as casts
from tests.site import request_desk as desks
from tests.site import web
from tests.site.factories import (
	as_user,
	make_agent,
	make_department,
	make_team,
	make_ticket,
	make_ticket_type,
	make_user,
)

TEAM, CATEGORY, POLICY, REQUEST = "HD Team", "Group Category", "Escalation Policy", "Group Request"
TYPE, SETTINGS = "HD Ticket Type", "Core Helpdesk Settings"
DISCARD, RENAME = "frappe.desk.form.save.discard", "frappe.client.rename_doc"
can_discard = pytest.mark.skipif(
	int(frappe.__version__.split(".")[0]) < 16, reason="this framework discards nothing"
)


@pytest.fixture
def cast() -> casts.Cast:
	cast = casts.open_cast()
	frappe.db.set_value(TEAM, cast.group, "ch_ticket_type", cast.ticket_type)
	frappe.clear_document_cache(TEAM, cast.group)
	casts.govern(cast)
	return cast


@pytest.fixture
def admin() -> str:
	return make_agent("Agent Manager", "System Manager")


# --- Files


def attach(user: str, doctype: str, name: str, field: str = "", **values: Any) -> str:
	"""A public file of this person; made private, the framework writes its new address into the field."""
	document = {
		"doctype": "File",
		"file_name": f"{frappe.generate_hash(length=8)}.txt",
		"content": frappe.generate_hash(),
		"is_private": 0,
		"attached_to_doctype": doctype,
		"attached_to_name": name,
		"attached_to_field": field,
		**values,
	}
	return web.call(user, "frappe.client.insert", doc=document)["name"]


def make_private(user: str, file: str) -> None:
	web.put(user, f"{web.RESOURCE}/File/{file}", is_private=1)


FIELDS = (
	(TEAM, "ch_purpose"),
	(TEAM, "docstatus"),
	(CATEGORY, "description"),
	(POLICY, "decision_reason"),
	("Governed Record", "reference_name"),
	(SETTINGS, "tsm_team"),
	("User", "role_profile_name"),
	(TYPE, "description"),
)


def name_of(cast: casts.Cast, doctype: str) -> str:
	known = {
		TEAM: cast.group,
		CATEGORY: cast.category,
		POLICY: cast.courier.policy,
		TYPE: cast.ticket_type,
		"User": cast.head,
		"Governed Record": governed_records.name_of(TEAM, cast.group),
	}
	return known.get(doctype, doctype)


@pytest.mark.parametrize(("doctype", "field"), FIELDS)
def test_no_file_is_kept_in_a_field_that_holds_none(cast: casts.Cast, doctype: str, field: str) -> None:
	agent = make_agent()
	with pytest.raises(frappe.PermissionError, match="holds no attachment"):
		make_private(agent, attach(agent, doctype, name_of(cast, doctype), field))


def test_no_field_is_named_after_the_file_is_there(cast: casts.Cast) -> None:
	agent = make_agent()
	file = attach(agent, TEAM, cast.group)
	with pytest.raises(frappe.PermissionError, match="holds no attachment"):
		web.put(agent, f"{web.RESOURCE}/File/{file}", attached_to_field="ch_purpose", is_private=1)


def test_a_text_that_is_the_address_of_a_file_does_not_follow_it() -> None:
	desk = desks.open_desk()
	name = f"{frappe.generate_hash(length=8)}.txt"
	request = desks.make_request(desk, kinds.CHANGE_GROUP, purpose=f"/files/{name}")
	file = attach(desk.head, REQUEST, request.name, file_name=name)
	assert frappe.db.get_value("File", file, "file_url") == f"/files/{name}"
	with pytest.raises(frappe.PermissionError, match="holds no attachment"):
		make_private(desk.head, file)
	assert desks.fresh(request).purpose == f"/files/{name}"


def test_attachments_of_what_is_governed_are_kept_as_before(cast: casts.Cast, admin: str) -> None:
	make_private(admin, attach(admin, TEAM, cast.group))
	make_private(admin, attach(admin, "User", cast.head, "user_image"))
	assert frappe.db.get_value("User", cast.head, "user_image").startswith("/private/files/")


def test_files_of_other_documents_go_where_their_app_says() -> None:
	agent = make_agent()
	ticket = make_ticket()
	make_private(agent, attach(agent, "HD Ticket", str(ticket.name), "resolution_details"))
	kept = frappe.db.get_value("HD Ticket", ticket.name, "resolution_details")
	assert kept.startswith("/private/files/")


# --- Discarding


@can_discard
def test_nobody_discards_a_group_or_a_document_of_the_app(cast: casts.Cast, admin: str) -> None:
	request = casts.make_request(cast, "Change Group", team=cast.group, work_reason="Season")
	free = casts.make_free_group(cast)
	rule = frappe.db.get_value(TEAM, cast.group, "assignment_rule")
	attempts = (
		(admin, TEAM, cast.group),
		(admin, TEAM, free),
		(admin, "Assignment Rule", rule),
		(cast.head, REQUEST, request.name),
		(cast.qa, REQUEST, request.name),
		(cast.qa, POLICY, cast.courier.policy),
		(cast.qa, CATEGORY, cast.category),
		("Administrator", TEAM, cast.group),
	)
	for user, doctype, name in attempts:
		with pytest.raises(frappe.PermissionError, match="never discarded"):
			web.call(user, DISCARD, doctype=doctype, name=name)
		assert frappe.db.get_value(doctype, name, "docstatus") == 0


@can_discard
def test_drafts_of_others_are_discarded_as_before(admin: str) -> None:
	other = frappe.get_doc({"doctype": "ToDo", "description": "Call", "allocated_to": admin}).insert()
	web.call(admin, DISCARD, doctype="ToDo", name=other.name)
	assert frappe.db.get_value("ToDo", other.name, "docstatus") == 2
	free = frappe.db.get_value(TEAM, make_team(agents=(make_agent(),)), "assignment_rule")
	web.call(admin, DISCARD, doctype="Assignment Rule", name=free)
	assert frappe.db.get_value("Assignment Rule", free, "docstatus") == 2


def test_a_group_that_is_discarded_past_the_app_is_found(cast: casts.Cast) -> None:
	assert governed_records.watch() == []
	for doctype in (TEAM, CATEGORY, POLICY):
		frappe.db.set_value(doctype, name_of(cast, doctype), "docstatus", 2)
		frappe.clear_document_cache(doctype, name_of(cast, doctype))
	assert set(governed_records.watch()) == {cast.group, cast.category, cast.courier.policy}


# --- Merging


def merge(user: str, doctype: str, old: str, new: str) -> None:
	web.call(user, RENAME, doctype=doctype, old_name=old, new_name=new, merge=1)


def test_no_admin_merges_away_what_a_governed_group_names(cast: casts.Cast, admin: str) -> None:
	for doctype, old, new in (
		(TYPE, cast.ticket_type, make_ticket_type()),
		("User", cast.agent, admin),
		("User", cast.head, admin),
		("User", cast.manager, admin),
	):
		with pytest.raises(frappe.PermissionError, match="only a QA Specialist may merge"):
			merge(admin, doctype, old, new)
	assert governed_records.watch() == []


def test_no_other_app_merges_departments_in_a_persons_name(cast: casts.Cast, admin: str) -> None:
	other = make_department(head=make_user())
	with as_user(admin), pytest.raises(frappe.PermissionError, match="only a QA Specialist may merge"):
		rename_doc("Core Department", cast.department, other, merge=True, ignore_permissions=True)


def test_a_free_group_that_a_policy_names_is_not_merged_away(cast: casts.Cast, admin: str) -> None:
	free, other = casts.make_free_group(cast), casts.make_free_group(cast)
	frappe.db.set_value(POLICY, cast.courier.policy, "team", free)
	frappe.clear_document_cache(POLICY, cast.courier.policy)
	governed_records.take_stored(POLICY, cast.courier.policy)
	with pytest.raises(frappe.PermissionError, match="only a QA Specialist may merge"):
		merge(admin, TEAM, free, other)


def test_names_that_nothing_governed_holds_are_merged_as_before(cast: casts.Cast, admin: str) -> None:
	old, new = make_ticket_type(), make_ticket_type()
	merge(admin, TYPE, old, new)
	gone, kept = make_user(), make_user()
	merge(admin, "User", gone, kept)
	assert not frappe.db.exists(TYPE, old)
	assert not frappe.db.exists("User", gone)


def test_where_no_group_is_governed_any_name_is_merged(admin: str) -> None:
	cast = casts.open_cast()
	merge(admin, TYPE, cast.ticket_type, make_ticket_type())
	assert not frappe.db.exists(TYPE, cast.ticket_type)


def test_a_qa_specialist_merges_and_it_is_known(cast: casts.Cast) -> None:
	specialist, other = make_agent("QA Specialist", "System Manager"), make_ticket_type()
	merge(specialist, TYPE, cast.ticket_type, other)
	assert frappe.db.get_value(TEAM, cast.group, "ch_ticket_type") == other
	assert governed_records.watch() == []


def test_a_merge_past_the_app_is_found(cast: casts.Cast, admin: str) -> None:
	"""As another app does that puts one name in the place of the other on its own."""
	other = make_ticket_type()
	frappe.db.set_value(TEAM, cast.group, "ch_ticket_type", other)
	frappe.clear_document_cache(TEAM, cast.group)
	with as_user(admin):
		known_names.follow(TYPE, cast.ticket_type, other, merge=True)
	assert governed_records.watch() == [cast.group]


# --- Renaming past the checks


def rename_unchecked(user: str, doctype: str, name: str, new: str, **more: Any) -> None:
	"""The document's own method, told to leave its checks out."""
	args = {"name": new, "validate_rename": 0, "force": 1, **more}
	web.call(user, "run_doc_method", dt=doctype, dn=name, method="rename", args=frappe.as_json(args))


def test_nobody_renames_past_the_checks(cast: casts.Cast, admin: str) -> None:
	request = casts.make_request(cast, "Change Group", team=cast.group, work_reason="Season")
	attempts = (
		(make_agent(), TEAM, cast.group),
		(admin, TYPE, cast.ticket_type),
		(admin, "User", cast.head),
		(cast.head, REQUEST, request.name),
		(cast.head, CATEGORY, cast.category),
		(cast.qa, "Governed Record", governed_records.name_of(TEAM, cast.group)),
	)
	for user, doctype, name in attempts:
		frappe.db.savepoint("before_rename")
		with pytest.raises(frappe.PermissionError, match="without its checks"):
			rename_unchecked(user, doctype, name, "Mine Now")
		frappe.db.rollback(save_point="before_rename")
		frappe.clear_document_cache(doctype, name)
		assert frappe.db.exists(doctype, name)


def test_nobody_merges_past_the_checks(cast: casts.Cast, admin: str) -> None:
	with pytest.raises(frappe.PermissionError, match="without its checks"):
		rename_unchecked(admin, TYPE, cast.ticket_type, make_ticket_type(), merge=1)


def test_what_is_free_is_renamed_as_before(cast: casts.Cast, admin: str) -> None:
	kind = make_ticket_type()
	web.call(admin, RENAME, doctype=TYPE, old_name=kind, new_name="Returned Parcel")
	assert frappe.db.exists(TYPE, "Returned Parcel")
	web.call(admin, RENAME, doctype=TYPE, old_name=cast.ticket_type, new_name="Lost Parcel")
	assert governed_records.watch() == []
