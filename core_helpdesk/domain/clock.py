"""A ticket's running time: which level counts, since when, and when it is due.

Values in, values out: no frappe, no reading of the time of day. Seconds are since the epoch (UTC),
intervals are half-open, 0 means "none".
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from operator import attrgetter
from typing import Any

from core_helpdesk.domain.due import counted, current_level, due_moments, spans_until
from core_helpdesk.domain.policy import Kind, Level, Policy, Rules, Terms, check_policy

__all__ = [
	"Clock",
	"Kind",
	"Level",
	"Policy",
	"Rules",
	"Terms",
	"TicketState",
	"acknowledged",
	"changed",
	"check_policy",
	"counted",
	"current_level",
	"due_moments",
	"fired",
	"handed_back",
	"retimed",
	"warned",
]


class TicketState(str, Enum):
	"""What the group may do with a ticket: work on it, wait for the customer, or nothing more."""

	OPEN = "Open"
	PAUSED = "Paused"
	RESOLVED = "Resolved"


@dataclass(frozen=True, slots=True)
class Clock:
	"""Where a ticket stands: its cycle, the levels fired in it, and the count that is running.

	`spans` were counted before `anchor`; an anchor in the future is the end of a capped pause. They are kept
	as moments, not as a sum, so that a changed calendar re-times them exactly.
	Units: moments are seconds since the epoch; `carried` and `paused` are seconds.
	"""

	cycle: int = 0
	level: int = 0
	state: TicketState = TicketState.OPEN
	group: str = ""
	category: str = ""
	finished: bool = False
	policy: str = ""
	calendar: str = ""
	began: int = 0
	anchor: int = 0
	spans: tuple[tuple[int, int], ...] = ()
	carried: int = 0
	paused_since: int = 0
	paused: int = 0
	hurry: int = 0
	warned: bool = False
	due: int = 0
	warn: int = 0

	@property
	def is_live(self) -> bool:
		"""True while levels may fire: neither resolved, merged nor deleted."""
		return not self.finished and self.state is not TicketState.RESOLVED

	@property
	def next(self) -> int:
		"""The next moment at which something is to be done: the warning or the level, 0 for none."""
		return next_moment(self.due, self.warn, warned=self.warned)


_PLACES = {fact.name: place for place, fact in enumerate(fields(Clock))}
_values = attrgetter(*_PLACES)
_NO_COUNT = [fact.default for fact in fields(Clock)[_PLACES["policy"] :]]


def next_moment(due: int, warn: int, *, warned: bool) -> int:
	"""The warning if it comes first and was not given, else the level; 0 for none."""
	return warn if warn and not warned and (not due or warn < due) else due


def changed(
	clock: Clock,
	at: int,
	rules: Rules,
	*,
	group: str | None = None,
	state: TicketState | None = None,
	category: str | None = None,
	finished: bool | None = None,
) -> Clock:
	"""The clock after changes made at one moment; a level due at that moment is judged by the result.

	Whoever calls it fires first what was due before `at`.
	Policy: CORE-01, TSM-08
	"""
	given = {"group": group, "state": state, "category": category, "finished": finished}
	after = _with(clock, **{fact: value for fact, value in given.items() if value is not None})
	if not after.is_live:
		return _without_count(after)
	if clock.finished and clock.cycle and clock.state is not TicketState.RESOLVED:
		return _taken_up(after, at, rules)
	if not clock.is_live:
		return _next_cycle(after, at, rules) if after.cycle or after.group else after
	if after.level == 0 and after.group != clock.group:
		return _moved(clock, after, at, rules)
	if after.level == 0 and after.category != clock.category:
		after = _chosen_anew(after, at, rules)
	return _aligned(after, at, rules)


def fired(clock: Clock, at: int, rules: Rules) -> Clock:
	"""The clock after the level that is due fired at `at`, when the next level's count begins.

	Policy: TSM-08
	"""
	policy = rules.policy(clock.policy)
	fired_level, number = policy.levels[clock.level], clock.level + 1
	if number == len(policy.levels):
		return _without_count(clock, level=number)
	hurry = at + fired_level.acknowledge_within if fired_level.acknowledge_within else 0
	terms = Terms(policy, rules.calendar_of(clock.group))
	return _begun(clock, at, terms, rules, level=number, hurry=hurry)


def warned(clock: Clock) -> Clock:
	"""The clock after the warning before level 1 was given."""
	return _with(clock, warned=True)


def acknowledged(clock: Clock, rules: Rules) -> Clock:
	"""The clock after the last level's target confirmed it: the next level takes its full time."""
	return retimed(_with(clock, hurry=0), rules)


