"""The doctype files agree with each other, with their controllers, with the roles and with what Frappe expects."""

from __future__ import annotations

import ast
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.sources import APP, shown, tree_of

if TYPE_CHECKING:
	from pathlib import Path

FOLDER = APP / "core_helpdesk" / "doctype"
ROLES_FILE = APP / "setup" / "roles.py"
MODULE = "Core Helpdesk"
# Doctypes that the framework and Frappe Helpdesk bring.
FOREIGN = {
	"Country",
	"Currency",
	"DocType",
	"HD Team",
	"HD Ticket Type",
	"Language",
	"User",
	"Workflow State",
}
FOREIGN_ROLES = {"Agent", "Desk User", "System Manager"}
MACHINE_RECORDS = {
	"Escalation Effect",
	"Governed Record",
	"Report Content",
	"Report Delivery",
	"Report Run",
	"Ticket Clock",
	"Ticket Escalation",
	"Ticket Leg",
	"Ticket Month",
}
# Written by machines and people: a finding is closed by hand.
HALF_MACHINE = {"Escalation Finding"}
# Shown by functions of the app alone: no role opens them.
WITHOUT_READERS = {"Report Content"}
WITH_STATES = {"Escalation Policy", "Group Category"}
LAYOUT = {"Section Break", "Column Break", "Tab Break", "HTML", "Heading", "Button", "Fold"}
STANDARD_COLUMNS = {"name", "owner", "creation", "modified", "modified_by", "docstatus", "idx"}
CHILD_COLUMNS = {"parent", "parentfield", "parenttype"}
BYTES_PER_LETTER = 4
LONGEST_KEY = 3072


