"""Times open cases, their legs and their present cycle anew, after a calendar or the terms changed.

Cases come before clocks in the order of locks: this runs before the clocks are timed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.domain import tracing_legs
from core_helpdesk.escalations import tables
from core_helpdesk.tracing import records, rules, timing

if TYPE_CHECKING:
	from collections.abc import Iterator, Sequence

	from pypika.terms import Criterion

	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.tracing_legs import Leg, Legs

CASES_AT_ONCE = 5000
MOMENTS = ("due_epoch", "warn_epoch", "leg_due_epoch", "regulator_due_epoch")


class Timed(NamedTuple):
	"""An open case with what may be timed otherwise now, and the names of its rows."""

	name: str
	cycle: int
	opened: int
	moments: tuple[int, ...]
	rows: tuple[str, ...]
	legs: Legs


def count(calendar: str) -> int:
	"""How many open cases are timed by a calendar."""
	return sum(len(names) for names in batches(_by(calendar)))


def retime(calendar: str) -> int:
	"""Times the open cases that have anything to do with a calendar; returns how many are due otherwise now.

	Commits after each full batch but the last, which belongs to whoever calls.
	Policy: TRC-03
	"""
	return _retime(_by(calendar))


def retime_all() -> int:
	"""Times every open case, as after the terms or the home calendar changed."""
	return _retime(None)


def _retime(condition: Criterion | None) -> int:
	site, changed = config.site_rules(), 0
	for names in batches(condition):
		changed += _retime_batch(_locked(names), site)
		if len(names) == CASES_AT_ONCE:
			frappe.db.commit()  # nosemgrep: a hundred thousand locked rows would stop every ticket
	return changed


def _by(calendar: str) -> Criterion | None:
	"""Cases and legs that count by a calendar; by that of home every case does where another owner's days run."""
	site = config.site_rules()
	if rules.terms().regulator_days and rules.home_calendar(site) == calendar:
		return None
	case, leg = frappe.qb.DocType(records.DOCTYPE), frappe.qb.DocType(records.LEG)
	legs = frappe.qb.from_(leg).select(leg.parent).where(leg.calendar == calendar)
	return (case.calendar == calendar) | case.name.isin(legs)


def batches(condition: Criterion | None = None) -> Iterator[list[str]]:
	"""The names of the open cases, so many at once."""
	after = ""
	while True:
		case = frappe.qb.DocType(records.DOCTYPE)
		query = frappe.qb.from_(case).select(case.name).where(case.status != records.CLOSED)
		query = query.where(case.name > after)
		query = query.where(condition) if condition is not None else query
		found = query.orderby(case.name).limit(CASES_AT_ONCE).run(pluck=True)
		if found:
			yield found
		if len(found) < CASES_AT_ONCE:
			return
		after = found[-1]


def _locked(names: Sequence[str]) -> list[Timed]:
	case, leg = frappe.qb.DocType(records.DOCTYPE), frappe.qb.DocType(records.LEG)
	query = frappe.qb.from_(case).select("name", "cycle", "opened_epoch", *MOMENTS)
	# Closed in between: it is not timed any more.
	still_open = case.name.isin(names) & (case.status != records.CLOSED)
	cases = query.where(still_open).orderby(case.name).for_update().run()
	legs: dict[str, list[tuple[str, Leg]]] = {name: [] for name, *_ in cases}
	found = frappe.qb.from_(leg).select("parent", "name", *records.LEG_COLUMNS)
	found = found.where(leg.parent.isin(list(legs) or [""]) & (leg.parenttype == records.DOCTYPE))
	# As committed by now, like the cases, which whoever changes legs locks first.
	for parent, row, *values in found.orderby(leg.parent).orderby(leg.idx).for_update().run():
		legs[parent].append((row, records.leg_from(values)))
	return [
		Timed(
			name,
			cycle,
			opened,
			tuple(at or 0 for at in moments),
			tuple(row for row, _leg in legs[name]),
			tuple(own for _row, own in legs[name]),
		)
		for name, cycle, opened, *moments in cases
	]


def _retime_batch(batch: Sequence[Timed], site: SiteRules) -> int:
	terms = rules.terms()
	calendars = {leg.calendar for timed in batch for leg in timed.legs}
	timers = {calendar: timing.timer(site, calendar) for calendar in calendars}
	cases: list[dict[str, Any]] = []
	legs: list[dict[str, Any]] = []
	dues: list[tuple[str, int, int]] = []
	for timed in batch:
		after = tracing_legs.retimed(timed.legs, timers, terms)
		legs += _changed_legs(timed, after)
		moments = timing.columns(timed.opened, after, site)
		if tuple(moments[column] for column in MOMENTS) != timed.moments:
			cases.append({"name": timed.name, **moments})
			dues.append((timed.name, timed.cycle, moments["due_epoch"]))
	_replace(records.LEG, legs)
	_replace(records.DOCTYPE, cases)
	_replace_cycles(dues)
	return len(cases)


def _changed_legs(timed: Timed, after: Legs) -> Iterator[dict[str, Any]]:
	for row, before, leg in zip(timed.rows, timed.legs, after, strict=True):
		if before != leg:
			due = timing.shown(due=leg.due)
			yield {"name": row, **due, "warn_epoch": leg.warn}


def _replace(doctype: str, changed: list[dict[str, Any]]) -> None:
	if changed:
		tables.replace(doctype, tuple(changed[0]), [tuple(row.values()) for row in changed])


def _replace_cycles(dues: list[tuple[str, int, int]]) -> None:
	"""The present cycle of each case is due with it."""
	wanted = {(case, number): due for case, number, due in dues}
	cycle = frappe.qb.DocType(records.CYCLE)
	query = frappe.qb.from_(cycle).select(cycle.name, cycle.parent, cycle.number)
	names = list({case for case, *_ in dues}) or [""]
	found = query.where(cycle.parent.isin(names) & (cycle.parenttype == records.DOCTYPE)).run()
	present = [(name, wanted[case, number]) for name, case, number in found if (case, number) in wanted]
	_replace(records.CYCLE, [{"name": name, **timing.shown(due=due)} for name, due in present])
