"""What the app knows of governed groups and policies follows when something that they name is renamed: that changes them
nowhere but in the word.

The framework writes a new name into every document that holds the old one, past all events of these.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import frappe

from core_helpdesk.governance import governed, rule_facts
from core_helpdesk.governance.governed_records import FACTS, POLICY, RECORD, TEAM, is_away

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.governance.governed_records import Facts

MEMBERS = "users"
# Names that stand in no link of the document itself: its own, and those in its tables.
FURTHER = {
	(TEAM, TEAM): {"team_name"},
	(TEAM, "User"): {MEMBERS, rule_facts.USERS},
	(POLICY, "User"): {"discussion"},
	(POLICY, "Core Department"): {"discussion"},
}


def follow(doctype: str, old: str, new: str, merge: bool = False) -> None:
	"""Writes the new name of a user, department, ticket category or group into what is known.

	Two names made one are a change, unless those made them one who may change what is governed.
	"""
	if is_away() or (merge and not governed.may_change()):
		return
	for record, facts in renewed_records(doctype, old, new):
		text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
		frappe.db.set_value(RECORD, record, "facts", text, update_modified=False)


def is_known(doctype: str, name: str) -> bool:
	"""Whether the name stands in anything that is known."""
	return any(renewed_records(doctype, name, ""))


def renewed_records(doctype: str, old: str, new: str) -> Iterator[tuple[str, Facts]]:
	"""The records in which the old name stands, with what they hold under the new one."""
	naming = {holder: fields_naming(doctype, holder) for holder in FACTS}
	for row in frappe.get_all(RECORD, {"facts": ("is", "set")}, ["name", "reference_doctype", "facts"]):
		facts = json.loads(row.facts)
		renewed = with_new_name(facts, naming[row.reference_doctype], old, new)
		if renewed != facts:
			yield row.name, renewed


def fields_naming(doctype: str, holder: str) -> set[str]:
	"""The facts about a document in which names of this kind stand."""
	links = frappe.get_meta(holder).get_link_fields()
	found = {field.fieldname for field in links if field.options == doctype}
	return found | FURTHER.get((holder, doctype), set())


def with_new_name(facts: Facts, fields: set[str], old: str, new: str) -> Facts:
	renewed = {field: renamed(facts[field], old, new) for field in fields & facts.keys()}
	for field in renewed.keys() & {MEMBERS, rule_facts.USERS}:
		renewed[field] = sorted(renewed[field])
	return {**facts, **renewed}


def renamed(value: Any, old: str, new: str) -> Any:
	"""A name, or a list in which it stands, as the members of a group and the rows of a discussion."""
	if isinstance(value, list):
		return [renamed(item, old, new) for item in value]
	return new if value == old else value
