"""A month's figures out of a million and of ten million tickets, against the same question without our keys."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

import frappe

from benchmarks.site import courier
from core_helpdesk import config, months
from core_helpdesk.domain.ticket_facts import Dimension, Place
from core_helpdesk.domain.ticket_lines import lines, total
from core_helpdesk.reports import ticket_counts, ticket_words

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from core_helpdesk.domain.period import Period

SIZES = (1_000_000, 10_000_000)
MONTHS, GROUPS, CATEGORIES = 36, 160, 6
AT_ONCE = 500_000
ROUNDS = 5


class Measured(NamedTuple):
	"""A month counted: seconds until its cells were there, and until all lines were; stays that began or ended in it."""

	cells: float
	lines: float
	events: int


def run(sizes: tuple[int, ...] = SIZES) -> Iterator[str]:
	"""The lines of the report."""
	now = config.now_epoch()
	month = months.window(months.last_closed(now))
	courier.clear()
	_write_places()
	measured, written = {}, 0
	for size in sizes:
		_add_stays(written + 1, size, now, size)
		written = size
		measured[size] = _measured(month)
		yield _in_words(size, measured[size])
		scan = _seconds(lambda: _scan(month), 1)
		ours = _seconds(lambda: _by_key(month), ROUNDS)
		yield (
			f"  closings by place: {ours * 1e3:.0f} ms by the key, {scan * 1e3:.0f} ms by a scan of the table, "
			f"{scan / ours:.0f} times as long"
		)
	few, many = (measured[size].cells / measured[size].events for size in (sizes[0], sizes[-1]))
	yield f"  per event of the month at {sizes[-1]:,} tickets against {sizes[0]:,}: {many / few:.2f}"
	courier.clear()


def _in_words(size: int, found: Measured) -> str:
	return (
		f"{size:,} tickets over {MONTHS} months, {found.events:,} events in the month: cells in "
		f"{found.cells * 1e3:.0f} ms, {1e6 * found.cells / found.events:.2f} µs an event; "
		f"all lines with exact medians in {found.lines * 1e3:.0f} ms"
	)


def _measured(month: Period) -> Measured:
	found = ticket_counts.cells(month)
	whole = total(found)
	events = whole["received"] + whole["closed"]
	cells = _seconds(lambda: ticket_counts.cells(month), ROUNDS)
	return Measured(cells, _seconds(lambda: _all_lines(month), ROUNDS), events)


def _all_lines(month: Period) -> None:
	found = ticket_counts.cells(month)
	for cell in (total(found), *(line for by in Dimension for line in lines(found, by).values())):
		ticket_words.values(cell)


def _by_key(month: Period) -> None:
	_closings(month, "")


def _scan(month: Period) -> None:
	_closings(month, "ignore index (ch_leg_ended)")


def _closings(month: Period, hint: str) -> None:
	frappe.db.sql(  # nosemgrep: a hint from above, values by parameters
		f"""select place, kept, count(*) from `tabTicket Leg` {hint}
			where to_epoch >= %s and to_epoch < %s and ended_by = 'Closed' group by place, kept""",
		(month.start, month.end),
	)


def _seconds(work: Callable[[], object], rounds: int) -> float:
	taken = []
	for _round in range(rounds):
		began = time.perf_counter()
		work()
		taken.append(time.perf_counter() - began)
	return statistics.median(taken)


def _write_places() -> None:
	"""The places of all groups and categories, by number."""
	frappe.db.sql(
		"""create temporary table ch_places (number int primary key, place bigint, country varchar(140),
			department varchar(140), team varchar(140), ticket_category varchar(140))"""
	)
	rows = []
	for number in range(GROUPS * CATEGORIES):
		group, category = divmod(number, CATEGORIES)
		place = Place(
			f"Country {group % 12}", f"Department {group % 9}", "", f"Group {group}", f"Kind {category}"
		)
		rows.append(
			(number, place.number, place.country, place.department, place.group, place.ticket_category)
		)
	values = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
	frappe.db.sql(f"insert into ch_places values {values}", [value for row in rows for value in row])


def _add_stays(first: int, last: int, now: int, size: int) -> None:
	"""Stays that began evenly over the months; all but the youngest were closed within five days."""
	for start in range(first, last + 1, AT_ONCE):
		given = {
			"first": start,
			"last": min(start + AT_ONCE - 1, last),
			"now": now,
			"began": now - MONTHS * 30 * courier.DAY,
			"span": MONTHS * 30 * courier.DAY,
			"count": last - first + 1,
			"offset": first,
			"places": GROUPS * CATEGORIES,
		}
		frappe.db.sql(STAYS, given)  # nosemgrep: values by parameters
		frappe.db.commit()
	frappe.db.sql("analyze table `tabTicket Leg`")
	frappe.db.commit()


BEGAN = "%(began)s + (seq - %(offset)s) * %(span)s div %(count)s"
TOOK = "60 + seq * 7919 %% 432000"
STAYS = f"""insert into `tabTicket Leg` (name, creation, modified, owner, modified_by, title, reference_doctype,
		reference_name, ticket_clock, cycle, team, department, country, ticket_category, place, from_epoch, to_epoch,
		began_by, ended_by, kept, seconds_to_close)
	select concat('b', lpad(seq, 9, '0')), now(), now(), 'Administrator', 'Administrator', seq, 'HD Ticket', seq,
		concat('b', seq), 1, p.team, p.department, p.country, p.ticket_category, p.place, {BEGAN},
		if({BEGAN} + {TOOK} < %(now)s, {BEGAN} + {TOOK}, 0), 'Received',
		if({BEGAN} + {TOOK} < %(now)s, 'Closed', ''), seq %% 17 > 0, if({BEGAN} + {TOOK} < %(now)s, {TOOK}, 0)
	from seq_1_to_100000000 join ch_places p on p.number = seq * 31 %% %(places)s
	where seq between %(first)s and %(last)s"""
