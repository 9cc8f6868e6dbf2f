"""Who may import whom, and where which kind of code lives."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.contract.sources import (
	APP,
	CHECKOUT,
	imports_of,
	module_file,
	python_files,
	shown,
	tree_of,
	whitelisted,
)

if TYPE_CHECKING:
	from collections.abc import Callable
	from pathlib import Path

	from tests.contract.sources import Import

# What meets Frappe's events, requests and forms. Nothing below may know it.
SURFACE = (
	"events",
	"jobs",
	"api",
	"commands",
	"core_helpdesk",
	"desk",
	"governance_api",
	"impact_api",
	"report_api",
	"report_sending_api",
	"request_api",
	"claim_api",
	"month_api",
	"monthly_api",
	"tracing_api",
	"tracing_work_api",
)
# These decide and calculate; they run where Frappe is not installed.
MAY_IMPORT = {
	"domain": {"domain"},
	"calendars": {"calendars", "domain"},
	"offline": {"offline", "calendars", "domain"},
}
CATCH_ALL = {"utils", "helpers", "helper", "manager", "common", "misc", "data", "tools"}
FRAPPE_APPS = ("frappe", "helpdesk")


def part_of(path: Path) -> str:
	return path.relative_to(APP).parts[0].removesuffix(".py")


def own_part(module: str) -> str:
	"""Which part of the app a dotted path lies in; empty for anything else."""
	names = module.split(".")
	return names[1] if names[0] == "core_helpdesk" and len(names) > 1 else ""


def root_of(imported: Import) -> str:
	return imported.module.split(".")[0]


def dotted(path: Path) -> str:
	return ".".join(path.relative_to(CHECKOUT).with_suffix("").parts).removesuffix(".__init__")


def calls_of(path: Path) -> list[ast.Call]:
	return [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]


def files_of(*parts: str) -> list[Path]:
	return [path for path in python_files() if part_of(path) in parts]


def outside(*parts: str) -> list[Path]:
	return [path for path in python_files() if part_of(path) not in parts]


def offences(paths: list[Path], wrong: Callable[[Path, Import], bool]) -> list[str]:
	"""The imports that a rule forbids, as `file:line module`."""
	return [
		f"{shown(path)}:{imported.line} {imported.module}"
		for path in paths
		for imported in imports_of(path)
		if wrong(path, imported)
	]


def test_domain_imports_the_standard_library_only() -> None:
	# Whole columns are computed by numpy, which a site need not have: what loads it is itself loaded when asked for.
	columns = [
		path for path in files_of("domain") if "numpy" in {root_of(found) for found in imports_of(path)}
	]
	loading_numpy = {dotted(path) for path in columns}

	def wrong(path: Path, imported: Import) -> bool:
		if own_part(imported.module) == "domain":
			return not imported.lazy and imported.module.rpartition(".")[0] in loading_numpy
		return root_of(imported) not in sys.stdlib_module_names and not (
			root_of(imported) == "numpy" and path in columns
		)

	assert not offences(files_of("domain"), wrong)


def test_parts_without_frappe_import_only_what_lies_below_them() -> None:
	def wrong(path: Path, imported: Import) -> bool:
		part = own_part(imported.module)
		return (part not in ("", "__version__", *MAY_IMPORT[part_of(path)])) or root_of(
			imported
		) in FRAPPE_APPS

	assert not offences(files_of(*MAY_IMPORT), wrong)


def test_nothing_below_the_surface_imports_it() -> None:
	below = outside(*SURFACE, *MAY_IMPORT, "hooks")
	assert not offences(below, lambda _, imported: own_part(imported.module) in SURFACE)


def test_only_the_command_imports_the_offline_part() -> None:
	assert not offences(outside("offline"), lambda _, imported: own_part(imported.module) == "offline")


def test_helpdesk_is_never_imported_on_loading() -> None:
	assert not offences(
		python_files(), lambda _, imported: root_of(imported) == "helpdesk" and not imported.lazy
	)


def test_host_tickets_are_written_by_the_host_part_only() -> None:
	writers = ("set_value", "delete", "bulk_update", "delete_doc")
	assert not [
		f"{shown(path)}:{call.lineno}"
		for path in outside("hosts")
		for call in calls_of(path)
		if ast.unparse(call.func).rpartition(".")[2] in writers
		and call.args
		and isinstance(call.args[0], ast.Constant)
		and call.args[0].value == "HD Ticket"
	]


def test_domain_never_reads_a_clock() -> None:
	reads = re.compile(r"\b(?:datetime|date|time)\.(?:now|today|utcnow|time|time_ns|monotonic|perf_counter)$")
	assert not [
		f"{shown(path)}:{call.lineno}"
		for path in files_of("domain")
		for call in calls_of(path)
		if reads.search(ast.unparse(call.func))
	]


def test_modules_are_of_a_size_to_read_and_say_by_name_what_they_hold() -> None:
	assert not [shown(path) for path in python_files() if path.stem in CATCH_ALL]
	assert not [
		shown(path) for path in python_files() if len(path.read_text(encoding="utf-8").splitlines()) > 300
	]


def test_every_folder_with_python_is_a_package() -> None:
	assert not [shown(path) for path in python_files() if not (path.parent / "__init__.py").exists()]


def test_annotations_that_frappe_reads_are_not_strings() -> None:
	read = [path for path in python_files() if "doctype" in path.parts or whitelisted(path)]
	assert not offences(read, lambda _, imported: imported.module == "__future__.annotations")


def test_parts_without_frappe_load_where_frappe_cannot_be_imported() -> None:
	modules = [dotted(path) for path in files_of(*MAY_IMPORT) if path.stem != "__main__"]
	assert all(module_file(module) for module in modules)
	loading = f"import sys, importlib; sys.modules['frappe'] = None; [importlib.import_module(m) for m in {modules}]"
	loaded = subprocess.run([sys.executable, "-c", loading], cwd=CHECKOUT, capture_output=True, text=True)
	assert loaded.returncode == 0, loaded.stderr
