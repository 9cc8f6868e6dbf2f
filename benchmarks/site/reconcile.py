"""The nightly comparison of 1,000,000 tickets with their clocks; design section 9."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

import frappe

from benchmarks.site import courier
from core_helpdesk.escalations import reconcile

if TYPE_CHECKING:
	from collections.abc import Iterator

NOW = 1772442000  # 2026-03-02 09:00 UTC
COUNT = 1_000_000
FIRST = 10_000_000
PEER_COUNT = 2_000


def run(count: int = COUNT) -> Iterator[str]:
	"""The lines of the report."""
	desk = courier.desk()
	courier.clear()
	courier.add_tickets(desk, FIRST, count, began=NOW)
	courier.add_clocks(desk, FIRST, count, began=NOW, due=NOW + 30 * courier.DAY)
	courier.analyse()
	before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
	began = time.perf_counter()
	found = reconcile.run_all(NOW)
	taken = time.perf_counter() - began
	grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
	assert not found.failed
	peer = plain_join()
	yield (
		f"{count:,} tickets compared at night: {taken:.1f} s, memory grew by {grown:.0f} MB; "
		f"a plain join of integer and text names would take {peer:.0f} s for {PEER_COUNT:,} (from {PEER_COUNT // 1000})"
	)
	courier.clear()


def plain_join() -> float:
	"""The peer: the same comparison for some of them, joined without a cast."""
	began = time.perf_counter()
	frappe.db.sql(  # nosemgrep: a measurement
		"""select count(*) from (select name from `tabHD Ticket` where name >= %s limit %s) t
			join `tabTicket Clock` c on c.reference_name = t.name""",
		(FIRST, PEER_COUNT // 1000),
	)
	return (time.perf_counter() - began) * 1000
