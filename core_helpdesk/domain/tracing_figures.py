"""The monthly tracing report: what was opened, closed, late and left over, and how customers took it.

Values in, values out: no frappe, no reading of the time of day. Seconds are since the epoch (UTC), 0 and ""
mean "none". A month is judged as it stood at its end, whatever came later.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.closing import Answer
from core_helpdesk.domain.tracing_data import Direction
from core_helpdesk.domain.tracing_legs import days_late, is_late, outstanding, seconds_held, seconds_to_accept
from core_helpdesk.domain.tracing_sums import (
	Change,
	ClaimStep,
	ClaimSum,
	Counted,
	Figure,
	Figures,
	claims_compared,
	compared,
	values,
)
from core_helpdesk.domain.tracing_terms import days_over

if TYPE_CHECKING:
	from collections.abc import Iterable, Mapping
	from decimal import Decimal

	from core_helpdesk.domain.tracing_legs import Leg, Legs
	from core_helpdesk.domain.tracing_terms import DayTimer

__all__ = [
	"CaseFacts",
	"Change",
	"ClaimFacts",
	"ClaimStep",
	"ClaimSum",
	"Counted",
	"Figure",
	"Figures",
	"Grouping",
	"Month",
	"MonthFigures",
	"claims_compared",
	"compared",
	"figures",
	"values",
]


class Month(NamedTuple):
	"""[start, end) in epoch seconds, of the months of whoever reads the report."""

	start: int
	end: int

	def holds(self, at: int) -> bool:
		"""True for a moment (0 is none) within the month."""
		return at > 0 and self.start <= at < self.end

	def ends_before(self, at: int) -> bool:
		"""True for a moment (0 is never) that had not come when the month ended."""
		return not at or at >= self.end


class Grouping(str, Enum):
	"""What the figures are grouped by, beside all together."""

	COUNTRY = "Country"
	DIRECTION = "Direction"
	NATURE = "Nature"
	OFFICER = "Officer"
	LEG_TEAM = "Leg Team"


@dataclass(frozen=True, slots=True)
class ClaimFacts:
	"""A claim, and when what happened to it.

	Units: epoch seconds, 0 for what did not happen.
	Policy: TRC-19
	"""

	amount: Decimal
	currency: str
	opened: int
	approved: int = 0
	paid: int = 0
	refused: int = 0


@dataclass(frozen=True, slots=True)
class CaseFacts:
	"""One cycle of a case: a case that was opened anew after a confirmed close is given once for each.

	Legs and claims are those of that cycle. `country` handles it; `due` and `regulator_due` are counted in
	`calendar`. `first_level` says that it was solved in the first group, without being passed on.
	Units: moments are epoch seconds, 0 for none; `to_open_seconds` are absolute, from the arrival in the group
	(`opened`) to the first acceptance, None until then.
	Policy: TRC-18
	"""

	name: str
	country: str
	direction: str
	nature: str
	officer: str
	opened: int
	calendar: str
	closed: int = 0
	due: int = 0
	regulator_due: int = 0
	answer: Answer = Answer.NONE
	first_level: bool = False
	to_open_seconds: int | None = None
	legs: Legs = ()
	claims: tuple[ClaimFacts, ...] = ()


@dataclass(slots=True)
class MonthFigures:
	"""The figures of all cases together, and by name of each country, direction, nature, officer and leg team."""

	total: Figures = field(default_factory=Figures)
	groups: dict[Grouping, dict[str, Figures]] = field(
		default_factory=lambda: {grouping: defaultdict(Figures) for grouping in Grouping}
	)


def figures(cases: Iterable[CaseFacts], month: Month, timers: Mapping[str, DayTimer]) -> MonthFigures:
	"""The report of a month over cases of any age; those that neither were nor came to be open add nothing.

	Leg figures are grouped by the case's facts and by the leg's team, case figures by the case's facts only: a
	case that passed through two teams would count twice.

	Raises: OutOfTable, KeyError for a calendar that is not given.
	Policy: TRC-03, TRC-18, TRC-22
	"""
	report = MonthFigures()
	for case in cases:
		lines = _lines(report, case)
		for line in lines:
			_count_case(line, case, month, timers)
			_count_claims(line, case, month)
		unanswered = outstanding(case.legs, month.end - 1) if _is_outstanding(case, month) else ()
		for leg in case.legs:
			for line in (*lines, report.groups[Grouping.LEG_TEAM][leg.team]):
				_count_leg(line, case.name, leg, month, timers)
				if leg.number in unanswered:
					line.leg_unanswered.add(case.name)
	report.groups = {grouping: _filled(lines) for grouping, lines in report.groups.items()}
	return report


def _lines(report: MonthFigures, case: CaseFacts) -> tuple[Figures, ...]:
	"""The lines that a case belongs to, but for those of its legs' teams."""
	groups = report.groups
	return (
		report.total,
		groups[Grouping.COUNTRY][case.country],
		groups[Grouping.DIRECTION][case.direction],
		groups[Grouping.NATURE][case.nature],
		groups[Grouping.OFFICER][case.officer],
	)


