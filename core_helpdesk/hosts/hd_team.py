"""Groups on the host: which of them are hidden, who their members are, and which assignment rules serve them.

Reads HD Team and Assignment Rule; changes only the rule of a hidden group, to keep it at rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.cache_manager import clear_doctype_map

if TYPE_CHECKING:
	from frappe.model.document import Document

TEAM, MEMBER, RULE = "HD Team", "HD Team Member", "Assignment Rule"
NOT_IN_NAMES = "' \\ < >"


def hidden_teams() -> tuple[str, ...]:
	"""Names of the hidden groups.

	Policy: TSM-12
	"""
	return tuple(frappe.get_all(TEAM, {"ch_hidden": 1}, pluck="name")) if _can_hide() else ()


def is_hidden(team: str | None) -> bool:
	return door(team).is_hidden


class Door(NamedTuple):
	"""Why tickets do not come into a group by themselves: it is hidden, or in a stage that takes none."""

	is_hidden: bool = False
	stage: str = ""


def door(team: str | None) -> Door:
	"""Of the group that the database takes this name for: also in other letters, or with blanks behind it."""
	meta = frappe.get_meta(TEAM)
	# Hooks run from the first step of an install on, before the fields are there.
	columns = [column for column in ("ch_hidden", "ch_stage") if meta.has_field(column)]
	found = frappe.db.get_value(TEAM, team, columns, as_dict=True) if team and columns else None
	return Door(bool(found.get("ch_hidden")), found.get("ch_stage") or "") if found else Door()


def _can_hide() -> bool:
	# Hooks run from the first step of an install on, before the field is there.
	return bool(frappe.get_meta(TEAM).has_field("ch_hidden"))


def hidden_rules() -> tuple[str, ...]:
	"""Assignment rules of hidden groups."""
	teams = hidden_teams()
	rules = frappe.get_all(TEAM, {"name": ("in", teams)}, pluck="assignment_rule") if teams else []
	return tuple(rule for rule in rules if rule)


def can_be_named(name: str) -> bool:
	"""Whether a group of this name works: the host writes it into its rule's condition as it stands, and the framework
	takes no name that could be markup.
	"""
	return not set(NOT_IN_NAMES.split()).intersection(name)


def members(team: str) -> tuple[str, ...]:
	"""Enabled users who are in the group, in the order of their names."""
	if not team:
		return ()
	listed = frappe.get_all(MEMBER, {"parenttype": TEAM, "parent": team}, pluck="user")
	if not listed:
		return ()
	return tuple(
		frappe.get_all("User", {"name": ("in", listed), "enabled": 1}, pluck="name", order_by="name")
	)


def is_member(team: str, user: str) -> bool:
	return bool(team) and bool(frappe.db.exists(MEMBER, {"parenttype": TEAM, "parent": team, "user": user}))


def teams_of(user: str) -> frozenset[str]:
	"""Every group that this user is a member of."""
	return frozenset(frappe.get_all(MEMBER, {"parenttype": TEAM, "user": user}, pluck="parent"))


def hidden_teams_of(user: str) -> tuple[str, ...]:
	"""The hidden groups that this user is a member of."""
	return tuple(team for team in hidden_teams() if is_member(team, user))


def save_as_host(team: Document) -> None:
	"""Saves a group for whoever was asked before: the host changes its assignment rule along, in the user's own name."""
	user = frappe.session.user
	frappe.set_user("Administrator")  # nosemgrep: put back below, whatever happens
	try:
		team.save()
	finally:
		frappe.set_user(user)


def rest_rule(rule: str | None) -> None:
	"""Switches an assignment rule off past its own checks, which would only speak of members."""
	from core_helpdesk.governance import governed_rules

	if rule and not frappe.db.get_value(RULE, rule, "disabled"):
		frappe.db.set_value(RULE, rule, "disabled", 1)
		forget_rules()
		# Until then others read, and keep, what it was before.
		frappe.db.after_commit.add(forget_rules)
		governed_rules.remember(rule, {"rule_disabled": "1"})


def forget_rules() -> None:
	"""Lets the framework read the assignment rules anew, which it keeps in a cache for all sessions."""
	clear_doctype_map(RULE, "HD Ticket")
