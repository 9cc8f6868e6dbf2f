"""Saving tickets, sweeping, timing anew, reconciling and reporting on a real site, with hundreds of thousands of clocks."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from collections.abc import Sequence

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
	"ledger",
	"beside_sweep",
	"ticket_figures",
)


def main(names: Sequence[str] = ()) -> int:
	"""Runs all of the modules, or those of these names."""
	import frappe

	from tests.site import sessions

	os.chdir(os.environ["SITES_PATH"])
	sessions.connect(os.environ["CORE_HELPDESK_SITE"])
	# All modules together make more people than the framework lets anybody make within an hour.
	frappe.local.conf.throttle_user_limit = 10_000
	for name in (name for name in MODULES if not names or name in names):
		print(f"\n{name}:", flush=True)
		for line in importlib.import_module(f"benchmarks.site.{name}").run():
			print(f"  {line}", flush=True)
	return 0
