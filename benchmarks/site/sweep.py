"""The sweep: idle, with work among few and many open tickets, and the effects that follow; design section 9."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import frappe

from benchmarks.site import courier
from core_helpdesk import config
from core_helpdesk.escalations import announce, effects, sweep

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

NOW = 1772442000  # 2026-03-02 09:00 UTC
OPEN = (10_000, 100_000, 1_000_000)
FIRST_DUE = 50_000_000


def run() -> Iterator[str]:
	"""The lines of the report, as they are measured."""
	desk = courier.desk()
	yield from idle(desk)
	yield from with_work(desk)
	yield from carried_out(desk)
	courier.clear()


def seconds_of(work: Callable[[], object], rounds: int = 1) -> float:
	taken = []
	for _round in range(rounds):
		began = time.perf_counter()
		work()
		taken.append(time.perf_counter() - began)
	return statistics.median(taken)


def idle(desk: frappe._dict) -> Iterator[str]:
	loop, filled = 0.0, 0
	courier.clear()
	for count in OPEN:
		courier.add_clocks(desk, filled + 1, count - filled, began=NOW, due=NOW + 10 * courier.DAY)
		courier.analyse()
		filled = count
		sweep.run(NOW)
		taken = seconds_of(lambda: sweep.run(NOW), rounds=15)
		loop = loop or per_ticket(desk)
		yield (
			f"idle sweep, {count:>9,} open: {taken * 1e3:5.2f} ms; a loop over open tickets {loop * count:7.1f} s, "
			f"{loop * count / taken:,.0f} times"
		)


def per_ticket(desk: frappe._dict) -> float:
	"""The peer: every open ticket is loaded and its clock compared with the time."""
	names = frappe.get_all("Ticket Clock", {"team": desk.team}, pluck="name", limit=300)

	def look() -> None:
		for name in names:
			assert frappe.get_doc("Ticket Clock", name).due_epoch > NOW

	return seconds_of(look) / len(names)


def with_work(desk: frappe._dict) -> Iterator[str]:
	"""1,000 due among many and few, then 100,000 due: cost follows what is due."""
	among_many = claimed_in(desk, 1_000)
	courier.clear()
	courier.add_clocks(desk, 1, OPEN[0], began=NOW, due=NOW + 10 * courier.DAY)
	among_few = claimed_in(desk, 1_000)
	yield (
		f"1,000 due among {OPEN[-1]:,} / {OPEN[0]:,} open: {among_many:.3f} / {among_few:.3f} s, ratio "
		f"{among_many / among_few:.2f}"
	)
	courier.clear()
	many = claimed_in(desk, 100_000) / 100_000
	few = among_few / 1_000
	announced = seconds_of(lambda: announce_all(NOW))
	yield (
		f"microseconds for each of 1,000 / 100,000 due: {few * 1e6:.0f} / {many * 1e6:.0f}, ratio {many / few:.2f}; "
		f"{1 / many:,.0f} claims a second"
	)
	effects_made = frappe.db.count("Escalation Effect")
	yield f"{effects_made:,} effects for them written at {effects_made / announced:,.0f} a second"


def claimed_in(desk: frappe._dict, count: int) -> float:
	courier.add_tickets(desk, FIRST_DUE, count, began=NOW - 5 * courier.DAY)
	courier.add_clocks(desk, FIRST_DUE, count, began=NOW - 5 * courier.DAY, due=NOW - courier.DAY)
	courier.analyse()
	before = frappe.db.count("Ticket Escalation")
	taken = seconds_of(lambda: claim(NOW))
	assert frappe.db.count("Ticket Escalation") == before + count
	return taken


def claim(now: int) -> None:
	with sweep.read_committed():
		sweep.claim_all(now, time.monotonic() + 3600)


def announce_all(now: int) -> None:
	with sweep.read_committed():
		announce.run(now, time.monotonic() + 3600)


def carried_out(desk: frappe._dict) -> Iterator[str]:
	"""Mails, notices, comments and owners of 200 escalations, each effect in its own transaction."""
	courier.clear()
	frappe.db.set_single_value(config.SETTINGS, {"mode": "Live", "storm_threshold": 1_000_000})
	claimed_in(desk, 200)
	announce_all(NOW)
	pending = frappe.db.count("Escalation Effect", {"state": "Pending"})
	taken = seconds_of(lambda: effects.run(NOW, time.monotonic() + 600))
	frappe.db.set_single_value(config.SETTINGS, "mode", "Observe")
	yield f"{pending} effects of 200 escalations: {pending / taken:,.0f} a second"