@cache
def doctypes() -> dict[str, dict[str, Any]]:
	found = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*/*.json")))
	return {doctype["name"]: doctype for doctype in found}


def folder_of(name: str) -> Path:
	return FOLDER / name.lower().replace(" ", "_")


def fields_of(name: str) -> dict[str, dict[str, Any]]:
	return {field["fieldname"]: field for field in doctypes()[name]["fields"]}


def columns_of(name: str) -> dict[str, dict[str, Any]]:
	stored = {
		fieldname: field
		for fieldname, field in fields_of(name).items()
		if field["fieldtype"] not in {*LAYOUT, "Table"}
	}
	standard = STANDARD_COLUMNS | (CHILD_COLUMNS if doctypes()[name].get("istable") else set())
	return stored | {column: {"fieldtype": "Data"} for column in standard}


def our_roles() -> set[str]:
	"""The names that setup/roles.py gives to roles, read from its text: Frappe is not installed here."""
	return {
		node.value.value
		for node in tree_of(ROLES_FILE).body
		if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
	}


def people_documents() -> list[str]:
	machines = MACHINE_RECORDS | HALF_MACHINE
	return [
		name for name, doctype in doctypes().items() if not doctype.get("istable") and name not in machines
	]


every_doctype = pytest.mark.parametrize("name", sorted(doctypes()))


@every_doctype
def test_folder_file_and_class_are_named_after_the_doctype(name: str) -> None:
	folder = folder_of(name)
	assert (folder / f"{folder.name}.json").exists()
	assert (folder / "__init__.py").exists()
	controller = tree_of(folder / f"{folder.name}.py")
	classes = {node.name for node in controller.body if isinstance(node, ast.ClassDef)}
	assert name.replace(" ", "").replace("-", "") in classes
	assert doctypes()[name]["module"] == MODULE
	assert len(name) <= 61


@every_doctype
def test_field_order_names_every_field_once(name: str) -> None:
	doctype = doctypes()[name]
	names = [field["fieldname"] for field in doctype["fields"]]
	assert sorted(doctype["field_order"]) == sorted(names)
	assert len(set(names)) == len(names)


@every_doctype
def test_sort_order_is_given_since_versions_differ_in_its_default(name: str) -> None:
	assert doctypes()[name]["sort_field"] in columns_of(name)
	assert doctypes()[name]["sort_order"] in ("ASC", "DESC")


@every_doctype
def test_every_field_that_people_see_has_a_label(name: str) -> None:
	unnamed = [
		field["fieldname"]
		for field in doctypes()[name]["fields"]
		if not field.get("label") and field["fieldtype"] not in LAYOUT
	]
	assert not unnamed


@every_doctype
def test_links_lead_to_doctypes_that_exist(name: str) -> None:
	known = set(doctypes()) | FOREIGN
	for field in doctypes()[name]["fields"]:
		if field["fieldtype"] == "Link":
			assert field["options"] in known, field["fieldname"]
		if field["fieldtype"] == "Table":
			assert doctypes()[field["options"]].get("istable"), field["fieldname"]


@every_doctype
def test_title_search_and_names_come_from_fields_that_exist(name: str) -> None:
	doctype, columns = doctypes()[name], columns_of(name)
	searched = [field for field in doctype.get("search_fields", "").split(",") if field]
	assert not [field for field in [*searched, doctype.get("title_field", "name")] if field not in columns]
	autoname = doctype.get("autoname", "")
	if autoname.startswith("field:"):
		field = fields_of(name)[autoname.removeprefix("field:")]
		assert field.get("reqd") and field.get("unique")


@every_doctype
def test_defaults_are_among_the_options(name: str) -> None:
	for field in doctypes()[name]["fields"]:
		if field["fieldtype"] == "Select" and field.get("default"):
			assert field["default"] in field["options"].split("\n"), field["fieldname"]


@every_doctype
def test_connections_name_a_field_that_links_back(name: str) -> None:
	for link in doctypes()[name].get("links", []):
		field = fields_of(link["link_doctype"])[link["link_fieldname"]]
		assert (field["fieldtype"], field["options"]) == ("Link", name)


@every_doctype
def test_child_tables_have_no_permissions_and_documents_have_some(name: str) -> None:
	doctype = doctypes()[name]
	has_none = bool(doctype.get("istable")) or name in WITHOUT_READERS
	assert has_none != bool(doctype["permissions"])


@every_doctype
def test_rights_go_to_known_roles_and_nobody_may_share(name: str) -> None:
	for rights in doctypes()[name]["permissions"]:
		assert rights["role"] in our_roles() | FOREIGN_ROLES
		assert not rights.get("share")
		assert rights.get("read")


def test_roles_of_the_file_are_those_that_are_seeded() -> None:
	assert our_roles() == {
		"Customer Care Agent",
		"Customer Service Manager",
		"Department Manager",
		"General Manager",
		"QA Specialist",
		"Support Supervisor",
		"TSM Agent",
		"Tracing Officer",
	}


@pytest.mark.parametrize("name", sorted(MACHINE_RECORDS))
def test_nobody_is_given_the_right_to_write_machine_records(name: str) -> None:
	doctype = doctypes()[name]
	for rights in doctype["permissions"]:
		assert not {"write", "create", "delete", "submit", "import"} & {key for key in rights if rights[key]}
	assert doctype["autoname"] == "hash"
	assert doctype.get("in_create")
	assert not doctype.get("track_changes")
	assert doctype["title_field"] in columns_of(name)
	editable = [field["fieldname"] for field in doctype["fields"] if not is_read_only(field)]
	assert not editable


def is_read_only(field: dict[str, Any]) -> bool:
	return bool(field.get("read_only")) or field["fieldtype"] in LAYOUT


@pytest.mark.parametrize("name", sorted(MACHINE_RECORDS | {"Escalation Follow Up", "Escalation Recipient"}))
def test_controllers_of_machine_records_refuse_hands(name: str) -> None:
	path = folder_of(name) / f"{folder_of(name).name}.py"
	classes = [node for node in tree_of(path).body if isinstance(node, ast.ClassDef)]
	bases = [ast.unparse(base) for node in classes for base in node.bases]
	assert bases == (["ChildRow"] if doctypes()[name].get("istable") else []) + ["MachineRecord"], shown(path)


def test_machine_records_hold_the_ticket_as_text_and_never_keep_the_host_from_deleting_it() -> None:
	hooks = tree_of(APP / "hooks.py")
	ignored = next(
		ast.literal_eval(node.value)
		for node in hooks.body
		if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ignore_links_on_delete"
	)
	assert set(ignored) >= MACHINE_RECORDS | HALF_MACHINE
	for name in MACHINE_RECORDS & {"Ticket Clock", "Ticket Escalation", "Ticket Leg"}:
		assert fields_of(name)["reference_name"]["fieldtype"] == "Data"
		assert fields_of(name)["reference_doctype"]["options"] == "DocType"


@pytest.mark.parametrize("name", people_documents())
def test_documents_for_people_keep_their_history(name: str) -> None:
	assert doctypes()[name].get("track_changes")


@pytest.mark.parametrize("name", sorted(WITH_STATES))
def test_state_field_is_there_from_the_first_release(name: str) -> None:
	field = fields_of(name)["workflow_state"]
	assert (field["fieldtype"], field["options"], field["default"]) == ("Link", "Workflow State", "Draft")
	assert all(field.get(flag) for flag in ("read_only", "no_copy", "search_index", "allow_on_submit"))


def keys() -> list[tuple[str, list[str], str]]:
	"""Doctype, columns and name of every key that a controller declares."""
	found = []
	for name in doctypes():
		path = folder_of(name) / f"{folder_of(name).name}.py"
		values = {
			ast.unparse(node.targets[0]): node.value
			for node in ast.walk(tree_of(path))
			if isinstance(node, ast.Assign)
		}
		for node in ast.walk(tree_of(path)):
			if isinstance(node, ast.Call) and ast.unparse(node.func) in ("keep_index", "keep_unique"):
				columns = values.get(ast.unparse(node.args[1]), node.args[1])
				literals = (node.args[0], columns, node.args[2])
				found.append(tuple(ast.literal_eval(literal) for literal in literals))
	return found


def bytes_of(field: dict[str, Any]) -> int:
	if field["fieldtype"] in ("Check", "Int", "Float", "Datetime", "Date", "Percent"):
		return 8
	return BYTES_PER_LETTER * int(field.get("length") or 140)


@pytest.mark.parametrize(("doctype", "columns", "name"), keys())
def test_keys_are_short_enough_and_of_columns_that_exist(doctype: str, columns: list[str], name: str) -> None:
	stored = columns_of(doctype)
	assert not [column for column in columns if column not in stored]
	assert sum(bytes_of(stored[column]) for column in columns) <= LONGEST_KEY
	assert len(name) <= 61


def test_key_names_are_unique_since_some_databases_share_them() -> None:
	names = [name for _doctype, _columns, name in keys()]
	assert len(names) == len(set(names))
	assert {"ch_clock_ticket", "ch_clock_next", "ch_escalation_level", "ch_effect_state"} <= set(names)
