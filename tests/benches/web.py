"""The site of a workplace over HTTP, and its background jobs."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.benches import servers
from tests.benches.workplace import SITE

if TYPE_CHECKING:
	from collections.abc import Iterator

	from tests.benches.workplace import Workplace


@contextmanager
def web(place: Workplace, port: int | None = None) -> Iterator[str]:
	"""Serves the site on this machine only, with its assets; yields the address."""
	port = port or servers.free_port()
	address = f"http://{SITE}:{port}"
	# Links in mails and notices are made from it.
	settings = place.sites / SITE / "site_config.json"
	settings.write_text(json.dumps({**json.loads(settings.read_text()), "host_name": address}, indent=1))
	command = [
		*(str(place.bench.python), "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"),
		*("--workers", "1", "--threads", "8", "--timeout", "120"),
		"frappe.app:application_with_statics()",
	]
	with servers.process(
		"web server",
		command,
		place.log("web"),
		lambda: serves(port),
		cwd=place.sites,
		env=place.environment(),
	):
		yield address


def serves(port: int) -> bool:
	# The name *.localhost is not known to every resolver; the site is found by the Host header.
	request = urllib.request.Request(f"http://127.0.0.1:{port}/api/method/ping", headers={"Host": SITE})
	try:
		with urllib.request.urlopen(request, timeout=30) as answer:
			return answer.status == 200
	except urllib.error.HTTPError:
		return True
	except OSError:
		return False


@contextmanager
def background_jobs(place: Workplace) -> Iterator[None]:
	"""One worker for all queues and the scheduler, as a bench runs them."""
	helper = [str(place.bench.python), "-m", "frappe.utils.bench_helper", "frappe"]
	options = {"cwd": place.sites, "env": place.environment()}
	worker = [*helper, "worker", "--queue", "short,default,long"]
	with (
		servers.process("worker", worker, place.log("worker"), lambda: True, **options),
		servers.process("scheduler", [*helper, "schedule"], place.log("scheduler"), lambda: True, **options),
	):
		yield
