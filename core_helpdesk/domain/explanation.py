"""Says, date by date, what a due moment was counted from and why dates were skipped.

Reasons are English and translated where they are shown; imports the standard library only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.calendar_rules import DAY, DayPlan
from core_helpdesk.domain.compiler import local_date, midnight, pieces, utc_offset

if TYPE_CHECKING:
	from datetime import date

	from core_helpdesk.domain.calendar_rules import CalendarRules

OUTSIDE_REASON = "Outside working hours"
RECEIPT_REASON = "Day of receipt"


class DayLine(NamedTuple):
	"""What one local date gave to a count: the intervals counted (epoch seconds), or the reason for none."""

	day: date
	counted: tuple[tuple[int, int], ...]
	seconds: int
	reason: str
	kind: str
	estimated: bool = False


def explain(rules: CalendarRules, start: int, end: int) -> list[DayLine]:
	"""One line for each local date that [start, end) touches.

	Units: epoch seconds.
	"""
	counted = _counted(rules, start, end)
	return [_line(day, rules.day(day), counted.get(day, ())) for day in _dates(rules, start, end)]


def explain_working_days(rules: CalendarRules, start: int, due: int) -> list[DayLine]:
	"""One line for each local date from the one `start` lies on to the working day that closes at `due`.

	Units: epoch seconds.
	Policy: TRC-03, CX-2.1
	"""
	first, *_, beyond = _dates(rules, start, due + DAY)
	whole_days = _counted(rules, midnight(rules.timezone, first), midnight(rules.timezone, beyond))
	lines = [_line(day, rules.day(day), whole_days.get(day, ())) for day in _dates(rules, start, due)]
	received = next(n for n, line in enumerate(lines) if line.counted and line.counted[-1][1] > start)
	for n, line in enumerate(lines[: received + 1]):
		if line.counted:
			reason = RECEIPT_REASON if n == received else OUTSIDE_REASON
			lines[n] = DayLine(line.day, (), 0, reason, "outside")
	return lines


def _counted(rules: CalendarRules, start: int, end: int) -> dict[date, tuple[tuple[int, int], ...]]:
	by_date: dict[date, tuple[tuple[int, int], ...]] = {}
	for days_since_epoch, begin, closes in pieces(rules, start, end):
		day = local_date(days_since_epoch)
		by_date[day] = (*by_date.get(day, ()), (begin, closes))
	return by_date


def _dates(rules: CalendarRules, start: int, end: int) -> list[date]:
	last_second = max(start, end - 1)
	first = (start + utc_offset(rules.timezone, start)) // DAY
	last = (last_second + utc_offset(rules.timezone, last_second)) // DAY
	return [local_date(day) for day in range(first, last + 1)]


def _line(day: date, plan: DayPlan, counted: tuple[tuple[int, int], ...]) -> DayLine:
	seconds = sum(end - begin for begin, end in counted)
	if plan.hours and not counted:
		return DayLine(day, (), 0, OUTSIDE_REASON, "outside")
	return DayLine(day, counted, seconds, plan.reason, plan.kind, plan.estimated)
