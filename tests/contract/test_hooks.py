"""Everything that hooks.py and the client scripts point at is there."""

from __future__ import annotations

import ast
import re
import runpy
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.contract.sources import APP, exists, module_file, project_files, shown, tree_of, whitelisted

if TYPE_CHECKING:
	from collections.abc import Iterator
	from pathlib import Path

HOOKS_FILE = APP / "hooks.py"
HOOKS = {name: value for name, value in runpy.run_path(str(HOOKS_FILE)).items() if not name.startswith("__")}
# Valid in every Frappe release served: others abort an install on Frappe 15.
FREQUENCIES = {"all", "cron"} | {
	f"{word}{length}" for word in ("hourly", "daily", "weekly", "monthly") for length in ("", "_long")
}
DOTTED = re.compile(r"""["'`](core_helpdesk(?:\.\w+)+)["'`]""")
ASSET = re.compile(r"/assets/core_helpdesk/([\w./-]+)")


def strings(value: object) -> Iterator[str]:
	if isinstance(value, str):
		yield value
	elif isinstance(value, dict):
		for inner in value.values():
			yield from strings(inner)
	elif isinstance(value, (list, tuple)):
		for inner in value:
			yield from strings(inner)


DOTTED_PATHS = sorted({text for text in strings(HOOKS) if re.fullmatch(r"core_helpdesk(\.\w+)+", text)})


def test_hooks_hold_values_and_nothing_else() -> None:
	kinds = {type(node) for node in tree_of(HOOKS_FILE).body}
	assert kinds <= {ast.Assign, ast.Expr}
	assert DOTTED_PATHS


@pytest.mark.parametrize("dotted", DOTTED_PATHS)
def test_dotted_path_in_hooks_exists(dotted: str) -> None:
	assert exists(dotted)


@pytest.mark.parametrize("dotted", DOTTED_PATHS)
def test_no_hook_points_into_a_document(dotted: str) -> None:
	assert not dotted.startswith("core_helpdesk.core_helpdesk.")


def test_handlers_are_named_after_their_event_and_their_host_document() -> None:
	for document, events in HOOKS["doc_events"].items():
		for event, dotted in events.items():
			*_, module, function = dotted.split(".")
			assert function == event, dotted
			assert document == "*" or module == document.lower().replace(" ", "_"), dotted


def test_keys_of_document_events_are_sorted() -> None:
	documents = HOOKS["doc_events"]
	assert list(documents) == sorted(documents)
	assert all(list(events) == sorted(events) for events in documents.values())


def test_scheduled_functions_cannot_be_mistaken_for_those_of_another_app() -> None:
	functions = [
		dotted for dotted in strings(HOOKS["scheduler_events"]) if dotted.startswith("core_helpdesk.")
	]
	assert functions
	assert all(dotted.rpartition(".")[2].startswith("ch_") for dotted in functions)
	assert not [dotted for dotted, times in Counter(functions).items() if times > 1]


def test_schedules_are_known_to_every_frappe_release_served() -> None:
	assert set(HOOKS["scheduler_events"]) <= FREQUENCIES


def test_required_app_is_written_as_bench_reads_it() -> None:
	assert 'required_apps = ["frappe/helpdesk"]\n' in HOOKS_FILE.read_text()


def test_client_files_named_in_hooks_exist() -> None:
	assets = {found for text in strings(HOOKS) for found in ASSET.findall(text)}
	scripts = {text for text in strings(HOOKS) if text.startswith("public/")}
	assert all((APP / "public" / asset).is_file() for asset in assets), assets
	assert all((APP / script).is_file() for script in scripts), scripts


def client_files() -> list[Path]:
	endings = (".js", ".html", ".json")
	return [path for path in project_files() if path.is_relative_to(APP) and path.name.endswith(endings)]


def test_dotted_paths_in_client_files_exist_and_may_be_called() -> None:
	for path in client_files():
		for dotted in DOTTED.findall(path.read_text(encoding="utf-8")):
			module, _, function = dotted.rpartition(".")
			source = module_file(module)
			assert source is not None, f"{shown(path)}: {dotted}"
			assert function in whitelisted(source), f"{shown(path)}: {dotted} is not whitelisted"


def test_assets_named_in_client_files_exist() -> None:
	for path in client_files():
		for asset in ASSET.findall(path.read_text(encoding="utf-8")):
			assert (APP / "public" / asset).is_file(), f"{shown(path)}: {asset}"


def test_patches_exist() -> None:
	lines = [line.split("#")[0].strip() for line in (APP / "patches.txt").read_text().splitlines()]
	patches = [line for line in lines if line and not line.startswith("[")]
	assert all(exists(f"{patch}.execute") for patch in patches), patches
