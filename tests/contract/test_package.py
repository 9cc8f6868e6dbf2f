"""What an installed copy of the app holds."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

from tests.contract.sources import APP, CHECKOUT, MADE_BY_TOOLS, exists

if TYPE_CHECKING:
	from pathlib import Path

BUILDING = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"  # as pip calls it
INSTALLED_FROM = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")


def copied_checkout(target: Path) -> Path:
	"""What a wheel is made from; made elsewhere, it leaves nothing in the checkout."""
	shutil.copytree(APP, target / APP.name, ignore=shutil.ignore_patterns("__pycache__"))
	for name in INSTALLED_FROM:
		shutil.copy(CHECKOUT / name, target / name)
	return target


def files_of_the_app() -> set[str]:
	paths = (path for path in APP.rglob("*") if path.is_file() and not MADE_BY_TOOLS & set(path.parts))
	return {path.relative_to(CHECKOUT).as_posix() for path in paths if not path.name.startswith(".")}


def test_a_wheel_holds_every_file_of_the_app_and_nothing_else(tmp_path: Path) -> None:
	source = copied_checkout(tmp_path / "source")
	command = [sys.executable, "-c", BUILDING, str(tmp_path)]
	made = subprocess.run(command, cwd=source, capture_output=True, text=True)
	assert made.returncode == 0, made.stderr
	with zipfile.ZipFile(tmp_path / made.stdout.split()[-1]) as wheel:
		names = {name for name in wheel.namelist() if ".dist-info/" not in name}
	assert names == files_of_the_app()


def test_the_command_starts_a_function_that_exists() -> None:
	started = re.search(
		r'^core-helpdesk = "([\w.]+):(\w+)"$', (CHECKOUT / "pyproject.toml").read_text(), re.MULTILINE
	)
	assert started is not None
	assert exists(f"{started[1]}.{started[2]}")
