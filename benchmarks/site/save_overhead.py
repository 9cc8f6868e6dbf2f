"""What our handlers add to saving a ticket: time and queries, plain saves and moves; design section 9."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import frappe

from benchmarks.site import courier
from core_helpdesk import config
from tests.site.counting import queries
from tests.site.factories import make_team, make_ticket

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

ROUNDS = 40


def run() -> Iterator[str]:
	"""The lines of the report."""
	desk, other = courier.desk(), make_team()
	ticket = make_ticket(group=desk.team)
	frappe.db.commit()
	works = {
		"plain save": lambda number: {"subject": f"Parcel {number}"},
		"move to another group": lambda number: {"agent_group": (desk.team, other)[number % 2]},
	}
	for what, values in works.items():
		times, sent = {}, {}
		for mode in ("Off", "Observe") * 2:
			frappe.db.set_single_value(config.SETTINGS, "mode", mode)
			frappe.db.commit()
			times[mode], sent[mode] = measured(ticket.name, values)
		added = times["Observe"] - times["Off"]
		yield (
			f"{what}: host {times['Off'] * 1e3:.1f} ms and {sent['Off']} queries; ours add {added * 1e3:.1f} ms and "
			f"{sent['Observe'] - sent['Off']} queries"
		)
	frappe.delete_doc("HD Ticket", ticket.name, force=True)
	courier.clear()


def measured(name: object, values: Callable[[int], dict]) -> tuple[float, int]:
	"""Median seconds and number of statements of a save."""
	taken, sent = [], []
	for number in range(ROUNDS):
		doc = frappe.get_doc("HD Ticket", name)
		doc.update(values(number))
		with queries() as statements:
			began = time.perf_counter()
			doc.save()
			taken.append(time.perf_counter() - began)
		sent.append(len(statements))
		frappe.db.commit()
	return statistics.median(taken), int(statistics.median(sent))
