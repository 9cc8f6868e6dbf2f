"""Finds every string that a person may read on a site: calls of _() and __(), and what Frappe translates of documents.

Printed by `python -m tests.contract.visible_strings`: those without an Arabic translation.
"""

import ast
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

APP = Path(__file__).resolve().parents[2] / "core_helpdesk"
TRANSLATIONS = APP / "translations" / "ar.csv"
# The offline command speaks with its own words and never asks Frappe for a translation.
WITHOUT_FRAPPE = ("offline",)
CALL = re.compile(
	r"""(?<![\w.])__?\(\s*(?P<quote>["'])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)"""
	r"""(?:\s*,\s*(?:null|\[[^\]]*\])\s*,\s*["'](?P<context>[^"']+)["'])?""",
	re.DOTALL,
)
TAG = re.compile(r"<[^>]*>")


class Found(NamedTuple):
	"""A string, its place, and the context under which it is translated: a doctype, or what the call names."""

	text: str
	where: str
	context: str = ""


def visible_strings() -> list[Found]:
	found = [*python_strings(), *script_strings(), *document_strings(), *named_strings()]
	return [item for item in found if item.text.strip() and re.search("[A-Za-z]", item.text)]


def translations() -> list[list[str]]:
	with TRANSLATIONS.open(encoding="utf-8", newline="") as file:
		return [row for row in csv.reader(file) if row]


def missing() -> dict[str, list[str]]:
	"""Strings without a translation, each with the places where they are."""
	known = {(row[0], row[2] if len(row) == 3 else "") for row in translations()}
	lacking: dict[str, list[str]] = {}
	for text, where, context in visible_strings():
		if not (known & {(text, context), (text, "")} or text in OF_THE_FRAMEWORK):
			lacking.setdefault(f"{text} ({context})" if context else text, []).append(where)
	return lacking


def sources(*suffixes: str) -> Iterator[Path]:
	for path in sorted(APP.rglob("*")):
		if path.suffix in suffixes and path.relative_to(APP).parts[0] not in WITHOUT_FRAPPE:
			yield path


def place(path: Path, line: int | None = None) -> str:
	name = str(path.relative_to(APP.parent))
	return f"{name}:{line}" if line else name


def python_strings() -> Iterator[Found]:
	for path in sources(".py"):
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.Call) and called(node.func) in ("_", "_lt", "__") and node.args:
				for found in literals(node.args[0], path):
					yield found._replace(context=context_of(node))


def context_of(call: ast.Call) -> str:
	values = [word.value for word in call.keywords if word.arg == "context"]
	return values[0].value if values and isinstance(values[0], ast.Constant) else ""


def called(function: ast.expr) -> str:
	return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def literals(argument: ast.expr, path: Path) -> Iterator[Found]:
	"""The strings that an argument may be: a literal, or either side of a choice."""
	if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
		yield Found(argument.value, place(path, argument.lineno))
	elif isinstance(argument, ast.IfExp):
		yield from literals(argument.body, path)
		yield from literals(argument.orelse, path)


def script_strings() -> Iterator[Found]:
	for path in sources(".js", ".html"):
		text = path.read_text(encoding="utf-8")
		for match in CALL.finditer(text):
			unescaped = re.sub(r"\\(.)", r"\1", match["text"])
			line = text.count("\n", 0, match.start()) + 1
			yield Found(unescaped, place(path, line), match["context"] or "")


def document_strings() -> Iterator[Found]:
	for path in sources(".json"):
		document = json.loads(path.read_text(encoding="utf-8"))
		documents = document if isinstance(document, list) else [document]
		for record in documents:
			reader = READERS.get(record.get("doctype", ""))
			context = record["name"] if record.get("doctype") == "DocType" else ""
			for text in reader(record) if reader else ():
				if text:
					yield Found(text, place(path), context)


def doctype_strings(record: dict[str, Any]) -> Iterator[str]:
	yield record["name"]
	yield record.get("description", "")
	for field in record["fields"]:
		yield from field_strings(field)
	for state in record.get("states", ()):
		yield state["title"]
	for link in record.get("links", ()):
		yield link.get("group", "")


def field_strings(field: dict[str, Any]) -> Iterator[str]:
	yield field.get("label", "")
	yield field.get("description", "")
	if field["fieldtype"] == "Select":
		yield from (field.get("options") or "").split("\n")


def workspace_strings(record: dict[str, Any]) -> Iterator[str]:
	yield from (record["label"], record["title"])
	for block in json.loads(record["content"]):
		if block["type"] in ("header", "paragraph"):
			yield TAG.sub("", block["data"]["text"]).strip()
	for table in ("charts", "number_cards", "shortcuts", "links"):
		for row in record[table]:
			yield row["label"]
			yield row.get("format", "") or ""


READERS = {
	"Custom HTML Block": lambda record: [record["name"]],
	"Dashboard Chart": lambda record: [record["chart_name"]],
	"DocType": doctype_strings,
	"Number Card": lambda record: [record["label"]],
	"Page": lambda record: [record["title"]],
	"Report": lambda record: [record["report_name"]],
	"Workspace": workspace_strings,
}


def named_strings() -> Iterator[Found]:
	"""Words that reach a person as the value of a named constant or of a label in a dict."""
	for path in sources(".py"):
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.Dict) and path.name != "custom_fields.py":
				yield from labelled(node, path)
		yield from constants(path)
	yield from custom_field_labels()
	yield from (Found(gap, "core_helpdesk/config.py") for gap in GAPS)
	yield from reasons_of_bad_hours()


