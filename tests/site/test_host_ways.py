"""Ways of the host past a document's own rules: fields by files, discarding, renaming."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from tests.site import courier as couriers
from tests.site import web
from tests.site.factories import make_agent, make_team, make_ticket

TEAM, POLICY, SETTINGS = "HD Team", "Escalation Policy", "Core Helpdesk Settings"
DISCARD = "frappe.desk.form.save.discard"
can_discard = pytest.mark.skipif(
	int(frappe.__version__.split(".")[0]) < 16, reason="this framework discards nothing"
)


@pytest.fixture
def courier() -> couriers.Courier:
	return couriers.open_courier()


@pytest.fixture
def admin() -> str:
	return make_agent("Agent Manager", "System Manager")


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


@pytest.mark.parametrize(
	("doctype", "field"),
	[
		(TEAM, "ch_purpose"),
		(TEAM, "docstatus"),
		(POLICY, "workflow_state"),
		(SETTINGS, "tsm_team"),
		("User", "role_profile_name"),
	],
)
def test_no_file_is_kept_in_a_field_that_holds_none(
	courier: couriers.Courier, doctype: str, field: str
) -> None:
	agent = make_agent()
	name = {TEAM: courier.group, POLICY: courier.policy, "User": courier.head}.get(doctype, doctype)
	with pytest.raises(frappe.PermissionError, match="holds no attachment"):
		make_private(agent, attach(agent, doctype, name, field))


def test_no_field_is_named_after_the_file_is_there(courier: couriers.Courier) -> None:
	agent = make_agent()
	file = attach(agent, TEAM, courier.group)
	with pytest.raises(frappe.PermissionError, match="holds no attachment"):
		web.put(agent, f"{web.RESOURCE}/File/{file}", attached_to_field="ch_purpose", is_private=1)


def test_attachments_are_kept_as_before(courier: couriers.Courier, admin: str) -> None:
	make_private(admin, attach(admin, TEAM, courier.group))
	make_private(admin, attach(admin, "User", courier.head, "user_image"))
	assert frappe.db.get_value("User", courier.head, "user_image").startswith("/private/files/")


def test_files_of_other_documents_go_where_their_app_says() -> None:
	agent = make_agent()
	ticket = make_ticket()
	make_private(agent, attach(agent, "HD Ticket", str(ticket.name), "resolution_details"))
	kept = frappe.db.get_value("HD Ticket", ticket.name, "resolution_details")
	assert kept.startswith("/private/files/")


@can_discard
def test_nobody_discards_a_group_or_a_document_of_the_app(courier: couriers.Courier, admin: str) -> None:
	rule = frappe.db.get_value(TEAM, courier.tsm_team, "assignment_rule")
	attempts = (
		(admin, TEAM, courier.group),
		("Administrator", TEAM, courier.tsm_team),
		("Administrator", "Assignment Rule", rule),
		(courier.qa, POLICY, courier.policy),
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


def test_nobody_renames_past_the_checks(courier: couriers.Courier) -> None:
	for user, doctype, name in (
		("Administrator", TEAM, courier.tsm_team),
		(make_agent("Agent Manager"), TEAM, courier.group),
		(courier.qa, POLICY, courier.policy),
	):
		frappe.db.savepoint("before_rename")
		args = frappe.as_json({"name": "Mine Now", "validate_rename": 0, "force": 1})
		# One of the hosts refuses the rule that it renames with a group itself.
		reason = "without its checks|Assign Condition JSON" if doctype == TEAM else "without its checks"
		with pytest.raises((frappe.PermissionError, frappe.ValidationError), match=reason):
			web.call(user, "run_doc_method", dt=doctype, dn=name, method="rename", args=args)
		frappe.db.rollback(save_point="before_rename")
		frappe.clear_document_cache(doctype, name)
		assert frappe.db.exists(doctype, name)
