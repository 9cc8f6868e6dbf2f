"""A place to run on: a sites folder, servers and one fresh site with Frappe Helpdesk and the app.

The site with the host alone is kept between runs, as long as the bench's sources stay the same; every run works on
a copy of it, installs the app there by `install-app`, and throws the copy away.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benches import servers
from tests.benches.found import CHECKOUT, Bench, fingerprint
from tests.benches.tools import tools_folder

if TYPE_CHECKING:
	from collections.abc import Iterator

SITE = "core-helpdesk.localhost"
ADMIN_PASSWORD = "admin"


class StepFailed(Exception):
	"""A step of making the site failed; the end of its output is the message."""

	def __init__(self, step: str, log: Path) -> None:
		tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
		super().__init__(f"{step} failed\n{tail}")


@dataclass(frozen=True, slots=True)
class Workplace:
	bench: Bench
	root: Path
	tools: Path

	@property
	def sites(self) -> Path:
		return self.root / "sites"

	@property
	def database_folder(self) -> Path:
		return self.root / "database"

	def log(self, name: str) -> Path:
		return self.root / "logs" / f"{name}.log"

	def environment(self) -> dict[str, str]:
		"""What makes the bench's interpreter work here: our sites, our checkout, our tools."""
		hook = Path(__file__).parent / "path"
		return {
			**os.environ,
			"CORE_HELPDESK_BENCH": str(self.bench.path),
			"CORE_HELPDESK_SITE": SITE,
			"CORE_HELPDESK_TOOLS": str(self.tools),
			"FRAPPE_BENCH_ROOT": str(self.root),
			"SITES_PATH": str(self.sites),
			"PYTHONPATH": os.pathsep.join((str(CHECKOUT), str(hook))),
			# Bytecode of the bench's own files would otherwise be written into the bench.
			"PYTHONPYCACHEPREFIX": str(self.bench.place / "bytecode"),
		}

	def frappe(self, *arguments: str, step: str) -> None:
		"""Runs a bench command on the site.

		Raises: StepFailed with the end of its output.
		"""
		command = [str(self.bench.python), "-m", "frappe.utils.bench_helper", "frappe", *arguments]
		self.run(command, step)

	def python(self, module: str, *arguments: str, step: str) -> None:
		self.run([str(self.bench.python), "-m", module, *arguments], step)

	def run(self, command: list[str], step: str) -> None:
		log = self.log(step.replace(" ", "-"))
		log.parent.mkdir(parents=True, exist_ok=True)
		with log.open("ab") as output:
			finished = subprocess.run(
				command,
				cwd=self.sites,
				env=self.environment(),
				stdin=subprocess.DEVNULL,
				stdout=output,
				stderr=output,
			)
		if finished.returncode:
			raise StepFailed(step, log)

	def configure(self, database: servers.Database, cache: str, queue: str) -> None:
		"""Writes the sites folder's configuration. The bench's own is not copied: it may hold a real mail server."""
		settings = {
			"db_type": "mariadb",
			"db_host": database.host,
			"db_port": database.port,
			"root_login": database.user,
			"root_password": database.password,
			"redis_cache": cache,
			"redis_queue": queue,
			"redis_socketio": queue,
			"default_site": SITE,
			"developer_mode": 0,
			"allow_tests": True,
		}
		self.sites.mkdir(parents=True, exist_ok=True)
		(self.sites / "common_site_config.json").write_text(json.dumps(settings, indent=1))

	def list_apps(self, apps: list[str]) -> None:
		(self.sites / "apps.txt").write_text("\n".join(apps) + "\n")

	def link_assets(self) -> None:
		"""Built assets are copied, so that nothing is written through a link; each app's public folder is linked."""
		assets = self.sites / "assets"
		assets.mkdir(parents=True)
		for entry in (self.bench.path / "sites" / "assets").iterdir():
			if entry.is_dir() and not entry.is_symlink():
				shutil.copytree(entry, assets / entry.name, symlinks=True)
			elif entry.is_file():
				shutil.copy2(entry, assets / entry.name)
		for app in self.bench.apps:
			replace_with_link(assets / app, self.bench.path / "apps" / app / app / "public")
		replace_with_link(assets / "core_helpdesk", CHECKOUT / "core_helpdesk" / "public")


