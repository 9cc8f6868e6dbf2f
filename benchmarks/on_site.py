"""Saving tickets, sweeping, timing anew and reconciling on a real site, with hundreds of thousands of clocks."""

from __future__ import annotations

import importlib
import os

ON_SITE = True
MODULES = (
	"save_overhead",
	"sweep",
	"retime",
	"reconcile",
	"impact",
	"directory",
	"governing",
	"tracing",
	"ticket_figures",
)


def main() -> int:
	from tests.site import sessions

	os.chdir(os.environ["SITES_PATH"])
	sessions.connect(os.environ["CORE_HELPDESK_SITE"])
	for name in MODULES:
		for line in importlib.import_module(f"benchmarks.site.{name}").run():
			print(f"  {line}", flush=True)
	return 0
