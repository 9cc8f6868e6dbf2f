"""The test tools for a bench's interpreter, in a folder of their own per Python version."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.benches.found import BUILD

if TYPE_CHECKING:
	from pathlib import Path

	from tests.benches.found import Bench

# The app's own dependencies are among them: a bench that never fetched the app does not have them.
TOOLS = (
	"pytest>=8",
	"hypothesis",
	"playwright",
	"holidays>=0.87",
	"hijridate",
	"pygal>=3.0.5",
	"tzdata",
	"tomli; python_version < '3.11'",
)


class ToolsMissing(Exception):
	"""The package index did not give the test tools."""


def tools_folder(bench: Bench) -> Path:
	"""The folder with the tools for this bench's interpreter, filled if it is not yet.

	Raises: ToolsMissing with what pip said.
	"""
	version = python_version(bench.python)
	wanted = hashlib.sha256("\n".join((version, *TOOLS)).encode()).hexdigest()
	folder = BUILD / "tools" / version
	folder.mkdir(parents=True, exist_ok=True)
	stamp = folder / ".stamp"
	with (folder.parent / f"{version}.lock").open("w") as lock:
		fcntl.flock(lock, fcntl.LOCK_EX)
		if not stamp.exists() or stamp.read_text() != wanted:
			install(bench.python, folder)
			stamp.write_text(wanted)
	return folder


def python_version(python: Path) -> str:
	answer = subprocess.run(
		[str(python), "-c", "import sys; print(sys.implementation.cache_tag)"], capture_output=True
	)
	return answer.stdout.decode().strip()


def install(python: Path, folder: Path) -> None:
	# The bench's environment may be without pip, so our own pip works for its interpreter.
	command = [
		sys.executable,
		"-m",
		"pip",
		"--python",
		str(python),
		"install",
		"--upgrade",
		"--target",
		str(folder),
	]
	finished = subprocess.run([*command, *TOOLS], capture_output=True, text=True)
	if finished.returncode:
		raise ToolsMissing(f"the test tools could not be fetched\n{finished.stderr[-2000:]}")
