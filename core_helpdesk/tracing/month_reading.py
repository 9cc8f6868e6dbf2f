"""Reads what a month's figures are made of: the cases that were open in it, a batch at a time, whatever their number.

For a reader their own cases only, by the rules of the list of Tracing Cases; for the frozen report all of them.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.domain import tracing_legs
from core_helpdesk.domain.claims import ClaimState
from core_helpdesk.domain.closing import Answer
from core_helpdesk.domain.tracing_figures import CaseFacts, ClaimFacts
from core_helpdesk.tracing import records, timing

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.tracing_figures import Month
	from core_helpdesk.domain.tracing_legs import Leg, Legs
	from core_helpdesk.domain.tracing_terms import DayTimer

CLAIM = "Tracing Claim"
BATCH = 2000
FIELDS = (
	"name",
	"country",
	"direction",
	"nature",
	"officer",
	"calendar",
	"due_epoch",
	"regulator_due_epoch",
)
CYCLE_FIELDS = ("parent", "number", "opened_epoch", "solved_epoch", "closed_epoch", "due_epoch", "answer")
CLAIM_FIELDS = (
	"tracing_case",
	"creation",
	"workflow_state",
	"amount",
	"currency",
	"approved_on",
	"refused_on",
	"paid_on",
)
FOREVER = 1 << 62


class Stay(NamedTuple):
	"""A cycle of a case with the moment from which the next one counts."""

	cycle: frappe._dict
	end: int


class Timers(dict):
	"""Calendars by their names, compiled when they are first asked for."""

	def __init__(self, site: SiteRules) -> None:
		super().__init__()
		self.site = site

	def __missing__(self, calendar: str) -> DayTimer:
		self[calendar] = timing.timer(self.site, calendar)
		return self[calendar]


def cases(month: Month, site: SiteRules, *, for_reader: bool) -> Iterator[CaseFacts]:
	"""The cycles that were open within the month, as they stood at its end.

	Raises: PermissionError for a reader who may read no cases.
	Policy: TRC-18
	"""
	for names in _batches(month):
		found = _cases(names, for_reader=for_reader)
		if found:
			yield from _facts(found, month, site)


def first_opened() -> int:
	"""When the first of all cases was opened; 0 before there is any.

	Units: seconds since the epoch.
	"""
	table = frappe.qb.DocType(records.CYCLE)
	first = frappe.qb.from_(table).select(frappe.query_builder.functions.Min(table.opened_epoch))
	return int(first.where(table.parenttype == records.DOCTYPE).run()[0][0] or 0)


def _batches(month: Month) -> Iterator[list[str]]:
	"""The names of the cases with a cycle in the month, in their order."""
	table = frappe.qb.DocType(records.CYCLE)
	touched = (table.closed_epoch == 0) | table.closed_epoch.isnull() | (table.closed_epoch >= month.start)
	last = ""
	while True:
		query = frappe.qb.from_(table).select(table.parent).distinct()
		query = query.where((table.parenttype == records.DOCTYPE) & (table.parent > last))
		query = query.where((table.opened_epoch < month.end) & touched)
		names = query.orderby(table.parent).limit(BATCH).run(pluck=True)
		if names:
			yield names
		if len(names) < BATCH:
			return
		last = names[-1]


def _cases(names: list[str], *, for_reader: bool) -> list[frappe._dict]:
	wanted = {
		"filters": {"name": ("in", names)},
		"fields": list(FIELDS),
		"order_by": "name",
		"limit_page_length": 0,
	}
	read = frappe.get_list if for_reader else frappe.get_all
	return read(records.DOCTYPE, **wanted)


def _facts(found: list[frappe._dict], month: Month, site: SiteRules) -> Iterator[CaseFacts]:
	names = [case.name for case in found]
	cycles, legs, claims = _cycles(names), _legs(names, month), _claims(names)
	for case in found:
		for stay in _stays(cycles[case.name]):
			if stay.cycle.opened_epoch < month.end and not 0 < stay.cycle.closed_epoch < month.start:
				yield _one(case, stay, legs[case.name], claims[case.name], site)


def _one(
	case: frappe._dict, stay: Stay, legs: list[Leg], claims: list[ClaimFacts], site: SiteRules
) -> CaseFacts:
	cycle, is_last = stay.cycle, stay.end == FOREVER
	own = tuple(leg for leg in legs if cycle.opened_epoch <= leg.assigned < stay.end)
	handling = tracing_legs.handling(own)
	calendar = handling.calendar if handling else case.calendar or ""
	due, regulator_due = _dues(case, cycle, calendar, site, is_last=is_last)
	accepted = [leg for leg in own if leg.accepted]
	return CaseFacts(
		name=case.name,
		country=(handling.country if handling else "") or case.country or "",
		direction=case.direction or "",
		nature=case.nature or "",
		officer=(case.officer if is_last else "") or (accepted[-1].accepted_by if accepted else ""),
		opened=cycle.opened_epoch,
		calendar=calendar,
		closed=cycle.closed_epoch,
		due=due,
		regulator_due=regulator_due,
		answer=Answer(cycle.answer or ""),
		first_level=_at_first_level(cycle, own),
		to_open_seconds=max(0, accepted[0].accepted - cycle.opened_epoch) if accepted else None,
		legs=own,
		claims=tuple(
			claim
			for claim in claims
			if (cycle.opened_epoch <= claim.opened or cycle.number == 1) and claim.opened < stay.end
		),
	)


def _dues(
	case: frappe._dict, cycle: frappe._dict, calendar: str, site: SiteRules, *, is_last: bool
) -> tuple[int, int]:
	"""When the case was due, and for another owner: as the case says, or counted anew for what it says no more."""
	if is_last and calendar == (case.calendar or ""):
		return int(case.due_epoch or 0), int(case.regulator_due_epoch or 0)
	counted = timing.times(cycle.opened_epoch, calendar, site)
	return counted.due, counted.regulator_due


def _at_first_level(cycle: frappe._dict, legs: Legs) -> bool:
	"""Solved by the first group, which had passed it on to nobody by then."""
	solved = cycle.solved_epoch
	return bool(solved) and sum(leg.assigned <= solved for leg in legs) == 1


def _stays(cycles: list[frappe._dict]) -> Iterator[Stay]:
	ends = [*(cycle.opened_epoch for cycle in cycles[1:]), FOREVER]
	for cycle, end in zip(cycles, ends, strict=True):
		yield Stay(cycle, end)


def _rows_of(doctype: str, names: list[str], columns: Iterable[str]) -> Iterable[frappe._dict]:
	"""The rows of these cases in the order of their tables."""
	wanted = {"parenttype": records.DOCTYPE, "parent": ("in", names)}
	return frappe.get_all(doctype, wanted, list(columns), order_by="parent, idx")


def _cycles(names: list[str]) -> dict[str, list[frappe._dict]]:
	found: dict[str, list[frappe._dict]] = defaultdict(list)
	for row in _rows_of(records.CYCLE, names, CYCLE_FIELDS):
		moments = {name: int(row[name] or 0) for name in ("opened_epoch", "solved_epoch", "closed_epoch")}
		found[row.parent].append(frappe._dict({**row, **moments}))
	return found


def _legs(names: list[str], month: Month) -> dict[str, list[Leg]]:
	"""The legs that had begun when the month ended."""
	found: dict[str, list[Leg]] = defaultdict(list)
	for row in _rows_of(records.LEG, names, ("parent", *records.LEG_COLUMNS)):
		leg = records.leg_from(row[column] for column in records.LEG_COLUMNS)
		if leg.assigned < month.end:
			found[row.parent].append(leg)
	return found


def _claims(names: list[str]) -> dict[str, list[ClaimFacts]]:
	found: dict[str, list[ClaimFacts]] = defaultdict(list)
	wanted = {"tracing_case": ("in", names)}
	for row in frappe.get_all(CLAIM, wanted, list(CLAIM_FIELDS), order_by="creation, name"):
		found[row.tracing_case].append(_claim(row))
	return found


def _claim(row: frappe._dict) -> ClaimFacts:
	return ClaimFacts(
		amount=_money(row.amount),
		currency=row.currency or "",
		opened=config.to_epoch(row.creation),
		approved=config.to_epoch(row.approved_on),
		paid=_day(row.paid_on) if row.workflow_state == ClaimState.PAID else 0,
		refused=config.to_epoch(row.refused_on),
	)


def _money(amount: Any) -> Decimal:
	return Decimal(str(amount or 0))


def _day(day: Any) -> int:
	return config.to_epoch(f"{day} 00:00:00") if day else 0
