"""The reports' files agree with each other: record, script and code, the choices that are offered and those that are known."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.sources import APP, exists, tree_of

if TYPE_CHECKING:
	from pathlib import Path

FOLDER = APP / "core_helpdesk" / "report"
WORKSPACES = APP / "core_helpdesk" / "workspace"
INCLUDED = re.compile(r'{% include "core_helpdesk/([^"]+)" %}')
CHOICE = re.compile(r'choice\(\s*"(\w+)".*?\[(.*?)\]', re.DOTALL)
TEXT = re.compile(r'"([^"]+)"')
FIELD = re.compile(r'(?:link|choice)\(\s*"(\w+)"|fieldname: "(\w+)"')


@cache
def reports() -> dict[str, dict[str, Any]]:
	found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*/*.json"))]
	return {report["name"]: report for report in found}


def file_of(name: str, suffix: str) -> Path:
	folder = name.lower().replace(" ", "_")
	return FOLDER / folder / f"{folder}{suffix}"


def script_of(name: str) -> str:
	return file_of(name, ".js").read_text(encoding="utf-8")


def values_of(module: str) -> dict[str, Any]:
	"""The literal constants of a module, also those that are given several at once."""
	found: dict[str, Any] = {}
	for node in tree_of(APP / module).body:
		if not isinstance(node, ast.Assign):
			continue
		for target in node.targets:
			names = target.elts if isinstance(target, ast.Tuple) else [target]
			values = node.value.elts if isinstance(target, ast.Tuple) else [node.value]
			for name, value in zip(names, values, strict=True):
				if isinstance(value, (ast.Constant, ast.Tuple)) and isinstance(name, ast.Name):
					try:
						found[name.id] = ast.literal_eval(value)
					except ValueError:
						continue
	return found


every_report = pytest.mark.parametrize("name", sorted(reports()))


@every_report
def test_a_report_is_a_standard_script_report_of_the_app(name: str) -> None:
	report = reports()[name]
	assert (report["report_type"], report["is_standard"]) == ("Script Report", "Yes")
	assert (report["module"], report["report_name"]) == ("Core Helpdesk", name)
	assert not report["prepared_report"]
	assert file_of(name, ".json").exists()
	folder = name.lower().replace(" ", "_")
	assert exists(f"core_helpdesk.core_helpdesk.report.{folder}.{folder}.execute")


@every_report
def test_every_reader_may_report_on_and_export_its_doctype(name: str) -> None:
	report = reports()[name]
	folder = report["ref_doctype"].lower().replace(" ", "_")
	doctype = json.loads((APP / "core_helpdesk" / "doctype" / folder / f"{folder}.json").read_text("utf-8"))
	able = {row["role"] for row in doctype["permissions"] if row.get("report") and row.get("export")}
	assert {row["role"] for row in report["roles"]} <= able
	assert report["roles"]


@every_report
def test_its_script_names_the_report_and_includes_what_is_there(name: str) -> None:
	script = script_of(name)
	assert f'frappe.query_reports["{name}"]' in script
	included = INCLUDED.findall(script)
	assert included
	assert all((APP / path).exists() for path in included)


@every_report
def test_it_stands_on_one_workspace(name: str) -> None:
	workspaces = [
		json.loads(path.read_text(encoding="utf-8")) for path in sorted(WORKSPACES.glob("*/*.json"))
	]
	links = [link for workspace in workspaces for link in workspace["links"]]
	(link,) = [link for link in links if link.get("link_type") == "Report" and link["link_to"] == name]
	assert link["is_query_report"] == 1
	assert link["report_ref_doctype"] == reports()[name]["ref_doctype"]


@pytest.mark.parametrize(
	("name", "module"),
	[
		("Parity Audit", "parity_audit"),
		("Group Conflicts", "group_conflicts"),
		("Access Audit", "access_audit"),
	],
)
def test_the_filters_that_are_offered_are_those_that_are_asked_for(name: str, module: str) -> None:
	offered = {first or second for first, second in FIELD.findall(script_of(name))}
	assert offered - {"missing"} == set(values_of(f"reports/{module}.py")["FILTERS"])


def test_the_states_of_the_parity_audit_are_offered_as_they_are_known() -> None:
	states = values_of("reports/parity_standing.py")
	known = {value for name, value in states.items() if isinstance(value, str) and name.isupper()}
	(_field, offered), *_rest = CHOICE.findall(script_of("Parity Audit"))
	assert set(TEXT.findall(offered)) == known


def test_the_choices_of_the_access_audit_are_offered_as_they_are_known() -> None:
	objects = values_of("governance/access_objects.py")
	control = values_of("governance/access_control.py")
	known = {
		"what": {value for value in objects.values() if isinstance(value, str)},
		"verdict": {control[name] for name in ("BY_POLICY", "REFUSED", "LOOK", "ACCEPTED")},
		"kind": {control[name] for name in ("BY_ROLE", "BY_RIGHT", "BY_SHARE", "BY_ACCOUNT")},
	}
	found = {field: set(TEXT.findall(values)) for field, values in CHOICE.findall(script_of("Access Audit"))}
	assert found == known


def test_the_conflicts_that_are_offered_are_all_that_there_are() -> None:
	(kinds,) = [
		node
		for node in tree_of(APP / "domain" / "group_facts.py").body
		if isinstance(node, ast.ClassDef) and node.name == "ConflictKind"
	]
	known = {ast.literal_eval(node.value) for node in kinds.body if isinstance(node, ast.Assign)}
	assert set(re.findall(r'value: "([^"]+)"', script_of("Group Conflicts"))) == known


def test_the_kinds_of_requests_are_offered_as_they_are_known() -> None:
	names = ("NEW_GROUP", "NEW_CATEGORY", "CHANGE_GROUP", "CHANGE_ESCALATION", "ADD_MEMBERS")
	more = ("REMOVE_MEMBERS", "RETIRE_GROUP", "DEVIATION", "CORRECTION")
	kinds = values_of("governance/request_kinds.py")
	(_field, offered), *_rest = CHOICE.findall(script_of("Group Requests"))
	assert TEXT.findall(offered) == [kinds[name] for name in (*names, *more)]