def _filled(lines: Mapping[str, Figures]) -> dict[str, Figures]:
	"""The lines in the order of their names, without those of cases that were over before the month."""
	return {
		name: lines[name] for name in sorted(lines) if lines[name].claims or any(values(lines[name]).values())
	}


def _count_case(line: Figures, case: CaseFacts, month: Month, timers: Mapping[str, DayTimer]) -> None:
	if month.holds(case.opened):
		line.opened.add(case.name)
	# told by the month of the acceptance: by that of the opening, whoever waits longest would never show
	if case.to_open_seconds is not None and month.holds(case.opened + case.to_open_seconds):
		line.to_open.add(case.name, case.to_open_seconds)
	if month.holds(case.closed):
		_count_closed(line, case, timers[case.calendar])
	elif _is_outstanding(case, month):
		_count_outstanding(line, case, month)


def _count_closed(line: Figures, case: CaseFacts, timer: DayTimer) -> None:
	line.closed.add(case.name)
	line.answers[Answer(case.answer)].add(case.name)
	if case.first_level:
		line.first_level.add(case.name)
	late = days_over(case.due, case.closed, timer)
	if late:
		line.late.add(case.name, late)
	else:
		line.within.add(case.name)
	late_for_regulator = days_over(case.regulator_due, case.closed, timer)
	if late_for_regulator:
		line.late_for_regulator.add(case.name, late_for_regulator)


def _is_outstanding(case: CaseFacts, month: Month) -> bool:
	return case.opened < month.end and month.ends_before(case.closed)


def _count_outstanding(line: Figures, case: CaseFacts, month: Month) -> None:
	line.outstanding.add(case.name)
	if case.direction == Direction.INBOUND:
		line.inbound_outstanding.add(case.name)
	if 0 < case.due < month.end:
		line.overdue.add(case.name)


def _count_claims(line: Figures, case: CaseFacts, month: Month) -> None:
	for claim in case.claims:
		for step, at in (
			(ClaimStep.OPENED, claim.opened),
			(ClaimStep.APPROVED, claim.approved),
			(ClaimStep.PAID, claim.paid),
			(ClaimStep.REFUSED, claim.refused),
		):
			if month.holds(at):
				line.claim(step, claim.currency).add(case.name, claim.amount)


def _count_leg(line: Figures, name: str, leg: Leg, month: Month, timers: Mapping[str, DayTimer]) -> None:
	if month.holds(leg.assigned):
		line.leg_assigned.add(name)
	if month.holds(leg.accepted):
		line.leg_to_accept.add(name, seconds_to_accept(leg))
	if month.holds(leg.left):
		line.leg_held.add(name, seconds_held(leg, month.end))
		if is_late(leg, month.end):
			line.leg_late.add(name, days_late(leg, month.end, timers[leg.calendar]))
	elif leg.assigned < month.end and month.ends_before(leg.left) and is_late(leg, month.end):
		line.leg_overdue.add(name)
