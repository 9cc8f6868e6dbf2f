"""Tracing with 100,000 open cases: the lists that are watched, what a ticket's save bears, the month, and reminding."""

from __future__ import annotations

import json
import resource
import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.desk import reportview

from benchmarks.site import courier, traced
from core_helpdesk import config, months, tracing_work_api
from core_helpdesk.reports import tracing_month as report
from core_helpdesk.tracing import month_making, month_reading, records, rules, staff_reminders, work_lists
from core_helpdesk.tracing.month_words import ALL
from tests.site.counting import queries
from tests.site.factories import as_user, switch_mode

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

COUNT, FEW = 100_000, 20_000
CLOSED = 10_000
ROUNDS, MONTHS = 7, 3
SAVES = 60
SAVED = 40_000_000
OPEN = {"status": ("in", ("Open", "Solved"))}


def run(count: int = COUNT, few: int = FEW) -> Iterator[str]:
	"""The lines of the report."""
	desk = traced.desk()
	traced.clear()
	yield from saves(desk)
	for number in (few, count):
		traced.clear()
		traced.add_cases(desk, number, config.now_epoch())
		if number == count:
			yield from lists(desk)
			yield from month_of(desk)
		yield reminded(number)
	traced.clear()


def lists(desk: frappe._dict) -> Iterator[str]:
	people = {
		"an officer at headquarters": desk.officer,
		"an officer abroad": next(iter(reversed(desk.officers.values()))),
		"a supervisor": desk.supervisor,
	}
	yield f"{frappe.db.count('Tracing Case', OPEN):,} open cases:"
	for who, user in people.items():
		with as_user(user):
			yield from watched(who)


def watched(who: str) -> Iterator[str]:
	"""The screen with each of its lists, each number card, and the framework's own list and count of the same cases."""
	asked = {name: seconds_of(lambda name=name: tracing_work_api.watch(name)) for name in work_lists.LISTS}
	cards = {name: seconds_of(lambda name=name: card(name)) for name in work_lists.LISTS}
	plain, counted = seconds_of(framework_list), seconds_of(framework_count)
	yield f"  {who}: the screen {in_words(asked)}"
	yield f"    a number card {in_words(cards)}"
	yield (
		f"    the framework's own list of the open cases {plain * 1e3:.0f} ms, its count {counted * 1e3:.0f} ms; "
		f"the screen, slowest, {max(asked.values()) / (plain + counted):.1f} times both"
	)


def card(name: str) -> object:
	return getattr(tracing_work_api, "my_tickets" if name == work_lists.MINE else name)()


def framework_list() -> list:
	return frappe.get_list(
		"Tracing Case",
		OPEN,
		["name", "ticket", "team", "due_on"],
		order_by="due_epoch",
		limit=work_lists.PAGE,
	)


def framework_count() -> int:
	"""As a list of the Desk asks for it."""
	asked = {"doctype": "Tracing Case", "filters": json.dumps(OPEN), "fields": "[]", "distinct": "false"}
	frappe.local.form_dict = frappe._dict(asked)
	return reportview.get_count()


def in_words(times: dict[str, float]) -> str:
	slowest = max(times, key=times.get)
	return f"{min(times.values()) * 1e3:.0f} to {times[slowest] * 1e3:.0f} ms, slowest {slowest}"


def seconds_of(work: Callable[[], object], rounds: int = ROUNDS) -> float:
	"""Median seconds, after one round that counts for nothing."""
	work()
	taken = []
	for _ in range(rounds):
		began = time.perf_counter()
		work()
		taken.append(time.perf_counter() - began)
		frappe.db.rollback()
	return statistics.median(taken)


# --- The month


def month_of(desk: frappe._dict) -> Iterator[str]:
	"""The report of a month for who sees all, one of its figures' cases, and what reading the same rows takes alone."""
	now = config.now_epoch()
	traced.add_closed_cases(desk, CLOSED, now)
	month = months.of(now - 3600)
	frappe.db.delete(month_making.DOCTYPE, {"month": months.before(month)})
	month_making.make(months.before(month), now)
	frappe.db.commit()
	asked = {"month": month, "by": "Country"}
	with as_user(desk.supervisor):
		counted = report.run(asked).rows[0]
		told = seconds_of(lambda: report.run(asked), MONTHS)
		began = time.process_time()
		report.run(asked)
		worked = time.process_time() - began
		cases = seconds_of(lambda: report.cases({**asked, "by": "Nature"}, "late", ALL), MONTHS)
	plain = seconds_of(framework_rows, MONTHS)
	yield (
		f"the report of a month with {counted['outstanding']:,} open and {counted['closed']:,} closed cases, for who sees "
		f"all {told:.2f} s, of which {worked:.2f} s of this process's processor, the cases of a figure {cases:.2f} s; the "
		f"framework's own get_all of these cases, legs and cycles {plain:.2f} s, so the report takes {told / plain:.2f} times it"
	)
	frappe.db.delete(month_making.DOCTYPE, {"month": months.before(month)})
	traced.drop_closed_cases()


