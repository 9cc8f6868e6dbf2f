"""A case's legs: its stays in groups, each with its own time, its acceptance and its answer.

Values in, values out: no frappe, no reading of the time of day. Seconds are since the epoch (UTC), 0 and ""
mean "none". Moments are given in the order in which things happened.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core_helpdesk.domain.tracing_terms import days_over, due, warn_at

if TYPE_CHECKING:
	from collections.abc import Mapping

	from core_helpdesk.domain.tracing_terms import DayTimer, Terms


@dataclass(frozen=True, slots=True)
class Leg:
	"""A stay of a case in a group; only one in a tracing group has a time of its own.

	`number` counts from 1 in the order of hand-overs. `replied` is when the group answered whoever passed the
	case on to it.
	Units: moments are epoch seconds; `left` is 0 for the leg that is running.
	Policy: TRC-03, TRC-09, TRC-11
	"""

	number: int
	team: str
	country: str
	calendar: str
	is_tracing: bool
	assigned: int
	accepted: int = 0
	left: int = 0
	due: int = 0
	warn: int = 0
	from_team: str = ""
	passed_by: str = ""
	accepted_by: str = ""
	reason: str = ""
	replied: int = 0


Legs = tuple[Leg, ...]


def current(legs: Legs) -> Leg | None:
	"""The leg that is running, None while the case is in no group."""
	return legs[-1] if legs and not legs[-1].left else None


def handling(legs: Legs) -> Leg | None:
	"""The latest leg in a tracing group, whose country handles the case; the latest of any without one.

	A section concerned works for that country's group: the case's own time stays in its calendar.

	Policy: TRC-03, TRC-09
	"""
	tracing = [leg for leg in legs if leg.is_tracing]
	return (tracing or legs or (None,))[-1]


def opened(
	legs: Legs,
	at: int,
	team: str,
	country: str,
	calendar: str,
	is_tracing: bool,
	timer: DayTimer,
	terms: Terms,
	passed_by: str = "",
	reason: str = "",
) -> Legs:
	"""The legs after the case came to a group: the running one ends, the next begins; unchanged if it is there.

	Raises: BadAmount, OutOfTable.
	Policy: TRC-03, TRC-09
	"""
	running = current(legs)
	if running and running.team == team:
		return legs
	begun = Leg(
		number=legs[-1].number + 1 if legs else 1,
		team=team,
		country=country,
		calendar=calendar,
		is_tracing=is_tracing,
		assigned=at,
		from_team=running.team if running else "",
		passed_by=passed_by,
		reason=reason,
	)
	return (*ended(legs, at), _timed(begun, timer, terms))


def accepted(legs: Legs, at: int, by: str) -> Legs:
	"""The legs after somebody of the group took the case; the first acceptance stays."""
	running = current(legs)
	if running is None or running.accepted:
		return legs
	return (*legs[:-1], replace(running, accepted=at, accepted_by=by))


def replied(legs: Legs, at: int, number: int = 0) -> Legs:
	"""The legs after the running one, or the one of a number, answered whoever passed it on; the first stays.

	Policy: TRC-11
	"""
	running = current(legs)
	wanted = number or (running.number if running else 0)
	if not any(leg.number == wanted and not leg.replied for leg in legs):
		return legs
	return tuple(replace(leg, replied=at) if leg.number == wanted else leg for leg in legs)


def at_first_level(legs: Legs, opened: int, solved: int) -> bool:
	"""True if the first group solved the case that was opened then, and had passed it on to nobody until it did.

	Units: epoch seconds, `solved` is 0 while there is no solution.
	Policy: TRC-18
	"""
	return bool(solved) and sum(opened <= leg.assigned <= solved for leg in legs) == 1


def ended(legs: Legs, at: int) -> Legs:
	"""The legs after the case left its group, or was closed."""
	running = current(legs)
	return (*legs[:-1], replace(running, left=at)) if running else legs


def retimed(legs: Legs, timers: Mapping[str, DayTimer], terms: Terms) -> Legs:
	"""The legs, ended ones too, due anew in their own calendars, as after a holiday was confirmed.

	The same tuple if nothing changed.

	Raises: BadAmount, OutOfTable, KeyError for a calendar that is not given.
	Policy: TRC-03
	"""
	after = tuple(_timed(leg, timers[leg.calendar], terms) if leg.is_tracing else leg for leg in legs)
	return legs if after == legs else after


def _timed(leg: Leg, timer: DayTimer, terms: Terms) -> Leg:
	if not leg.is_tracing:
		return leg
	own_due = due(timer, leg.assigned, terms.working_days)
	return replace(leg, due=own_due, warn=warn_at(timer, leg.assigned, terms))


def seconds_to_accept(leg: Leg) -> int | None:
	"""Absolute seconds from the assignment to its acceptance; None until then."""
	return leg.accepted - leg.assigned if leg.accepted else None


def seconds_held(leg: Leg, now: int) -> int:
	"""Absolute seconds that the group has had the case until `now`, or until it left."""
	return max(0, _end(leg, now) - leg.assigned)


def outstanding(legs: Legs, now: int) -> tuple[int, ...]:
	"""The numbers of the legs that somebody had passed on by `now` without being answered until then.

	Policy: TRC-11
	"""
	return tuple(
		leg.number for leg in legs if leg.passed_by and leg.assigned <= now and not 0 < leg.replied <= now
	)


def is_late(leg: Leg, at: int) -> bool:
	"""True if the group still had the case after it was due, as known at `at`; ending at that moment is in time.

	Policy: TRC-03
	"""
	return 0 < leg.due < _end(leg, at)


def days_late(leg: Leg, at: int, timer: DayTimer) -> int:
	"""By how many working days the leg exceeds its time, as known at `at`; 0 in time.

	Units: `timer` is the leg's own calendar.
	Raises: OutOfTable.
	Policy: TRC-03
	"""
	return days_over(leg.due, _end(leg, at), timer)


def _end(leg: Leg, at: int) -> int:
	return min(leg.left, at) if leg.left else at
