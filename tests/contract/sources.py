"""The app's files as text and syntax trees; nothing of the app is imported here."""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
APP = CHECKOUT / "core_helpdesk"
MADE_BY_TOOLS = {".git", ".venv", "build", "dist", "__pycache__", "node_modules", ".hypothesis"}
TEXT_ENDINGS = (".py", ".js", ".css", ".html", ".json", ".csv", ".md", ".toml", ".txt", ".yaml", ".in", ".po")


@dataclass(frozen=True, slots=True)
class Import:
	"""One imported name, with the place that imports it."""

	module: str
	line: int
	lazy: bool


def project_files() -> list[Path]:
	"""Every text file that belongs to the project."""
	found = []
	for folder, folders, files in os.walk(CHECKOUT):
		folders[:] = sorted(
			name
			for name in folders
			if name not in MADE_BY_TOOLS and not name.endswith(("_cache", ".egg-info"))
		)
		found += [
			Path(folder, name) for name in sorted(files) if name.endswith(TEXT_ENDINGS) or "." not in name
		]
	return [path for path in found if path.name != ".git"]


def python_files(under: Path = APP) -> list[Path]:
	return sorted(path for path in under.rglob("*.py") if "__pycache__" not in path.parts)


@cache
def tree_of(path: Path) -> ast.Module:
	return ast.parse(path.read_text(encoding="utf-8"), str(path))


def shown(path: Path) -> str:
	return path.relative_to(CHECKOUT).as_posix()


class _Imports(ast.NodeVisitor):
	def __init__(self) -> None:
		self.found: list[Import] = []
		self.depth = 0

	def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
		self.depth += 1
		self.generic_visit(node)
		self.depth -= 1

	def visit_If(self, node: ast.If) -> None:
		only_for_types = "TYPE_CHECKING" in ast.unparse(node.test)
		for child in node.orelse if only_for_types else [*node.body, *node.orelse]:
			self.visit(child)

	def visit_Import(self, node: ast.Import) -> None:
		self.found += [Import(name.name, node.lineno, self.depth > 0) for name in node.names]

	def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
		self.found += [
			Import(f"{node.module}.{name.name}", node.lineno, self.depth > 0) for name in node.names
		]


@cache
def imports_of(path: Path) -> list[Import]:
	"""All imports but those for type checkers; `lazy` are those inside a function."""
	visitor = _Imports()
	visitor.visit(tree_of(path))
	return visitor.found


def module_file(dotted: str) -> Path | None:
	"""The file of a module of the app, if there is one."""
	place = CHECKOUT.joinpath(*dotted.split("."))
	candidates = (place.with_suffix(".py"), place / "__init__.py")
	return next((path for path in candidates if path.is_file()), None)


def top_level_names(path: Path) -> set[str]:
	"""What a module defines or imports at its top level."""
	names: set[str] = set()
	for node in tree_of(path).body:
		if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
			names.add(node.name)
		elif isinstance(node, (ast.Import, ast.ImportFrom)):
			names |= {name.asname or name.name for name in node.names}
		elif isinstance(node, ast.Assign):
			names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
		elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
			names.add(node.target.id)
	return names


def exists(dotted: str) -> bool:
	"""Whether `package.module.name` is there to be called."""
	module, _, name = dotted.rpartition(".")
	path = module_file(module)
	return path is not None and name in top_level_names(path)


def whitelisted(path: Path) -> set[str]:
	"""The top-level functions and the methods of a module that a client may call."""
	return {
		node.name
		for node in ast.walk(tree_of(path))
		if isinstance(node, ast.FunctionDef)
		and any("whitelist" in ast.unparse(mark) for mark in node.decorator_list)
	}
