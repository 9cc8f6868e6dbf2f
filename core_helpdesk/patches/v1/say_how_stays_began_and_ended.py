"""Legs from before reports counted them say how they began and ended; escalations, when they were answered.

What nobody noted then is told by what came before and after: legs of one clock in a row are one ticket's way. Whoever
runs it again writes the same.
"""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.domain.ticket_facts import LAPSED, Began, Ended
from core_helpdesk.domain.ticket_stays import FRESH
from core_helpdesk.escalations import places, tables

if TYPE_CHECKING:
	from collections.abc import Iterator

LEG, ESCALATION, CLOCK = "Ticket Leg", "Ticket Escalation", "Ticket Clock"
AT_ONCE = 2000
ANSWERS = ("Solved", "Closed with Ticket", "Handed Back")


class Leg(NamedTuple):
	"""A leg as it was kept, with what its clock says of the ticket now; a leg whose clock is gone has no state."""

	clock: str
	name: str
	cycle: int
	team: str
	policy: str | None
	start: int
	end: int
	levels: int
	is_finished: int | None
	state: str | None


def execute() -> None:
	for legs in _ways():
		rows = [row for _clock, way in groupby(legs, key=attrgetter("clock")) for row in _told(list(way))]
		tables.replace(LEG, ("name", "began_by", "ended_by", "kept", "seconds_to_close"), rows)
		frappe.db.commit()  # nosemgrep: a large site must not keep all its legs locked at once
	_say_when_answered()
	for doctype in (LEG, ESCALATION):
		_place(doctype)


def _ways() -> Iterator[list[Leg]]:
	"""The legs of many clocks at a time, in the order of each ticket's way."""
	after = ""
	while True:
		leg, clock = frappe.qb.DocType(LEG), frappe.qb.DocType(CLOCK)
		clocks = (
			frappe.qb.from_(leg)
			.select(leg.ticket_clock)
			.distinct()
			.where(leg.ticket_clock > after)
			.orderby(leg.ticket_clock)
			.limit(AT_ONCE)
			.run(pluck=True)
		)
		if not clocks:
			return
		found = (
			frappe.qb.from_(leg)
			.left_join(clock)
			.on(clock.name == leg.ticket_clock)
			.select(leg.ticket_clock, leg.name, leg.cycle, leg.team, leg.policy, leg.from_epoch)
			.select(leg.to_epoch, leg.levels_reached, clock.finished, clock.ticket_state)
			.where(leg.ticket_clock.isin(clocks))
			.orderby(leg.ticket_clock, leg.from_epoch, leg.cycle)
			.run()
		)
		yield [Leg(*row) for row in found]
		after = clocks[-1]


def _told(way: list[Leg]) -> Iterator[tuple]:
	counted_from, escalated = 0, set()
	for before, leg, after in zip([None, *way], way, [*way[1:], None], strict=False):
		began, ended = _began(before, leg), _ended(leg, after)
		counted_from = leg.start if began in FRESH else counted_from or leg.start
		if leg.levels:
			escalated.add(leg.cycle)
		is_closed = ended is Ended.CLOSED
		kept = is_closed and bool(leg.policy) and leg.cycle not in escalated
		took = leg.end - counted_from if is_closed else 0
		yield leg.name, began.value, ended.value or None, int(kept), took


def _began(before: Leg | None, leg: Leg) -> Began:
	if before is None:
		return Began.RECEIVED
	if before.cycle == leg.cycle:
		return Began.MOVED_IN
	return _handed_back(before, leg, Began.HANDED_BACK, Began.MOVED_IN) or Began.REOPENED


def _ended(leg: Leg, after: Leg | None) -> Ended:
	if not leg.end:
		return Ended.NOT
	if after is None:
		# One that was closed first and merged afterwards was closed.
		if leg.state == "Resolved":
			return Ended.CLOSED
		return Ended.GONE if leg.is_finished or leg.state is None else Ended.MOVED_OUT
	if after.cycle == leg.cycle:
		return Ended.MOVED_OUT
	return _handed_back(leg, after, Ended.HANDED_BACK, Ended.MOVED_OUT) or Ended.CLOSED


def _handed_back(before: Leg, leg: Leg, stayed: Began | Ended, moved: Began | Ended) -> Began | Ended | None:
	"""How to say that a new cycle began at once: in the same group, or on the way back from TSM to it."""
	if before.end != leg.start:
		return None
	return stayed if before.team == leg.team else moved


def _say_when_answered() -> None:
	after = ""
	while True:
		filters = {"name": (">", after)}
		fields = ["name", "status", "outcome_on", "solved_in_time"]
		found = frappe.get_all(ESCALATION, filters, fields, order_by="name", limit=AT_ONCE)
		if not found:
			return
		tables.replace(ESCALATION, ("name", "ended_epoch"), [(row.name, _answered(row)) for row in found])
		frappe.db.commit()  # nosemgrep: as above
		after = found[-1].name


def _answered(row: frappe._dict) -> int:
	if row.status not in ANSWERS:
		return 0
	if row.status == "Closed with Ticket" and not row.solved_in_time:
		return LAPSED
	return config.to_epoch(row.outcome_on)


def _place(doctype: str) -> None:
	"""The categories of the group and of the ticket as they are now, and the numbers of the places."""
	frappe.db.sql(  # nosemgrep: an update over a join, with names from above
		f"""update `tab{doctype}` own left join `tabHD Team` team on team.name = own.team
			left join `tab{CLOCK}` clock on clock.reference_doctype = own.reference_doctype
				and clock.reference_name = own.reference_name and clock.clock = 'Group'
			set own.group_category = team.ch_category, own.ticket_category = clock.ticket_category
			where own.place = 0"""
	)
	places.number(doctype, "place = 0", {})
	frappe.db.commit()  # nosemgrep: complete, and the other table is as large
