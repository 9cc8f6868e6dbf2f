"""The sweep while somebody opens reports over and over: how much longer it takes than alone.

Its peers, in the same rounds: a process that only reckons, so that what two processes cost each other on this machine
is known, and one that reads the same tables without keys in a single long transaction.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import frappe

from benchmarks.site import courier, opened_reports, years
from core_helpdesk import config, dashboard_api, months
from core_helpdesk.escalations import sweep
from core_helpdesk.reports import dashboard
from tests.site import process
from tests.site.factories import as_user

if TYPE_CHECKING:
	from collections.abc import Iterator

SIZE = 1_000_000
DUE, ROUNDS, IN_A_ROUND = 2_000, 3, 3
FIRST = 60_000_000
ALONE = "alone"
BESIDE = {
	"beside reports": "open_reports",
	"beside mere reckoning": "reckon",
	"beside a long scan": "scan",
}


def run(size: int = SIZE) -> Iterator[str]:
	"""The lines of the report."""
	now = config.now_epoch()
	years.clear()
	desk = years.desk()
	years.add(desk, 1, size, now)
	first, taken, opened = FIRST, {name: [] for name in (ALONE, *BESIDE)}, {name: 0 for name in BESIDE}
	for _round in range(ROUNDS):
		for name, seconds in taken.items():
			with beside(BESIDE.get(name, ""), desk.qa) as done:
				for _each in range(IN_A_ROUND):
					seconds.append(swept(desk, first, now))
					first += DUE
			opened[name] = opened.get(name, 0) + sum(done)
	alone = statistics.median(taken[ALONE])
	yield f"{DUE:,} due swept among {size:,} stays, alone: {alone:.2f} s"
	for name in BESIDE:
		seconds = statistics.median(taken[name])
		yield f"  {name} ({opened[name]} rounds of it): {seconds:.2f} s, {seconds / alone:.2f} times as long"
	years.clear()


def swept(desk: frappe._dict, first: int, now: int) -> float:
	"""Claims them, and says to whom each goes."""
	courier.add_tickets(desk, first, DUE, began=now - 5 * courier.DAY)
	courier.add_clocks(desk, first, DUE, began=now - 5 * courier.DAY, due=now - courier.DAY)
	began = time.perf_counter()
	with sweep.read_committed():
		claimed, put_aside, is_complete = sweep.claim_due(now, time.monotonic() + 3600)
	taken = time.perf_counter() - began
	assert (claimed, put_aside, is_complete) == (DUE, 0, True)
	frappe.db.delete("Ticket Clock", {"team": desk.team})
	frappe.db.commit()
	return taken


@contextmanager
def beside(function: str, user: str) -> Iterator[list[int]]:
	"""Another process does this until the block ends; the list then says how often it did."""
	done: list[int] = []
	if not function:
		yield done
		return
	with tempfile.TemporaryDirectory(prefix="core-helpdesk-") as folder:
		began, ended = Path(folder, "began"), Path(folder, "ended")
		other = process.start(f"benchmarks.site.beside_sweep:{function}", user, folder)
		while not began.exists() and other.poll() is None:
			time.sleep(0.01)
		try:
			yield done
		finally:
			ended.touch()
			output, _nothing = other.communicate(timeout=600)
		assert other.returncode == 0, output
		done.append(int(began.read_text()))


def again_and_again(folder: str) -> Iterator[int]:
	"""Says that it has begun after the first time, and how often it came round."""
	began, ended, count = Path(folder, "began"), Path(folder, "ended"), 0
	while not ended.exists():
		yield count
		count += 1
		unfinished = Path(folder, "count")
		unfinished.write_text(str(count))
		os.replace(unfinished, began)


def open_reports(user: str, folder: str) -> None:
	"""A month of departments, this month, the week, and the dashboard: each request in its own transaction."""
	now = config.now_epoch()
	today = config.from_epoch(now).date()
	of_month = {"since": str(today - timedelta(days=30)), "until": str(today)}
	asked = (
		("Department Performance", of_month),
		("QA Monthly Report", {"month": months.of(now)}),
		("Weekly Performance", {}),
		("Escalated Tickets", {}),
	)
	with as_user(user):
		for _count in again_and_again(folder):
			for report, filters in asked:
				opened_reports.open_report(report, filters)
				frappe.db.rollback()
			dashboard.forget()
			dashboard_api.seen()
			frappe.db.rollback()


def reckon(user: str, folder: str) -> None:
	for _count in again_and_again(folder):
		sum(number * number for number in range(1_000_000))


def scan(user: str, folder: str) -> None:
	frappe.db.sql("start transaction with consistent snapshot")
	for _count in again_and_again(folder):
		for doctype in (opened_reports.STAYS, opened_reports.ESCALATIONS):
			opened_reports.scan(doctype)