def framework_rows() -> list:
	"""The rows that a month is counted over, read by the framework and nothing else done with them."""
	wanted = (("Tracing Case", month_reading.FIELDS), ("Tracing Leg", records.LEG_COLUMNS))
	wanted = (*wanted, ("Tracing Cycle", ("parent", *month_reading.CYCLE_FIELDS)))
	return [frappe.get_all(doctype, fields=list(fields), limit_page_length=0) for doctype, fields in wanted]


# --- Saves


class Saved(NamedTuple):
	"""A save's seconds, those of this process's processor among them, and its queries."""

	seconds: float
	worked: float
	queries: int


def saves(desk: frappe._dict) -> Iterator[str]:
	"""The same saves with tracing and, in turn, without headquarters, which is without tracing."""
	works = {
		"a ticket comes to headquarters, its case opens": lambda number: {"agent_group": desk.headquarters},
		"a plain save outside tracing": lambda number: {"subject": f"Parcel {number} again"},
		"a move outside tracing": lambda number: {"agent_group": desk.section},
	}
	for what, values in works.items():
		traced.clear()
		on, off = both_ways(desk, values)
		yield (
			f"{what}: without tracing {off.seconds * 1e3:.1f} ms and {off.queries:.0f} queries; tracing adds "
			f"{(on.seconds - off.seconds) * 1e3:.1f} ms, of this process's processor "
			f"{(on.worked - off.worked) * 1e3:.1f} ms, and {on.queries - off.queries:.0f} queries"
		)


def both_ways(desk: frappe._dict, values: Callable[[int], dict]) -> tuple[Saved, Saved]:
	"""The medians of a save with tracing and without; each ticket is saved once, so that each may open a case."""
	courier.add_tickets(desk, SAVED, 2 * SAVES, began=config.now_epoch() - courier.HOUR)
	taken: dict[bool, list[Saved]] = {True: [], False: []}
	for number in range(SAVED, SAVED + 2 * SAVES):
		is_on = number % 2 == 0
		trace(desk.headquarters if is_on else None)
		taken[is_on].append(save(number, values(number)))
	trace(desk.headquarters)
	return tuple(Saved(*map(statistics.median, zip(*taken[is_on], strict=True))) for is_on in (True, False))


def trace(headquarters: str | None) -> None:
	frappe.db.set_single_value(rules.SETTINGS, "headquarters_team", headquarters)
	rules.forget()
	frappe.db.commit()
	assert rules.is_on() == bool(headquarters)


def save(number: int, values: dict) -> Saved:
	doc = frappe.get_doc("HD Ticket", number)
	doc.update(values)
	with queries() as statements:
		began, worked = time.perf_counter(), time.process_time()
		doc.save()
		taken, worked = time.perf_counter() - began, time.process_time() - worked
	frappe.db.commit()
	return Saved(taken, worked, len(statements))


# --- Reminders


def reminded(count: int) -> str:
	"""The job that looks at all open cases: its time, and how much memory it takes beside what was there."""
	switch_mode("Live")
	rules.refresh()
	frappe.db.commit()
	before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
	began, worked = time.perf_counter(), time.process_time()
	told = staff_reminders.remind(config.now_epoch())
	taken, worked = time.perf_counter() - began, time.process_time() - worked
	grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
	began = time.perf_counter()
	staff_reminders.remind(config.now_epoch())
	again = time.perf_counter() - began
	switch_mode("Observe")
	frappe.db.commit()
	return (
		f"staff reminded of {told:,} of {count:,} cases: {taken:.1f} s, of which {worked:.1f} s of this process's "
		f"processor, memory grew by {grown:.0f} MB; with nothing left to remind of {again:.1f} s"
	)
