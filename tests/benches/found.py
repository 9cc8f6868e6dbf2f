"""Which benches this machine has, and why one cannot be used."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / "build"
HOST_APPS = ("frappe", "helpdesk")


@dataclass(frozen=True, slots=True)
class Bench:
	"""A bench as it lies on the disk."""

	path: Path

	@property
	def name(self) -> str:
		return self.path.name

	@property
	def python(self) -> Path:
		return self.path / "env" / "bin" / "python"

	@property
	def apps(self) -> list[str]:
		"""The bench's apps in its own order, without ours: the checkout is tested, not a fetched copy."""
		listed = (self.path / "sites" / "apps.txt").read_text().split()
		return [app for app in listed if app != "core_helpdesk"]

	@property
	def place(self) -> Path:
		"""Where runs on this bench keep what they make."""
		digest = hashlib.sha256(str(self.path).encode()).hexdigest()[:6]
		return BUILD / "benches" / f"{self.name}-{digest}"

	def version_of(self, app: str) -> str:
		text = (self.path / "apps" / app / app / "__init__.py").read_text()
		found = re.search(r"""^__version__\s*=\s*["']([^"']+)""", text, re.MULTILINE)
		return found.group(1) if found else "unknown"

	@property
	def title(self) -> str:
		return f"{self.name} (Frappe {self.version_of('frappe')}, Helpdesk {self.version_of('helpdesk')})"

	def unusable(self) -> str:
		"""The reason why this bench cannot run tests, or an empty string."""
		if not self.python.exists():
			return f"{self.python} is missing"
		if not (self.path / "sites" / "apps.txt").exists():
			return "sites/apps.txt is missing"
		missing = [app for app in HOST_APPS if not (self.path / "apps" / app / app).is_dir()]
		return f"without the app {', '.join(missing)}" if missing else ""


def benches(only: str = "") -> list[Bench]:
	"""Every bench named by BENCH_PATH (separated as PATH is), else every `~/frappe-bench*`."""
	given = os.environ.get("BENCH_PATH", "")
	paths = [Path(part).expanduser() for part in given.split(os.pathsep) if part]
	if not paths:
		paths = sorted(path for path in Path.home().glob("frappe-bench*") if path.is_dir())
	return [Bench(path.resolve()) for path in paths if only in ("", path.name)]


def fingerprint(bench: Bench) -> str:
	"""Changes whenever the bench's Python or JSON sources do, so that a kept host site is never stale."""
	digest = hashlib.sha256(os.fsencode(bench.python.resolve()))
	for app in bench.apps:
		for folder, folders, files in os.walk(bench.path / "apps" / app / app):
			folders[:] = sorted(
				name for name in folders if name not in ("node_modules", "__pycache__", "public")
			)
			for name in sorted(files):
				if name.endswith((".py", ".json", ".txt")):
					status = os.stat(os.path.join(folder, name))
					digest.update(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}".encode())
	return digest.hexdigest()[:16]
