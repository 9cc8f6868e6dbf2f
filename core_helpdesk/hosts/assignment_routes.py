"""The host's assignment rules as routes: which tickets each sends to which group, as far as its condition says it plainly.

A condition is text that the framework runs; here it is only read. A rule that asks for more than groups, ticket categories
and countries is left out: nobody could say which tickets it has in common with another.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import frappe

from core_helpdesk.domain.groups import Route
from core_helpdesk.hosts.hd_team import MEMBER, RULE, TEAM

if TYPE_CHECKING:
	from collections.abc import Iterable

TICKET = "HD Ticket"
# What a ticket's field names, by the doctype that it links to; its state comes and goes, and tells no rule from another.
FACTS = {TEAM: "from_groups", "HD Ticket Type": "ticket_categories", "Country": "countries"}
STATE = "status"
LONGEST = 5000
OWN_PRIORITY = 1

Terms = dict[str, frozenset[str]]


def routes() -> tuple[Route, ...]:
	"""Every rule in use whose condition can be read and whose people are of one group.

	Policy: QA-02
	"""
	rules = frappe.get_all(
		RULE,
		{"document_type": TICKET, "disabled": 0},
		["name", "assign_condition", "priority"],
		order_by="name",
	)
	groups, facts = groups_of([rule.name for rule in rules]), facts_by_field()
	found = []
	for rule in rules:
		terms = terms_of(rule.assign_condition, facts)
		if terms is not None and rule.name in groups:
			found.append(Route(rule.name, groups[rule.name], priority=rule.priority or 0, **terms))
	return tuple(found)


def to_come(team: str) -> Route:
	"""The rule that the host will make for a group that is only asked for."""
	return Route(f"{team} - Support Rotation", team, priority=OWN_PRIORITY, from_groups=frozenset({team}))


def groups_of(rules: list[str]) -> dict[str, str]:
	"""The group of each rule: whose own it is, else the only one in which all its people are."""
	owners = frappe.get_all(
		TEAM, {"assignment_rule": ("in", rules or [""])}, ["assignment_rule", "name"], as_list=True
	)
	others = people_groups([rule for rule in rules if rule not in dict(owners)])
	return others | dict(owners)


def people_groups(rules: list[str]) -> dict[str, str]:
	if not rules:
		return {}
	listed = frappe.get_all(
		"Assignment Rule User", {"parent": ("in", rules)}, ["parent", "user"], as_list=True
	)
	by_user: dict[str, set[str]] = {}
	for team, user in frappe.get_all(MEMBER, {"parenttype": TEAM}, ["parent", "user"], as_list=True):
		by_user.setdefault(user, set()).add(team)
	common: dict[str, set[str]] = {}
	for rule, user in listed:
		teams = by_user.get(user, set())
		common[rule] = common[rule] & teams if rule in common else set(teams)
	return {rule: next(iter(teams)) for rule, teams in common.items() if len(teams) == 1}


def facts_by_field() -> dict[str, str]:
	links = frappe.get_meta(TICKET).get_link_fields()
	return {field.fieldname: FACTS[field.options] for field in links if field.options in FACTS} | {
		STATE: STATE
	}


def terms_of(condition: str | None, facts: dict[str, str]) -> Terms | None:
	"""What a condition asks of a ticket, by fact; None if it asks for anything else, or cannot be true."""
	text = (condition or "").strip()
	try:
		tree = ast.parse(text, mode="eval") if text and len(text) <= LONGEST else None
	except (SyntaxError, ValueError, RecursionError, MemoryError):
		return None
	terms = _read(tree.body, facts) if tree else None
	if terms is None or not all(terms.values()):
		return None
	return {fact: values for fact, values in terms.items() if fact != STATE}


def _read(node: ast.expr, facts: dict[str, str]) -> Terms | None:
	if isinstance(node, ast.BoolOp):
		parts = [_read(part, facts) for part in node.values]
		if any(part is None for part in parts):
			return None
		return _all_of(parts) if isinstance(node.op, ast.And) else _any_of(parts)
	if isinstance(node, ast.Compare) and len(node.ops) == 1:
		return _compared(node.left, node.ops[0], node.comparators[0], facts)
	return None


def _all_of(parts: Iterable[Terms]) -> Terms:
	found: Terms = {}
	for part in parts:
		for fact, values in part.items():
			found[fact] = found[fact] & values if fact in found else values
	return found


def _any_of(parts: list[Terms]) -> Terms | None:
	"""One fact, with several values for it."""
	named = {fact for part in parts for fact in part}
	if len(named) != 1:
		return None
	(fact,) = named
	return {fact: frozenset().union(*(part[fact] for part in parts))}


def _compared(left: ast.expr, operator: ast.cmpop, right: ast.expr, facts: dict[str, str]) -> Terms | None:
	if isinstance(operator, ast.Eq) and isinstance(left, ast.Constant):
		left, right = right, left
	fact = facts.get(_field(left))
	values = _texts(right) if isinstance(operator, (ast.Eq, ast.In)) else None
	if not fact or values is None or isinstance(operator, ast.In) == isinstance(right, ast.Constant):
		return None
	return {fact: values}


def _field(node: ast.expr) -> str:
	"""`status`, or `doc.status` as some write it."""
	if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "doc":
		return node.attr
	return node.id if isinstance(node, ast.Name) else ""


def _texts(node: ast.expr) -> frozenset[str] | None:
	listed = node.elts if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else [node]
	values = [item.value for item in listed if isinstance(item, ast.Constant) and isinstance(item.value, str)]
	return frozenset(values) if values and len(values) == len(listed) else None
