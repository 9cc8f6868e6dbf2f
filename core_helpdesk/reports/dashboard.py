"""The dashboard of management: what is open now and where it waits, two weeks day by day, and a year of months.

All places are counted together once a minute, by one reader while the others are shown what was counted last; each is
shown what they answer for.

Policy: CORE-13, QA-M1, TSM-M1
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import suppress
from datetime import datetime
from datetime import time as time_of_day
from functools import cache
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
import redis
from frappe import _
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Min, Sum

from core_helpdesk import config, months
from core_helpdesk.domain.period import Period
from core_helpdesk.domain.quality import Area
from core_helpdesk.domain.report_schedule import ONE_DAY
from core_helpdesk.domain.ticket_facts import Place
from core_helpdesk.domain.ticket_lines import Cell, chosen, lines
from core_helpdesk.domain.ticket_measures import GENERAL_MANAGER, OPEN
from core_helpdesk.escalations.case import ESCALATION
from core_helpdesk.escalations.case import OPEN as OPEN_STATES
from core_helpdesk.reports import closed_months, readers, ticket_counts, ticket_trends
from core_helpdesk.reports.closed_months import read, written

if TYPE_CHECKING:
	from datetime import date

	from core_helpdesk.domain.ticket_facts import Dimension
	from core_helpdesk.domain.ticket_lines import Cells

CASE = "Tracing Case"
CACHE, FRESH_SECONDS, KEPT_SECONDS = "ch_dashboard", 60, 120
# Whoever counts has so long before another one tries, and who has nothing to show waits so long for the first.
COUNTING, COUNTING_SECONDS, WAITING_SECONDS = "ch_dashboard_counting", 90, 10
IF_OURS = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
CLOSED, CLOSED_KEPT_SECONDS = "ch_dashboard_closed_months", 24 * 3600
DAYS, MONTHS = 14, 12
OF_DAYS = ("received", "closed", "escalated", "to_general_manager")
ESCALATED, AT_MANAGER, OVER = "escalated_open", "at_general_manager", "over_time"
"""Escalations that are open, those of them at the General Manager, and those without a solution in their time."""


class Counted(NamedTuple):
	"""What the reader sees: now, each of the days, each of the months, the earliest first.

	Units: `at` is seconds since the epoch.
	"""

	at: int
	now: Cells
	days: dict[str, Cells]
	months: dict[str, Cells]
	tracing: Tracing


class Tracing(NamedTuple):
	"""Tracing cases that are not closed, and those of them that are late."""

	open: int
	late: int


def counted(filters: dict[str, Any] | None) -> Counted:
	"""What the present reader sees of it and asked for, a minute old at most.

	Raises: PermissionError for anybody who is no reader.
	Policy: CORE-13, TSM-12
	"""
	reader = readers.reader(readers.OF_TICKETS)
	only = readers.chosen_of(filters, "department", "country")

	@cache
	def is_seen(department: str, country: str) -> bool:
		own = {"department": department, "country": country}
		return own == {**own, **only} and reader.sees(department, country)

	def wanted(place: Place | Area) -> bool:
		return is_seen(place.department, place.country)

	kept = _kept()
	cases = [counts for *area, counts in kept["tracing"] if wanted(Area(*area))]
	return Counted(
		kept["at"],
		chosen(read(kept["now"]), wanted),
		{day: chosen(read(text), wanted) for day, text in kept["days"].items()},
		{month: chosen(read(text), wanted) for month, text in kept["months"].items()},
		Tracing(*(sum(each) for each in zip((0, 0), *cases, strict=True))),
	)


def _kept() -> dict[str, Any]:
	"""What was counted last, or is counted now: by one reader alone, while the others are shown what is there."""
	now, found = config.now_epoch(), _counted_last()
	if found and 0 <= now - found["at"] < FRESH_SECONDS:
		return found
	token = _begins_to_count()
	if not token:
		return found or _awaited()
	try:
		found = _count(now)
		frappe.cache().set_value(CACHE, json.dumps(found), expires_in_sec=KEPT_SECONDS)
	finally:
		_ends_counting(token)
	return found


def _counted_last() -> dict[str, Any] | None:
	kept = frappe.cache().get_value(CACHE, expires=True)
	return json.loads(kept) if kept else None


def _begins_to_count() -> str:
	"""What says that it is this reader who counts, empty while another one does; without a cache everybody counts."""
	cache, token = frappe.cache(), frappe.generate_hash(length=10)
	try:
		is_ours = cache.set(cache.make_key(COUNTING), token, nx=True, ex=COUNTING_SECONDS)
	except redis.exceptions.ConnectionError:
		is_ours = True
	return token if is_ours else ""


def _ends_counting(token: str) -> None:
	"""Lets others count; whoever has begun since, because this took too long, goes on."""
	cache = frappe.cache()
	with suppress(redis.exceptions.ConnectionError):
		cache.eval(IF_OURS, 1, cache.make_key(COUNTING), token)


def _awaited() -> dict[str, Any]:
	"""What somebody else is counting, once it is there.

	Raises: ValidationError if that takes too long: all who wait would count at once.
	"""
	until = monotonic() + WAITING_SECONDS
	while not (found := _counted_last()) and monotonic() < until:
		sleep(0.1)
	if not found:
		message = _("The figures are being counted just now. Please try again in a minute.")
		frappe.throw(message, title=_("Not Possible Now"))
	return found


def forget() -> None:
	"""Lets the next reader be shown what is so now."""
	for key in (CACHE, CLOSED, COUNTING):
		frappe.cache().delete_value(key)


def _count(now: int) -> dict[str, Any]:
	today = config.from_epoch(now).date()
	days = [today - back * ONE_DAY for back in reversed(range(DAYS))]
	month, of_year = months.of(now), []
	for _each in range(MONTHS):
		of_year.append(month)
		month = months.before(month)
	return {
		"at": now,
		"now": written(_by_area(_open(now), _escalations(now))),
		"days": _of_days(days, now),
		"months": _of_months(of_year[::-1], now),
		"tracing": _tracing(now),
	}


def _by_area(*found: Cells) -> Cells:
	"""The counts by department and country, of which alone anybody asks here; nobody asks for times."""
	areas: defaultdict[Place, Cell] = defaultdict(Cell)
	for cells in found:
		for place, cell in cells.items():
			areas[Place(place.country, place.department)].counts.update(cell.counts)
	return areas


def _of_days(days: list[date], now: int) -> dict[str, str]:
	counted = ticket_trends.some(OF_DAYS, [_period(day, now) for day in days])
	return {str(day): written(_by_area(cells)) for day, cells in zip(days, counted, strict=True)}


def _period(day: date, now: int) -> Period:
	start, end = (config.to_epoch(datetime.combine(each, time_of_day())) for each in (day, day + ONE_DAY))
	return Period(start, min(end, now + 1))


def _of_months(wanted: list[str], now: int) -> dict[str, str]:
	"""The counts of months as text; those of closed ones are kept for a day, unless something of them is written."""
	versions = closed_months.versions(wanted)
	kept, found = json.loads(frappe.cache().get_value(CLOSED) or "{}"), {}
	for month in wanted:
		version, text = kept.get(month, ("", ""))
		is_kept = version and version == versions.get(month)
		found[month] = text if is_kept else written(_by_area(closed_months.cells(month, now)))
	closed = {month: [version, found[month]] for month, version in versions.items()}
	if closed != kept:
		frappe.cache().set_value(CLOSED, json.dumps(closed), expires_in_sec=CLOSED_KEPT_SECONDS)
	return found


def _open(now: int) -> Cells:
	return ticket_counts.some((OPEN,), months.window(months.of(now), now))


def _escalations(now: int) -> Cells:
	table = frappe.qb.DocType(ESCALATION)
	over = Case().when((table.answer_due_epoch > 0) & (table.answer_due_epoch <= now), 1).else_(0)
	query = (
		frappe.qb.from_(table)
		.select(table.place, table.target, Count("*"), Sum(over), Min(table.name))
		.where(table.status.isin(OPEN_STATES))
		.groupby(table.place, table.target)
	)
	tally = ticket_counts.Tally()
	for place, target, count, late, sample in query.run():
		tally.add(place, ESCALATION, sample, [ESCALATED], count)
		tally.add(place, ESCALATION, sample, [OVER], int(late))
		tally.add(place, ESCALATION, sample, [AT_MANAGER] if target == GENERAL_MANAGER else [], count)
	return tally.by_place()


def _tracing(now: int) -> list[tuple[str, str, tuple[int, int]]]:
	case = frappe.qb.DocType(CASE)
	late = Case().when((case.due_epoch > 0) & (case.due_epoch <= now), 1).else_(0)
	query = (
		frappe.qb.from_(case)
		.select(case.department, case.country, Count("*"), Sum(late))
		.where(case.status.isin(("Open", "Solved")))
		.groupby(case.department, case.country)
	)
	return [
		(department or "", country or "", (count, int(overdue)))
		for department, country, count, overdue in query.run()
	]


def by_part(found: Counted, by: Dimension) -> dict[str, tuple[Cell, Cell]]:
	"""What is so now, and what happened in the days together, by department or country."""
	fortnight: defaultdict[Place, Cell] = defaultdict(Cell)
	for cells in found.days.values():
		for place, cell in cells.items():
			fortnight[place].take(cell)
	now, days = lines(found.now, by), lines(fortnight, by)
	return {name: (now.get(name, Cell()), days.get(name, Cell())) for name in {**now, **days}}