def custom_field_labels() -> Iterator[Found]:
	"""The Desk translates a custom field's label under the document that it was added to."""
	path = APP / "setup" / "custom_fields.py"
	fields = next(
		ast.literal_eval(node.value)
		for node in ast.parse(path.read_text(encoding="utf-8")).body
		if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "FIELDS"
	)
	for doctype, added in fields.items():
		for field in added:
			for text in (field.get("label"), field.get("description")):
				if text:
					yield Found(text, place(path), doctype)


def reasons_of_bad_hours() -> Iterator[Found]:
	"""The second argument of BadInterval is worded for the person who entered the hours."""
	path = APP / "domain" / "calendar_rules.py"
	for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
		if isinstance(node, ast.Call) and called(node.func) == "BadInterval":
			yield from literals(node.args[1], path)


def labelled(node: ast.Dict, path: Path) -> Iterator[Found]:
	for key, value in zip(node.keys, node.values, strict=True):
		if isinstance(key, ast.Constant) and key.value in ("label", "description"):
			yield from literals(value, path)


# Module → the names of its constants whose strings are shown.
SHOWN_CONSTANTS = {
	"calendars.py": ("RAMADAN",),
	"domain/calendar_rules.py": ("HALF_DAY_REASON", "WEEKEND_REASON"),
	"domain/explanation.py": ("OUTSIDE_REASON", "RECEIPT_REASON"),
	"governance/access_control.py": (
		"BY_ROLE",
		"BY_RIGHT",
		"BY_SHARE",
		"BY_ACCOUNT",
		"BY_POLICY",
		"REFUSED",
		"LOOK",
		"ACCEPTED",
	),
	"governance/access_objects.py": (
		"GROUPS",
		"CATEGORIES",
		"POLICIES",
		"CALENDARS",
		"SETTINGS",
		"DECISIONS",
		"HIDDEN_GROUP",
		"RIGHTS",
	),
	"reports/conflict_wording.py": ("TITLES",),
	"reports/parity_standing.py": (
		"SAME",
		"DIFFERS",
		"HOME_DIFFERS",
	),
	"setup/claim_workflow.py": (
		"SUPERVISOR_APPROVAL",
		"MANAGER_APPROVAL",
		"APPROVED",
		"HANDED_OVER",
		"PAID",
		"REFUSED",
		"WITHDRAWN",
		"SUBMIT",
		"APPROVE",
		"RETURN",
		"REFUSE",
		"WITHDRAW",
		"PAY",
	),
	"setup/monthly_workflow.py": (
		"MADE",
		"SUBMITTED",
		"REVIEWED",
		"SENT",
		"FORWARDED",
		"SIGNED",
		"SUBMIT",
		"SEND",
		"REVIEW",
		"RETURN",
		"FORWARD",
		"SIGN",
	),
	"setup/roles.py": (
		"QA_SPECIALIST",
		"CUSTOMER_SERVICE_MANAGER",
		"DEPARTMENT_MANAGER",
		"GENERAL_MANAGER",
		"TSM_AGENT",
	),
	"setup/tsm_team.py": ("TEAM_NAME",),
	"setup/workflows.py": (
		"REVIEW",
		"NEEDS_INFORMATION",
		"MANAGER_APPROVAL",
		"APPROVED",
		"IMPLEMENTED",
		"REJECTED",
		"WITHDRAWN",
		"SUBMIT",
		"ASK",
		"RESUBMIT",
		"SEND",
		"APPROVE",
		"REJECT",
		"RETURN",
		"WITHDRAW",
		"IMPLEMENT",
	),
	"setup/workflow_states.py": ("DRAFT", "DISCUSSED", "ACTIVE", "SUPERSEDED", "RETIRED"),
}


def constants(path: Path) -> Iterator[Found]:
	shown = SHOWN_CONSTANTS.get(path.relative_to(APP).as_posix(), ())
	for node in ast.parse(path.read_text(encoding="utf-8")).body:
		if isinstance(node, ast.Assign) and any(
			name in shown for target in node.targets for name in names_in(target)
		):
			context = CONTEXTS.get(path.relative_to(APP).as_posix(), "")
			for part in ast.walk(node.value):
				for found in literals(part, path) if isinstance(part, ast.Constant) else ():
					yield found._replace(context=context)


def names_in(target: ast.expr) -> list[str]:
	"""What an assignment gives a value: one name, or several at once."""
	targets = target.elts if isinstance(target, ast.Tuple) else [target]
	return [node.id for node in targets if isinstance(node, ast.Name)]


# The names of states are words of the framework as well: ours stand under the document that holds them.
CONTEXTS = {
	"governance/access_control.py": "Access Audit",
	"setup/workflow_states.py": "Workflow State",
}
# Left to the framework's own translation, in its own words; `tests/site/test_translations.py` looks whether it has one.
OF_THE_FRAMEWORK = frozenset(
	{
		"Category",
		"Channel",
		"Close",
		"Date",
		"Day",
		"Description",
		"Details",
		"Document",
		"Document Type",
		"Email Queue",
		"Key",
		"Loading...",
		"More",
		"Not Permitted",
		"Note",
		"Open Document",
		"Pending",
		"Phone",
		"Reason",
		"Recipient",
		"Reload",
		"Saved",
		"Search",
		"Subject",
		"System",
		"Time Zone",
		"new",
	}
)


# Put together from a field's name where a group lacks something.
GAPS = ("No Calendar", "No Category", "No Country", "No Department")


def holiday_names(years: range) -> set[str]:
	"""The seeded countries' holidays, which are the reasons for which a day is not counted."""
	from core_helpdesk.calendars import COUNTRIES_SEEDED, holidays_of

	return {holiday.name for code in COUNTRIES_SEEDED for holiday in holidays_of(code, years)}


if __name__ == "__main__":
	for lacking, where in missing().items():
		print(f"{lacking!r}  ({where[0]})")
