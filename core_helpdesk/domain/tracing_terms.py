"""Within how many working days a shipment is traced: what is due when, and from when on a case counts.

Values in, values out: no frappe, no reading of the time of day. Seconds are since the epoch (UTC), 0 means
"none".
"""

from __future__ import annotations

from math import floor
from typing import NamedTuple, Protocol

from core_helpdesk.domain.closing import Answer, is_satisfied

Cycles = tuple["Cycle", ...]


class DayTimer(Protocol):
	"""A calendar as far as tracing asks it: it counts working days."""

	def add_working_days(self, start: int, days: int) -> int:
		"""The closing time of the working day that is `days` working days after the day of receipt."""
		...

	def working_days(self, start: int, end: int) -> int:
		"""How many working days, by the rule of `add_working_days`, are over at `end`."""
		...


class Terms(NamedTuple):
	"""The time that tracing may take, and the time another owner (a regulator) gives for the same case.

	Units: working days, 0 regulator's days for none; `warn_share` is a share of the working days, 0 for no
	warning.
	Policy: TRC-03
	"""

	working_days: int = 10
	warn_share: float = 0.8
	regulator_days: int = 0


class CaseTimes(NamedTuple):
	"""A case's own count: since when, in which calendar, and when it warns and is due.

	Units: epoch seconds.
	Policy: TRC-03
	"""

	opened: int
	calendar: str
	due: int
	warn: int
	regulator_due: int = 0


class Cycle(NamedTuple):
	"""A case from its opening to its close; it has another only if the close was confirmed.

	Units: epoch seconds, `closed` is 0 while it is open.
	"""

	number: int
	opened: int
	closed: int = 0
	answer: Answer = Answer.NONE


def due(timer: DayTimer, start: int, days: int) -> int:
	"""When what was received at `start` is due; 0 without days to count.

	Units: epoch seconds, working days.
	Raises: BadAmount, OutOfTable.
	Policy: TRC-03
	"""
	return timer.add_working_days(start, days) if days else 0


def warn_at(timer: DayTimer, start: int, terms: Terms) -> int:
	"""The closing time of the working day by which the set share is used, the first one at the earliest.

	Units: epoch seconds, 0 where there is no warning.
	Raises: BadAmount, OutOfTable.
	Policy: TRC-03
	"""
	if not terms.warn_share:
		return 0
	# 0.29 of 100 days is 28.999999999999996 to a computer
	used = floor(round(terms.working_days * terms.warn_share, 6))
	return due(timer, start, min(max(used, 1), terms.working_days))


def days_over(due: int, end: int, timer: DayTimer) -> int:
	"""By how many working days `end` exceeds `due`: 1 until the next working day closes; 0 in time.

	`due` is a closing time of the timer's calendar, as `add_working_days` gives it.

	Units: epoch seconds, working days.
	Raises: OutOfTable.
	Policy: TRC-03
	"""
	if not due or end <= due:
		return 0
	# A second before it closes a day is still that day: what ends at closing time ends on the day that closes.
	return timer.working_days(due - 1, end - 1) + 1


def case_times(opened: int, timer: DayTimer, terms: Terms, calendar: str = "") -> CaseTimes:
	"""What is due when for a case opened then, counted in the calendar of the country that handles it now.

	A hand-over changes the calendar, never `opened`.

	Units: epoch seconds.
	Raises: BadAmount, OutOfTable.
	Policy: TRC-03
	"""
	return CaseTimes(
		opened,
		calendar,
		due(timer, opened, terms.working_days),
		warn_at(timer, opened, terms),
		due(timer, opened, terms.regulator_days),
	)


def closed(cycles: Cycles, at: int, answer: Answer) -> Cycles:
	"""The cycles after the case was closed on an answer of the originator; unchanged if it is not open."""
	if not cycles or cycles[-1].closed:
		return cycles
	return (*cycles[:-1], cycles[-1]._replace(closed=at, answer=answer))


def reopened(cycles: Cycles, at: int) -> Cycles:
	"""The cycles after the case was opened (again); unchanged if it is open.

	A new one begins where there was none, or where the originator had confirmed the solution. Any other close
	was no end: the case goes on from its opening, and the time it was closed counts.

	Units: epoch seconds.
	Policy: TRC-03, TRC-12, TRC-22
	"""
	if not cycles:
		return (Cycle(1, at),)
	*before, last = cycles
	if not last.closed:
		return cycles
	if is_satisfied(last.answer):
		return (*cycles, Cycle(last.number + 1, at))
	return (*before, last._replace(closed=0, answer=Answer.NONE))
