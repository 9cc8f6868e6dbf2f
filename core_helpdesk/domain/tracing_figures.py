"""The monthly tracing report: what was opened, closed, late and left over, and how customers took it.

Values in, values out: no frappe, no reading of the time of day. Seconds are since the epoch (UTC), 0 and ""
mean "none". A month is judged as it stood at its end, whatever came later.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.closing import Answer, Closing
from core_helpdesk.domain.period import Period as Month
from core_helpdesk.domain.tracing_data import Direction
from core_helpdesk.domain.tracing_legs import days_late, is_late, outstanding, seconds_held, seconds_to_accept
from core_helpdesk.domain.tracing_sums import (
	EXCEPTIONS,
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


GONE = (Closing.MERGED, Closing.DELETED)
"""Closings that were no end: nobody could solve such a case in time, nor be asked whether it was."""


class Grouping(str, Enum):
	"""What the figures are grouped by, beside all together."""

	COUNTRY = "Country"
	DIRECTION = "Direction"
	NATURE = "Nature"
	OFFICER = "Officer"
	LEG_TEAM = "Leg Team"


@dataclass(frozen=True, slots=True)
class ClaimFacts:
	"""A claim, and when what happened to it; it was paid when that was recorded, whichever day the money went.

	Units: epoch seconds, 0 for what did not happen.
	Policy: TRC-19
	"""

	amount: Decimal
	currency: str
	opened: int
	approved: int = 0
	paid: int = 0
	refused: int = 0

	@property
	def moments(self) -> dict[ClaimStep, int]:
		return {
			ClaimStep.OPENED: self.opened,
			ClaimStep.APPROVED: self.approved,
			ClaimStep.PAID: self.paid,
			ClaimStep.REFUSED: self.refused,
		}


@dataclass(frozen=True, slots=True)
class CaseFacts:
	"""One cycle of a case: a case that was opened anew after a confirmed close is given once for each.

	Legs and claims are those of that cycle. `country` handles it; `due` is counted in `calendar`, `regulator_due` in
	`regulator_calendar`, whoever handles the case. `first_level` says that it was solved in the first group, without
	being passed on.
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
	regulator_calendar: str = ""
	closing: Closing = Closing.NONE
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
	# Each case and each leg is counted once, among those that share all lines; the lines are put together of these.
	alike: dict[Place, Figures] = defaultdict(Figures)
	alike_legs: dict[tuple[Place, str], Figures] = defaultdict(Figures)
	for case in cases:
		place = Place(case.country, case.direction, case.nature, case.officer)
		line = alike[place]
		_count_case(line, case, month, timers)
		_count_claims(line, case, month)
		unanswered = outstanding(case.legs, month.end - 1) if _is_outstanding(case, month) else ()
		for leg in case.legs:
			line = alike_legs[place, leg.team]
			_count_leg(line, case.name, leg, month, timers)
			if leg.number in unanswered:
				line.leg_unanswered.add(case.name)
	return _put_together(alike, alike_legs)


class Place(NamedTuple):
	"""By what a case is told among others, but for the teams of its legs."""

	country: str
	direction: str
	nature: str
	officer: str


def _put_together(
	alike: Mapping[Place, Figures], alike_legs: Mapping[tuple[Place, str], Figures]
) -> MonthFigures:
	report = MonthFigures()
	for place, line in alike.items():
		for whole in _lines(report, place):
			whole.take(line)
	for (place, team), line in alike_legs.items():
		for whole in (*_lines(report, place), report.groups[Grouping.LEG_TEAM][team]):
			whole.take(line)
	report.groups = {grouping: _filled(lines) for grouping, lines in report.groups.items()}
	return report


def _lines(report: MonthFigures, place: Place) -> tuple[Figures, ...]:
	"""The lines that a case belongs to, but for those of its legs' teams."""
	groups = report.groups
	return (
		report.total,
		groups[Grouping.COUNTRY][place.country],
		groups[Grouping.DIRECTION][place.direction],
		groups[Grouping.NATURE][place.nature],
		groups[Grouping.OFFICER][place.officer],
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
		if case.closing in GONE:
			line.merged_or_deleted.add(case.name)
		else:
			_count_closed(line, case, timers)
	elif _is_outstanding(case, month):
		_count_outstanding(line, case, month)


def _count_closed(line: Figures, case: CaseFacts, timers: Mapping[str, DayTimer]) -> None:
	line.closed.add(case.name)
	if case.closing in EXCEPTIONS:
		getattr(line, EXCEPTIONS[case.closing]).add(case.name)
	line.answers[Answer(case.answer)].add(case.name)
	if case.first_level:
		line.first_level.add(case.name)
	late = days_over(case.due, case.closed, timers[case.calendar])
	if late:
		line.late.add(case.name, late)
	else:
		line.within.add(case.name)
	if 0 < case.regulator_due < case.closed:
		days = days_over(case.regulator_due, case.closed, timers[case.regulator_calendar])
		line.late_for_regulator.add(case.name, days)


def _is_outstanding(case: CaseFacts, month: Month) -> bool:
	return case.opened < month.end and month.ends_before(case.closed)


def _count_outstanding(line: Figures, case: CaseFacts, month: Month) -> None:
	line.outstanding.add(case.name)
	if case.direction == Direction.INBOUND:
		line.inbound_outstanding.add(case.name)
	if 0 < case.due < month.end:
		line.overdue.add(case.name)
	if 0 < case.regulator_due < month.end:
		line.overdue_for_regulator.add(case.name)


def _count_claims(line: Figures, case: CaseFacts, month: Month) -> None:
	for claim in case.claims:
		for step, at in claim.moments.items():
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
