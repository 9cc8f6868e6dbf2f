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
from core_helpdesk.domain.closing import Answer, Closing
from core_helpdesk.domain.tracing_figures import CaseFacts, ClaimFacts
from core_helpdesk.domain.tracing_legs import Leg
from core_helpdesk.tracing import records, rules, timing

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.tracing_figures import Month
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
CYCLE_FIELDS = ("number", "opened_epoch", "solved_epoch", "closed_epoch", "closing", "answer")
# Of a leg what is counted or told: numbers, then words, in the order of the domain's fields.
LEG_FIELDS = (
	"number",
	"team",
	"country",
	"calendar",
	"is_tracing",
	"assigned_epoch",
	"accepted_epoch",
	"left_epoch",
	"due_epoch",
)
LEG_FIELDS_APART = ("passed_by", "accepted_by", "replied_epoch")
CLAIM_FIELDS = (
	"tracing_case",
	"creation",
	"amount",
	"currency",
	"approved_on",
	"refused_on",
	"paid_recorded_on",
)
FOREVER = 1 << 62


class Case(NamedTuple):
	"""A case as it stands."""

	name: str
	country: str
	direction: str
	nature: str
	officer: str
	calendar: str
	due: int
	regulator_due: int


class Cycle(NamedTuple):
	"""A cycle of a case as stored."""

	number: int
	opened: int
	solved: int
	closed: int
	closing: str
	answer: str


class Stay(NamedTuple):
	"""A cycle of a case with the moment from which the next one counts."""

	cycle: Cycle
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
	claims = _claims(month)
	for names in _batches(month, claims):
		found = _cases(names, for_reader=for_reader)
		if found:
			yield from _facts(found, claims, month, site)


def first_opened() -> int:
	"""When the first of all cases was opened; 0 before there is any.

	Units: seconds since the epoch.
	"""
	table = frappe.qb.DocType(records.CYCLE)
	first = frappe.qb.from_(table).select(frappe.query_builder.functions.Min(table.opened_epoch))
	return int(first.where(table.parenttype == records.DOCTYPE).run()[0][0] or 0)


def _batches(month: Month, claimed: Iterable[str]) -> Iterator[list[str]]:
	"""The names of the cases with a cycle in the month, by a key of the cycles alone, and of those claimed for."""
	table = frappe.qb.DocType(records.CYCLE)
	in_it = (table.closed_epoch == 0) | (table.closed_epoch >= month.start)
	query = frappe.qb.from_(table).select(table.parent).where(in_it & (table.opened_epoch < month.end))
	names = sorted({*query.run(pluck=True), *claimed})
	for first in range(0, len(names), BATCH):
		yield names[first : first + BATCH]


def _cases(names: list[str], *, for_reader: bool) -> list[Case]:
	wanted = {
		"filters": {"name": ("in", names)},
		"fields": list(FIELDS),
		"order_by": "name",
		"limit_page_length": 0,
		"as_list": True,
	}
	read = frappe.get_list if for_reader else frappe.get_all
	return [Case(*(word or "" for word in row[:-2]), *row[-2:]) for row in read(records.DOCTYPE, **wanted)]


def _facts(
	found: list[Case], claims: dict[str, list[ClaimFacts]], month: Month, site: SiteRules
) -> Iterator[CaseFacts]:
	names = [case.name for case in found]
	cycles, legs = _cycles(names), _legs(names, month)
	home = rules.home_calendar(site)
	for case in found:
		for stay in _stays(cycles[case.name]):
			own = _claims_in(stay, claims[case.name]) if case.name in claims else ()
			if _is_in(month, stay.cycle, own):
				yield _one(case, stay, legs[case.name], own, site, home)


def _claims_in(stay: Stay, claims: Iterable[ClaimFacts]) -> tuple[ClaimFacts, ...]:
	cycle = stay.cycle
	return tuple(
		claim
		for claim in claims
		if (cycle.opened <= claim.opened or cycle.number == 1) and claim.opened < stay.end
	)


def _is_in(month: Month, cycle: Cycle, claims: Iterable[ClaimFacts]) -> bool:
	"""Whether it was open within the month, or something happened to a claim of it."""
	if cycle.opened >= month.end:
		return False
	is_over = 0 < cycle.closed < month.start
	return not is_over or any(month.holds(at) for claim in claims for at in claim.moments.values())


