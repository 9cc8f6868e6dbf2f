"""Who holds which role, since when and through which profile; shares, restrictions and keys: enabled people only."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import frappe

if TYPE_CHECKING:
	from collections.abc import Iterable
	from datetime import datetime

ADMINISTRATOR = "Administrator"
# Roles that nobody is given: everybody has them.
EVERYBODY = ("All", "Desk User", "Guest")


class Person(NamedTuple):
	user: str
	full_name: str
	has_key: bool
	since: datetime | None


class Held(NamedTuple):
	"""A role that somebody was given; `profile` is the role profile that has it, if one of theirs does."""

	user: str
	role: str
	since: datetime | None
	profile: str


class Share(NamedTuple):
	"""A document that somebody gave another person to change; an empty user is everybody."""

	doctype: str
	name: str
	user: str
	since: datetime | None


def people() -> dict[str, Person]:
	"""The enabled accounts of the site."""
	rows = frappe.get_all("User", {"enabled": 1}, ["name", "full_name", "api_key", "creation"])
	return {
		row.name: Person(row.name, row.full_name or row.name, bool(row.api_key), row.creation)
		for row in rows
		if row.name != "Guest"
	}


def holders(roles: Iterable[str], present: dict[str, Person]) -> list[Held]:
	"""Who was given one of these roles."""
	wanted = sorted(set(roles) - set(EVERYBODY))
	if not wanted:
		return []
	rows = frappe.get_all(
		"Has Role",
		{"parenttype": "User", "role": ("in", wanted)},
		["parent", "role", "creation"],
		order_by="parent, role, creation",
	)
	profiles = _roles_of_profiles(_profiles())
	found = {}
	for row in rows:
		if row.parent in present and row.parent != ADMINISTRATOR:
			profile = profiles.get((row.parent, row.role), "")
			found.setdefault((row.parent, row.role), Held(row.parent, row.role, row.creation, profile))
	return list(found.values())


def _profiles() -> list[tuple[str, str]]:
	"""User and role profile; on a later framework a user has several."""
	rows = frappe.get_all("User", {"role_profile_name": ("is", "set")}, ["name", "role_profile_name"])
	found = [(row.name, row.role_profile_name) for row in rows]
	if frappe.db.exists("DocType", "User Role Profile"):
		rows = frappe.get_all("User Role Profile", {"parenttype": "User"}, ["parent", "role_profile"])
		found += [(row.parent, row.role_profile) for row in rows]
	return found


def _roles_of_profiles(assigned: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
	rows = frappe.get_all("Has Role", {"parenttype": "Role Profile"}, ["parent", "role"])
	roles: dict[str, list[str]] = defaultdict(list)
	for row in rows:
		roles[row.parent].append(row.role)
	return {(user, role): profile for user, profile in assigned for role in roles[profile]}


def shares(doctypes: Iterable[str], present: dict[str, Person]) -> list[Share]:
	"""Documents shared for changing."""
	rows = frappe.get_all(
		"DocShare",
		{"share_doctype": ("in", sorted(set(doctypes))), "write": 1},
		["share_doctype", "share_name", "user", "everyone", "creation"],
		order_by="creation",
	)
	return [
		Share(row.share_doctype, row.share_name, "" if row.everyone else row.user or "", row.creation)
		for row in rows
		if row.everyone or row.user in present
	]


def restrictions(doctypes: Iterable[str]) -> dict[tuple[str, str], tuple[str, ...]]:
	"""User permissions: the documents of a doctype that a person is limited to."""
	rows = frappe.get_all(
		"User Permission",
		{"allow": ("in", sorted(set(doctypes)))},
		["user", "allow", "for_value"],
		order_by="for_value",
	)
	found: dict[tuple[str, str], tuple[str, ...]] = {}
	for row in rows:
		key = (row.user, row.allow)
		found[key] = (*found.get(key, ()), row.for_value)
	return found
