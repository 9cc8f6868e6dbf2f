"""A month's figures out of a million and of ten million tickets, and every report on them as its readers open it.

The peer of each is one scan of the table that it counts: what a report without our keys does at least once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe

from benchmarks.site import opened_reports, years
from benchmarks.site.sweep import seconds_of
from core_helpdesk import config, months
from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_lines import lines, total
from core_helpdesk.reports import closed_months, ticket_counts, ticket_words

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.domain.period import Period

SIZES = (1_000_000, 10_000_000)
ROUNDS = 5


class Measured(NamedTuple):
	"""A month counted: seconds until its cells were there, and until all lines were; what it counted."""

	cells: float
	lines: float
	events: int


def run(sizes: tuple[int, ...] = SIZES) -> Iterator[str]:
	"""The lines of the report."""
	now = config.now_epoch()
	years.clear()
	desk = years.desk()
	measured, written = {}, 0
	for size in sizes:
		years.add(desk, written + 1, size, now)
		written = size
		yield f"{size:,} tickets over {years.MONTHS} months:"
		measured[size] = month_of(now)
		yield from in_words(measured[size], now)
		yield from opened_reports.run(desk, now)
	if len(sizes) > 1:
		few, many = (measured[size].lines / measured[size].events for size in (sizes[0], sizes[-1]))
		yield f"an event of the month at {sizes[-1]:,} tickets costs {many / few:.2f} times one at {sizes[0]:,}"
	years.clear()


def month_of(now: int) -> Measured:
	window = months.window(months.last_closed(now))
	found = ticket_counts.cells(window)
	whole = total(found)
	assert len(whole.times) == whole["closed"]
	events = sum(whole[name] for name in ("received", "closed", "escalated", "answer_due"))
	cells = seconds_of(lambda: ticket_counts.cells(window), ROUNDS)
	return Measured(cells, seconds_of(lambda: all_lines(ticket_counts.cells(window)), ROUNDS), events)


def all_lines(found: ticket_counts.Cells) -> None:
	for cell in (total(found), *(line for by in Dimension for line in lines(found, by).values())):
		ticket_words.values(cell)


def in_words(found: Measured, now: int) -> Iterator[str]:
	"""The month counted from the keys, the same from the rollup, and a part of it by a scan."""
	month = months.last_closed(now)
	window = months.window(month)
	scan = seconds_of(lambda: closings(window, "ignore index (ch_leg_ended)"))
	ours = seconds_of(lambda: closings(window, ""), ROUNDS)
	yield (
		f"  a month of {found.events:,} events: cells in {found.cells * 1e3:.0f} ms, "
		f"{1e6 * found.cells / found.events:.2f} µs an event; all lines with exact medians in "
		f"{found.lines * 1e3:.0f} ms, {scan / found.lines:.1f} times within a scan"
	)
	yield (
		f"  its closings by place alone: {ours * 1e3:.0f} ms by the key, {scan * 1e3:.0f} ms by a scan, "
		f"{scan / ours:.0f} times as long"
	)
	closing = seconds_of(lambda: closed_months.close(month, now))
	kept = seconds_of(lambda: closed_months.cells(month, now), ROUNDS)
	rollup = seconds_of(lambda: all_lines(closed_months.cells(month, now)), ROUNDS)
	yield (
		f"  closing it for good {closing:.2f} s; cells from the rollup in {kept * 1e3:.0f} ms, "
		f"{found.cells / kept:.1f} times as fast as from the keys; all lines in {rollup * 1e3:.0f} ms, "
		f"{found.lines / rollup:.1f} times as fast, {scan / rollup:.0f} times within a scan"
	)
	frappe.db.rollback()


def closings(window: Period, hint: str) -> None:
	frappe.db.sql(  # nosemgrep: a hint from above, values by parameters
		f"""select place, kept, count(*) from `tabTicket Leg` {hint}
			where to_epoch >= %s and to_epoch < %s and ended_by = 'Closed' group by place, kept""",
		(window.start, window.end),
	)
