"""Every function of the framework and the host that anybody may call and that reads past permissions is known."""

from __future__ import annotations

import ast
from pathlib import Path

import frappe
import helpdesk

from core_helpdesk.hooks import override_whitelisted_methods

# Judged: what they count by a doctype that the caller names.
KNOWN = {
	"frappe.desk.doctype.number_card.number_card.get_cards_for_user": "number cards alone",
	"frappe.desk.form.linked_with.get": "a link's rows of a document that is read, told as a list shows them",
	"frappe.desk.form.linked_with.get_linked_doctypes": "names of doctypes",
	"frappe.desk.notifications.get_open_count": "by one fixed link of a document that is read",
	"frappe.geo.utils.get_coords": "places on a map, which nothing of ours has",
	"frappe.website.doctype.web_form.web_form.get_form_data": "what a published form links to",
}
PAST_PERMISSIONS = {"get_all", "get_query", "count"}


def test_nothing_counts_past_permissions_by_a_doctype_that_callers_name() -> None:
	"""Policy: CORE-13, TSM-12"""
	found = {
		f"{app.__name__}.{'.'.join(path.relative_to(root).with_suffix('').parts)}.{name}"
		for app in (frappe, helpdesk)
		for root in [Path(app.__file__).parent]
		for path in root.rglob("*.py")
		if not {"tests", "patches"} & set(path.parts) and not path.name.startswith("test_")
		for name in counting_by_name(ast.parse(path.read_text(encoding="utf-8")))
	}
	# The walk finds what it is for.
	assert found >= {
		"frappe.utils.goal.get_monthly_goal_graph_data",
		"frappe.desk.listview.get_group_by_count",
	}
	assert found - set(KNOWN) - set(override_whitelisted_methods) == set()


def counting_by_name(module: ast.Module) -> set[str]:
	"""The whitelisted functions that read past permissions, themselves or by others of their module, what is not named in
	the code.
	"""
	functions = {node.name: node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}
	constants = {
		target.id
		for node in module.body
		if isinstance(node, ast.Assign)
		for target in node.targets
		if isinstance(target, ast.Name)
	}
	called = {
		name: {node.func.id for node in calls(function) if isinstance(node.func, ast.Name)} & set(functions)
		for name, function in functions.items()
	}
	bare = {
		name
		for name, function in functions.items()
		if any(reads_past_permissions(node, constants) for node in calls(function))
	}
	return {
		name
		for name, function in functions.items()
		if is_whitelisted(function) and bare & reached(name, called)
	}


def calls(function: ast.FunctionDef) -> list[ast.Call]:
	return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def reached(name: str, called: dict[str, set[str]]) -> set[str]:
	seen, ahead = set(), {name}
	while ahead:
		seen |= ahead
		ahead = set().union(*(called[each] for each in ahead)) - seen
	return seen


def reads_past_permissions(call: ast.Call, constants: set[str]) -> bool:
	function = call.func
	if not isinstance(function, ast.Attribute) or function.attr not in PAST_PERMISSIONS:
		return False
	# Texts and lists count, too.
	if function.attr == "count" and not (
		isinstance(function.value, ast.Attribute) and function.value.attr == "db"
	):
		return False
	named = [*call.args[:1], *(word.value for word in call.keywords if word.arg in ("doctype", "table"))]
	return any(
		not isinstance(each, ast.Constant) and not (isinstance(each, ast.Name) and each.id in constants)
		for each in named[:1]
	)


def is_whitelisted(function: ast.FunctionDef) -> bool:
	marks = (mark.func if isinstance(mark, ast.Call) else mark for mark in function.decorator_list)
	return any(isinstance(mark, ast.Attribute) and mark.attr == "whitelist" for mark in marks)
