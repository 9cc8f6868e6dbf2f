"""Clause ids in the sources, and paths in the policy page, name something that exists."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tests.contract.sources import APP, CHECKOUT, project_files, python_files, shown, tree_of

if TYPE_CHECKING:
	from pathlib import Path

POLICY_PAGE = CHECKOUT / "docs" / "policy.md"
CLAUSE = re.compile(r"\b(?:(?:GEN|CORE|QA|TSM|TRC)-(?:M?\d+)|CX-\d+(?:\.\d+)?)\b")
PLACE = re.compile(r"`((?:core_helpdesk|tests|benchmarks|docs)/[\w./-]+)`")
FIELDS = ("Units", "Raises", "Policy")


def clauses_of_the_policy() -> set[str]:
	"""The ids that head a row of the policy page."""
	rows = [line for line in POLICY_PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| **")]
	return {clause for row in rows for clause in CLAUSE.findall(row.split("|")[1])}


def docstrings() -> list[tuple[Path, int, str]]:
	kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
	return [
		(path, getattr(node, "lineno", 1), text)
		for path in [*python_files(APP), *python_files(CHECKOUT / "tests")]
		for node in ast.walk(tree_of(path))
		if isinstance(node, kinds) and (text := ast.get_docstring(node))
	]


def test_the_policy_page_has_every_clause_once() -> None:
	heads = [
		line.split("|")[1] for line in POLICY_PAGE.read_text(encoding="utf-8").splitlines() if "| **" in line
	]
	listed = [clause for head in heads for clause in CLAUSE.findall(head)]
	assert len(listed) == len(set(listed))
	expected = {"GEN-01", "CORE-01", "CORE-21", "QA-16", "TSM-14", "TRC-23", "CX-2.3", "CX-3.11"}
	assert expected <= set(listed)


def test_clause_ids_exist_in_the_policy() -> None:
	known = clauses_of_the_policy()
	used = {shown(path): set(CLAUSE.findall(path.read_text(encoding="utf-8"))) for path in project_files()}
	assert not {name: clauses - known for name, clauses in used.items() if clauses - known}


def test_policy_lines_name_their_clauses() -> None:
	for path, line, text in docstrings():
		for entry in re.findall(r"^Policy:(.*)$", text, re.MULTILINE):
			assert CLAUSE.search(entry), f"{shown(path)}:{line} has a Policy line without a clause"


def test_docstring_fields_stand_in_one_order() -> None:
	for path, line, text in docstrings():
		found = [name for name in re.findall(r"^(\w+):", text, re.MULTILINE) if name in FIELDS]
		assert found == sorted(found, key=FIELDS.index), f"{shown(path)}:{line}"


def test_places_named_in_the_documentation_exist() -> None:
	pages = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
	for page in pages:
		for place in PLACE.findall(page.read_text(encoding="utf-8")):
			assert (CHECKOUT / place).exists(), f"{shown(page)}: {place}"