def _one(
	case: Case, stay: Stay, legs: list[Leg], claims: tuple[ClaimFacts, ...], site: SiteRules, home: str
) -> CaseFacts:
	cycle, is_last = stay.cycle, stay.end == FOREVER
	own = tuple([leg for leg in legs if cycle.opened <= leg.assigned < stay.end])
	handling = tracing_legs.handling(own)
	calendar = handling.calendar if handling else case.calendar
	due, regulator_due = _dues(case, cycle, calendar, site, is_last=is_last)
	accepted = [leg for leg in own if leg.accepted]
	return CaseFacts(
		name=case.name,
		country=(handling.country if handling else "") or case.country,
		direction=case.direction,
		nature=case.nature,
		officer=(case.officer if is_last else "") or (accepted[-1].accepted_by if accepted else ""),
		opened=cycle.opened,
		calendar=calendar,
		closed=cycle.closed,
		due=due,
		regulator_due=regulator_due,
		regulator_calendar=home,
		closing=Closing(cycle.closing),
		answer=Answer(cycle.answer),
		first_level=tracing_legs.at_first_level(own, cycle.opened, cycle.solved),
		to_open_seconds=max(0, accepted[0].accepted - cycle.opened) if accepted else None,
		legs=own,
		claims=claims,
	)


def _dues(case: Case, cycle: Cycle, calendar: str, site: SiteRules, *, is_last: bool) -> tuple[int, int]:
	"""When the case was due, and for another owner: as the case says, or counted anew for what it says no more."""
	if is_last and calendar == case.calendar:
		return case.due, case.regulator_due
	counted = timing.times(cycle.opened, calendar, site)
	return counted.due, counted.regulator_due


def _stays(cycles: list[Cycle]) -> Iterator[Stay]:
	ends = [*(cycle.opened for cycle in cycles[1:]), FOREVER]
	for cycle, end in zip(cycles, ends, strict=True):
		yield Stay(cycle, end)


def _rows_of(doctype: str, names: list[str], columns: Iterable[str]) -> Iterable[tuple]:
	"""The rows of these cases in the order of their tables: the case, then the columns, an empty text for none.

	As the driver gives them: to look at each value of half a million rows takes longer than to read them.
	"""
	wanted = ", ".join(column if _is_number(column) else f"ifnull({column}, '')" for column in columns)
	return frappe.db.sql(  # nosemgrep: columns of the code, values by parameters
		f"""select parent, {wanted} from `tab{doctype}` where parent in %(names)s and parenttype = %(case)s
			order by parent, idx""",
		{"names": names, "case": records.DOCTYPE},
	)


def _is_number(column: str) -> bool:
	return column in records.NUMBERS or column.endswith("_epoch")


def _cycles(names: list[str]) -> dict[str, list[Cycle]]:
	found: dict[str, list[Cycle]] = defaultdict(list)
	for parent, *row in _rows_of(records.CYCLE, names, CYCLE_FIELDS):
		found[parent].append(Cycle(*row))
	return found


def _legs(names: list[str], month: Month) -> dict[str, list[Leg]]:
	"""The legs that had begun when the month ended."""
	found: dict[str, list[Leg]] = defaultdict(list)
	for parent, *row in _rows_of(records.LEG, names, (*LEG_FIELDS, *LEG_FIELDS_APART)):
		*values, passed_by, accepted_by, replied = row
		leg = Leg(*values, passed_by=passed_by, accepted_by=accepted_by, replied=replied)
		if leg.assigned < month.end:
			found[parent].append(leg)
	return found


def _claims(month: Month) -> dict[str, list[ClaimFacts]]:
	"""By their cases, the claims that changed since the month began: to others nothing can have happened in it."""
	found: dict[str, list[ClaimFacts]] = defaultdict(list)
	since = {"modified": (">=", config.from_epoch(month.start))}
	for row in frappe.get_all(CLAIM, since, list(CLAIM_FIELDS), order_by="creation, name"):
		found[row.tracing_case].append(_claim(row))
	return found


def _claim(row: frappe._dict) -> ClaimFacts:
	return ClaimFacts(
		amount=_money(row.amount),
		currency=row.currency or "",
		opened=config.to_epoch(row.creation),
		approved=config.to_epoch(row.approved_on),
		paid=config.to_epoch(row.paid_recorded_on),
		refused=config.to_epoch(row.refused_on),
	)


def _money(amount: Any) -> Decimal:
	return Decimal(str(amount or 0))
