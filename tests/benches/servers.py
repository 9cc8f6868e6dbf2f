"""MariaDB, Redis and a web server that belong to one run: own data, free ports, gone when the run ends."""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

SERVER_FOLDERS = "/usr/sbin:/usr/local/sbin:/usr/libexec:/usr/local/bin:/opt/homebrew/bin"
START_SECONDS = 180


class ServerFailed(Exception):
	def __init__(self, name: str, reason: str) -> None:
		super().__init__(f"{name}: {reason}")


def program(*names: str) -> str | None:
	"""The first of these programs that the machine has; servers often lie outside a user's PATH."""
	path = os.environ.get("PATH", "") + os.pathsep + SERVER_FOLDERS
	return next((found for name in names if (found := shutil.which(name, path=path))), None)


def missing_programs() -> list[str]:
	needed = {
		"mariadbd": ("mariadbd", "mysqld"),
		"mariadb-install-db": ("mariadb-install-db", "mysql_install_db"),
		"mariadb": ("mariadb", "mysql"),
		"redis-server": ("redis-server", "valkey-server"),
	}
	return [name for name, names in needed.items() if not program(*names)]


def chromium() -> str | None:
	return program("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def free_port() -> int:
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		return probe.getsockname()[1]


@contextmanager
def process(
	name: str, command: list[str], log: Path, ready: Callable[[], bool], **options: object
) -> Iterator[None]:
	"""Runs a server until the block ends; yields once it answers.

	Raises: ServerFailed if it ends or stays silent, with the last lines of its log.
	"""
	log.parent.mkdir(parents=True, exist_ok=True)
	with log.open("ab") as output:
		# A session of its own: an interrupt from the keyboard must reach the tests first, the servers last.
		server = subprocess.Popen(
			command,
			stdout=output,
			stderr=output,
			stdin=subprocess.DEVNULL,
			start_new_session=True,
			preexec_fn=end_with_parent,
			**options,
		)
	try:
		wait_until(ready, name, server, log)
		yield
	finally:
		stop(server)


def end_with_parent() -> None:
	"""Asks Linux to end this process when the run is killed and cannot stop it any more."""
	if sys.platform == "linux":
		set_parent_death_signal = 1
		ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def wait_until(ready: Callable[[], bool], name: str, server: subprocess.Popen, log: Path) -> None:
	deadline = time.monotonic() + START_SECONDS
	while not ready():
		if server.poll() is not None or time.monotonic() > deadline:
			tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
			raise ServerFailed(name, f"did not start\n{tail}")
		time.sleep(0.05)


def stop(server: subprocess.Popen) -> None:
	if server.poll() is not None:
		return
	server.send_signal(signal.SIGTERM)
	try:
		server.wait(30)
	except subprocess.TimeoutExpired:
		server.kill()
		server.wait()


def answers(port: int) -> bool:
	with socket.socket() as probe:
		probe.settimeout(0.5)
		return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True, slots=True)
class Database:
	port: int
	password: str
	user: str = "root"
	host: str = "127.0.0.1"


def new_data_folder(folder: Path) -> None:
	"""An empty MariaDB data folder."""
	command = [
		program("mariadb-install-db", "mysql_install_db"),
		"--no-defaults",
		f"--datadir={folder}",
		"--auth-root-authentication-method=normal",
		"--skip-test-db",
		*own_user(),
	]
	made = subprocess.run(command, capture_output=True, text=True)
	if made.returncode:
		raise ServerFailed("mariadb-install-db", made.stdout[-800:] + made.stderr[-800:])


def own_user() -> list[str]:
	# As root MariaDB refuses to start unless a user is named; the data lies in the checkout, so it is root's.
	return ["--user=root"] if os.geteuid() == 0 else []


@contextmanager
def mariadb(data: Path, log: Path, *, durable: bool = False) -> Iterator[Database]:
	"""MariaDB on this data folder. Tests do without waiting for the disk; measurements (`durable`) do not, and have
	the memory that a database of a million tickets is given.
	"""
	database = Database(free_port(), secrets.token_hex(12))
	with tempfile.TemporaryDirectory(prefix="core-helpdesk-") as short:
		# A socket's path may have about 100 characters only: it cannot lie in the build folder.
		access = Path(short) / "access.sql"
		access.write_text(
			f"CREATE OR REPLACE USER root@'127.0.0.1' IDENTIFIED BY '{database.password}';\n"
			"GRANT ALL PRIVILEGES ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n"
		)
		command = [
			program("mariadbd", "mysqld"),
			"--no-defaults",
			f"--datadir={data}",
			f"--socket={short}/socket",
			f"--pid-file={short}/pid",
			# Not the /tmp of all: a server that starts clears its folder, and another's temporary tables with it.
			f"--tmpdir={short}",
			f"--port={database.port}",
			f"--init-file={access}",
			"--bind-address=127.0.0.1",
			"--skip-name-resolve",
			"--character-set-server=utf8mb4",
			"--collation-server=utf8mb4_unicode_ci",
			f"--innodb-buffer-pool-size={'3G' if durable else '512M'}",
			"--max-allowed-packet=256M",
			*([] if durable else ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"]),
			*own_user(),
		]
		with process("MariaDB", command, log, lambda: answers(database.port)):
			yield database


@contextmanager
def redis(log: Path) -> Iterator[str]:
	"""A Redis that keeps nothing; yields its address."""
	port = free_port()
	command = [
		program("redis-server", "valkey-server"),
		*(
			"--port",
			str(port),
			"--bind",
			"127.0.0.1",
			"--save",
			"",
			"--appendonly",
			"no",
			"--loglevel",
			"warning",
		),
	]
	with process("Redis", command, log, lambda: answers(port), cwd=log.parent):
		yield f"redis://127.0.0.1:{port}"