def handed_back(clock: Clock, at: int, rules: Rules) -> Clock:
	"""The clock after TSM gave the ticket back to its group: a new cycle from `at`.

	Policy: TSM-08
	"""
	return _next_cycle(clock, at, rules) if clock.is_live else clock


def retimed(clock: Clock, rules: Rules) -> Clock:
	"""The clock with its due moments calculated again, as after a change of its calendar."""
	due, warn = due_moments(clock, rules)
	return clock if (due, warn) == (clock.due, clock.warn) else _with(clock, due=due, warn=warn)


def _next_cycle(clock: Clock, at: int, rules: Rules) -> Clock:
	fresh = _without_count(clock, cycle=clock.cycle + 1, level=0, carried=0)
	return _entered(fresh, at, rules)


def _taken_up(clock: Clock, at: int, rules: Rules) -> Clock:
	"""The cycle and level of a ticket whose merge was undone, counted from `at`: a merge resets no ladder."""
	terms = rules.terms(clock.group, clock.category, at) if clock.group else None
	if terms is None or clock.level >= len(terms.policy.levels):
		return clock
	return _begun(clock, at, terms, rules, level=clock.level)


def _entered(clock: Clock, at: int, rules: Rules) -> Clock:
	terms = rules.terms(clock.group, clock.category, at) if clock.group else None
	return _begun(clock, at, terms, rules) if terms else clock


def _begun(clock: Clock, at: int, terms: Terms, rules: Rules, *, level: int = 0, hurry: int = 0) -> Clock:
	begun = {"policy": terms.policy.name, "calendar": terms.calendar, "began": at, "anchor": at}
	return _aligned(_without_count(clock, level=level, hurry=hurry, **begun), at, rules)


def _moved(clock: Clock, after: Clock, at: int, rules: Rules) -> Clock:
	carried = clock.carried + counted(clock, at, rules)
	cycle = after.cycle or int(bool(after.group))
	return _entered(_without_count(after, cycle=cycle, carried=carried), at, rules)


def _chosen_anew(clock: Clock, at: int, rules: Rules) -> Clock:
	"""Level 1 under the policy of another category, with the time counted so far kept."""
	terms = rules.terms(clock.group, clock.category, at) if clock.group else None
	if clock.policy == (terms.policy.name if terms else ""):
		return clock
	held = _resumed(clock, at) if clock.paused_since else clock
	held = _with(held, spans=spans_until(held, at), anchor=at, warned=False)
	if terms is None:
		return _with(held, policy="", calendar="", anchor=0)
	return _with(
		held, policy=terms.policy.name, calendar=clock.calendar or terms.calendar, began=clock.began or at
	)


def _aligned(clock: Clock, at: int, rules: Rules) -> Clock:
	"""The clock stopped or running as its state and its level's pause rule ask, with its due moments."""
	level = current_level(clock, rules)
	stops = level is not None and level.pauses and clock.state is TicketState.PAUSED
	if level is not None and stops and not clock.paused_since:
		clock = _stopped(clock, at, level.pause_cap)
	elif clock.paused_since and not stops:
		clock = _resumed(clock, at)
	return retimed(clock, rules)


def _stopped(clock: Clock, at: int, cap: int) -> Clock:
	if cap and clock.paused >= cap:
		return _with(clock, paused_since=at)
	anchor = at + cap - clock.paused if cap else 0
	return _with(clock, spans=spans_until(clock, at), anchor=anchor, paused_since=at)


def _resumed(clock: Clock, at: int) -> Clock:
	# an anchor already reached means that the pause was longer than its cap: the count goes on from there
	anchor = min(clock.anchor, at) if clock.anchor else at
	return _with(clock, anchor=anchor, paused=clock.paused + at - clock.paused_since, paused_since=0)


def _with(clock: Clock, **facts: Any) -> Clock:
	"""As `replace`, at half of its cost: every claim and every ticket of a study comes by here."""
	return _made([*_values(clock)], facts)


def _without_count(clock: Clock, **facts: Any) -> Clock:
	"""The clock with nothing counted, but for what is given."""
	held = _values(clock)[: -len(_NO_COUNT)]
	return _made([*held, *_NO_COUNT], {"carried": clock.carried, **facts})


def _made(values: list[Any], facts: dict[str, Any]) -> Clock:
	for name, value in facts.items():
		values[_PLACES[name]] = value
	return Clock(*values)
