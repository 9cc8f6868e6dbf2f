"""A site to look at, and measurements on a site."""

from __future__ import annotations

import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.benches import layers, servers
from tests.benches.found import CHECKOUT
from tests.benches.tools import ToolsMissing
from tests.benches.web import background_jobs, web
from tests.benches.workplace import ADMIN_PASSWORD, StepFailed, fresh_site

if TYPE_CHECKING:
	from collections.abc import Iterator

	from tests.benches.found import Bench


def usable(found: list[Bench]) -> list[Bench]:
	"""The benches that can be used here; says of each other one why not."""
	missing = servers.missing_programs()
	if missing:
		layers.say(f"the machine has no {', '.join(missing)}")
		return []
	for bench in found:
		if bench.unusable():
			layers.say(f"{bench.path}: {bench.unusable()}")
	return [bench for bench in found if not bench.unusable()]


@contextmanager
def failures_said() -> Iterator[None]:
	try:
		yield
	except (StepFailed, ToolsMissing, servers.ServerFailed) as failure:
		layers.say(str(failure))
		sys.exit(1)


def serve_site(found: list[Bench], port: int) -> int:
	"""Makes a site with demo data on the first usable bench and serves it until interrupted."""
	ready = usable(found)
	if not ready:
		layers.say(
			"A site needs a bench with Frappe Helpdesk: set BENCH_PATH, or make one at ~/frappe-bench."
		)
		return 1
	end_on_signals()
	layers.say(f"making a site on {ready[0].title}")
	with failures_said(), fresh_site(ready[0]) as place, web(place, port or None) as address:
		layers.say("filling it with a month of demo data")
		filling = [str(place.bench.python), "-m", "tests.benches.demo_data"]
		if layers.stream(filling, cwd=place.sites, env=place.environment()):
			return 1
		with background_jobs(place):
			layers.say(f"\n{places(address)}\nCtrl-C ends it.")
			wait_for_interrupt()
	return 0


def places(address: str) -> str:
	"""Where each role begins."""
	return "\n".join(
		(
			f"{address}/app/core-helpdesk           Administrator / {ADMIN_PASSWORD}, and everybody but the agents",
			f"{address}/app/core-groups             QA Specialist: all groups at once",
			f"{address}/app/core-helpdesk-settings  QA Specialist: modes, people, mail",
			f"{address}/app/ticket-escalation       TSM Agent, heads, General Manager: what has escalated",
			f"{address}/app/tracing                 Tracing Officers, Support Supervisors, Customer Care: cases, claims",
			f"{address}/helpdesk                    agents: their tickets",
			f"{address}/group-directory             everybody on the staff: every group, its hours, its escalation",
		)
	)


def end_on_signals() -> None:
	"""Ctrl-C and a plain kill end the servers and remove the site's folder, also when started in the background.

	A shell starts what it puts in the background with SIGINT ignored; Python then leaves it so.
	"""
	signal.signal(signal.SIGINT, signal.default_int_handler)
	signal.signal(signal.SIGTERM, signal.default_int_handler)


def wait_for_interrupt() -> None:
	while True:
		time.sleep(3600)


def measure(found: list[Bench], names: list[str]) -> int:
	"""Runs the benchmarks, or those of these names: those without a site here, the others on a fresh site of every
	bench in turn.
	"""
	code = layers.stream([sys.executable, "-m", "benchmarks", *names], cwd=CHECKOUT)
	for bench in usable(found):
		with failures_said(), fresh_site(bench, durable=True) as place:
			command = [str(bench.python), "-m", "benchmarks", "--on-site", *names]
			code |= layers.stream(command, prefix=bench.name, cwd=CHECKOUT, env=place.environment())
	return code
