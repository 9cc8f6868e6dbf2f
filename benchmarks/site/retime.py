"""Timing 125,000 running clocks anew after a calendar changed; design section 9."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import frappe

from benchmarks.site import courier
from core_helpdesk import config
from core_helpdesk.escalations import retime

if TYPE_CHECKING:
	from collections.abc import Iterator

NOW = 1775980800  # 2026-04-12 08:00 UTC, a working day in Saudi Arabia
COUNT = 125_000


def run() -> Iterator[str]:
	"""The lines of the report."""
	desk = courier.desk()
	courier.clear()
	open_next_day(desk.calendar)
	due = config.site_rules().timer(desk.calendar).add(NOW, courier.DAY)
	courier.add_clocks(desk, 1, COUNT, began=NOW, due=due)
	courier.analyse()
	close_next_day(desk.calendar)
	began = time.perf_counter()
	changed = retime.retime(desk.calendar, NOW)
	frappe.db.commit()
	taken = time.perf_counter() - began
	assert len(changed) == COUNT
	yield f"{COUNT:,} clocks timed anew, all of them moved: {taken:.2f} s, {taken / COUNT * 1e6:.0f} µs each"
	began = time.perf_counter()
	assert retime.retime(desk.calendar, NOW) == []
	yield f"again, none of them moved: {time.perf_counter() - began:.2f} s"
	frappe.db.rollback()
	courier.clear()


def close_next_day(calendar: str) -> None:
	doc = frappe.get_doc("Working Calendar", calendar)
	doc.append("exceptions", {"day": "2026-04-13", "kind": "Day Off", "reason": "Flood"})
	doc.save()
	frappe.db.commit()


def open_next_day(calendar: str) -> None:
	"""As it was before an earlier measurement on this site."""
	doc = frappe.get_doc("Working Calendar", calendar)
	doc.exceptions = [row for row in doc.exceptions if str(row.day) != "2026-04-13"]
	doc.save()
	frappe.db.commit()
