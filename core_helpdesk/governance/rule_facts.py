"""What the app knows of the assignment rules of governed groups: read in three queries however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cint, cstr

if TYPE_CHECKING:
	from collections.abc import Iterable, Sequence

	from frappe.model.document import Document

RULE, RULE_USER, RULE_DAY = "Assignment Rule", "Assignment Rule User", "Assignment Rule Day"
FIELDS = ("document_type", "rule", "assign_condition", "unassign_condition", "close_condition")
NUMBERS = ("disabled", "priority")
PREFIX = "rule_"
USERS, DAYS = "rule_users", "rule_assignment_days"
FLAG = "ch_rule_facts"

Facts = dict[str, Any]


def facts_of_rule(rule: Any, users: Iterable[Any] | None = None, days: Iterable[Any] | None = None) -> Facts:
	"""A rule as text that is the same before and after it went through the database."""
	users = rule.get("users") if users is None else users
	days = rule.get("assignment_days") if days is None else days
	return {
		**{f"{PREFIX}{field}": cstr(rule.get(field)).strip() for field in FIELDS},
		**{f"{PREFIX}{field}": cstr(cint(rule.get(field)) or "") for field in NUMBERS},
		USERS: sorted({row.get("user") for row in users or () if row.get("user")}),
		DAYS: sorted({row.get("day") for row in days or () if row.get("day")}),
	}


def facts_by_rule(names: Sequence[str]) -> dict[str, Facts]:
	if not names:
		return {}
	rules = frappe.get_all(RULE, {"name": ("in", list(names))}, ["name", *FIELDS, *NUMBERS])
	users, days = (
		rows_of(table, column, names) for table, column in ((RULE_USER, "user"), (RULE_DAY, "day"))
	)
	return {
		rule.name: facts_of_rule(rule, users.get(rule.name, ()), days.get(rule.name, ())) for rule in rules
	}


def rows_of(table: str, column: str, rules: Sequence[str]) -> dict[str, list[frappe._dict]]:
	found: dict[str, list[frappe._dict]] = {}
	for row in frappe.get_all(table, {"parenttype": RULE, "parent": ("in", list(rules))}, ["parent", column]):
		found.setdefault(row.parent, []).append(row)
	return found


def of_group(team: Document) -> Facts:
	"""What is known of a group's own rule; of several groups it is read for all of them before."""
	rule = team.get("assignment_rule") or ""
	found = team.flags.get(FLAG)
	present = facts_by_rule([rule]).get(rule, {}) if found is None else found
	return {"assignment_rule": rule, **present}


def read_along(teams: Sequence[Document]) -> None:
	"""Reads the rules of groups that are remembered together."""
	rules = [team.get("assignment_rule") for team in teams if team.get("assignment_rule")]
	found = facts_by_rule(rules)
	for team in teams:
		team.flags[FLAG] = found.get(team.get("assignment_rule"), {})


def forget(teams: Sequence[Document]) -> None:
	for team in teams:
		team.flags.pop(FLAG, None)


def label(field: str) -> str:
	"""What a fact about a rule is called; empty for any other."""
	meta = frappe.get_meta(RULE)
	own = field.removeprefix(PREFIX)
	if own == field or not meta.has_field(own):
		return ""
	return _("Assignment Rule, {0}").format(_(meta.get_label(own), context=RULE))
