"""Users as copies of the first of their kind, row by row.

Tests make people by the thousand, and the framework takes a hundred statements over each.
"""

from __future__ import annotations

from typing import NamedTuple

import frappe

# Each table with a user's rows, and the column that holds the address; "Contact Email" holds the contact's name.
TABLES = {
	"User": "name",
	"Has Role": "parent",
	"User Social Login": "parent",
	"Notification Settings": "name",
	"DocShare": "share_name",
	"DefaultValue": "parent",
	"Comment": "reference_name",
	"Contact": "user",
	"Contact Email": "email_id",
	"Permission Log": "for_document",
	"HD Agent": "name",
}
FRESH = {"creation": frappe.utils.now, "modified": frappe.utils.now}


class Kind(NamedTuple):
	"""What makes two users alike but for their address."""

	roles: tuple[str, ...]
	language: str
	is_agent: bool


class Model(NamedTuple):
	address: str
	rows: dict[str, list[dict]]


MODELS: dict[Kind, Model] = {}


def keep(kind: Kind, address: str) -> None:
	"""Keeps the rows that the framework and the host have written for this user, for others of the kind."""
	rows = {
		doctype: frappe.get_all(doctype, {column: address}, ["*"], order_by="creation asc")
		for doctype, column in TABLES.items()
		if frappe.db.table_exists(doctype)
	}
	MODELS[kind] = Model(address, rows)


def copy(kind: Kind, address: str) -> str:
	"""Writes the model's rows once more, for this address; returns it."""
	model = MODELS[kind]
	for doctype, rows in model.rows.items():
		if rows:
			values = [tuple(copied(row, model.address, address).values()) for row in rows]
			frappe.db.bulk_insert(doctype, list(rows[0]), values)
	for key in ("users_for_mentions", "enabled_users"):
		frappe.cache.delete_key(key)
	return address


def copied(row: dict, old: str, new: str) -> dict:
	"""The row with the new address and the name it begins with, a name and a moment of its own."""
	words = [(old, new), (old.partition("@")[0], new.partition("@")[0])]
	values = {key: renamed(value, words) for key, value in row.items()}
	values |= {key: moment() for key, moment in FRESH.items()}
	if values["name"] == row["name"]:
		values["name"] = frappe.generate_hash(length=10)
	if "userid" in values:
		values["userid"] = frappe.generate_hash(length=39)
	return values


def renamed(value: object, words: list[tuple[str, str]]) -> object:
	if isinstance(value, str):
		for old, new in words:
			value = value.replace(old, new)
	return value