def present() -> Workplace:
	"""The workplace that this process runs in."""
	variables = [
		os.environ[name] for name in ("CORE_HELPDESK_BENCH", "FRAPPE_BENCH_ROOT", "CORE_HELPDESK_TOOLS")
	]
	bench, root, tools = map(Path, variables)
	return Workplace(Bench(bench), root, tools)


def replace_with_link(place: Path, target: Path) -> None:
	if not target.is_dir():
		return
	if place.is_dir() and not place.is_symlink():
		shutil.rmtree(place)
	place.unlink(missing_ok=True)
	place.symlink_to(target)


@contextmanager
def running(place: Workplace, *, durable: bool = False) -> Iterator[servers.Database]:
	"""The servers of a workplace, until the block ends."""
	for folder in ("logs", "config"):
		(place.root / folder).mkdir(parents=True, exist_ok=True)
	with ExitStack() as stack:
		database = stack.enter_context(
			servers.mariadb(place.database_folder, place.log("mariadb"), durable=durable)
		)
		cache = stack.enter_context(servers.redis(place.log("redis-cache")))
		queue = stack.enter_context(servers.redis(place.log("redis-queue")))
		place.configure(database, cache, queue)
		yield database


def host_site(bench: Bench, tools: Path) -> Path:
	"""A folder with a site that has Frappe and Helpdesk but not yet the app; made once for a state of the bench."""
	kept = bench.place / f"host-{fingerprint(bench)}"
	bench.place.mkdir(parents=True, exist_ok=True)
	with (bench.place / "host.lock").open("w") as lock:
		fcntl.flock(lock, fcntl.LOCK_EX)
		if not kept.exists():
			for stale in bench.place.glob("host-*"):
				shutil.rmtree(stale, ignore_errors=True)
			make_host_site(Workplace(bench, bench.place / "host-unfinished", tools))
			(bench.place / "host-unfinished").rename(kept)
	return kept


def make_host_site(place: Workplace) -> None:
	place.sites.mkdir(parents=True)
	place.list_apps(place.bench.apps)
	place.link_assets()
	servers.new_data_folder(place.database_folder)
	with running(place) as database:
		access = ("--db-root-username", database.user, "--db-root-password", database.password)
		place.frappe("new-site", SITE, *access, "--admin-password", ADMIN_PASSWORD, step="new site")
		for app in place.bench.apps:
			if app != "frappe":
				place.frappe("--site", SITE, "install-app", app, step=f"install {app}")
			# A bench need not have built its translations; ours go into our own assets.
			place.frappe("compile-po-to-mo", "--app", app, "--locale", "ar", step="translations")
		place.python("tests.benches.first_setup", step="first setup")


@contextmanager
def fresh_site(
	bench: Bench, *, keep: bool = False, durable: bool = False, with_app: bool = True
) -> Iterator[Workplace]:
	"""A workplace whose site was made for this block alone, with the app installed as an admin installs it.

	Raises: StepFailed, ServerFailed.
	"""
	tools = tools_folder(bench)
	kept = host_site(bench, tools)
	remove_abandoned(bench)
	root = bench.place / f"run-{os.getpid()}-{time.time_ns() % 1_000_000}"
	subprocess.run(["cp", "-a", str(kept), str(root)], check=True)
	place = Workplace(bench, root, tools)
	try:
		with running(place, durable=durable):
			if with_app:
				place.list_apps([*bench.apps, "core_helpdesk"])
				place.frappe("--site", SITE, "install-app", "core_helpdesk", step="install core_helpdesk")
			yield place
	finally:
		keep_logs(place)
		if not keep:
			shutil.rmtree(root, ignore_errors=True)


def remove_abandoned(bench: Bench) -> None:
	"""Removes the folders of runs that were killed."""
	for folder in bench.place.glob("run-*"):
		if not is_alive(int(folder.name.split("-")[1])):
			shutil.rmtree(folder, ignore_errors=True)


def is_alive(process_id: int) -> bool:
	try:
		os.kill(process_id, 0)
	except ProcessLookupError:
		return False
	except PermissionError:
		return True
	return True


def keep_logs(place: Workplace) -> None:
	"""The logs of the last run on a bench outlive the run's folder."""
	kept = place.bench.place / "logs"
	shutil.rmtree(kept, ignore_errors=True)
	shutil.copytree(place.root / "logs", kept)
