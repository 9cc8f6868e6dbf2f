"""An escalation policy: its levels, what each of them counts, and what a clock asks of the settings.

Values only; imports the standard library and its neighbours in the domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from core_helpdesk.domain.errors import (
	CircularEscalation,
	DaysOutOfPlace,
	LevelWithoutTarget,
	LevelWithoutTime,
	NoLevels,
	NotForTracing,
)

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.domain.working_time import Timer


class Kind(str, Enum):
	"""What a level counts: absolute time, time inside a working calendar, or a calendar's whole working days."""

	ELAPSED = "Elapsed"
	WORKING = "Working"
	WORKING_DAYS = "Working Days"

	@property
	def has_calendar(self) -> bool:
		return self is not Kind.ELAPSED


@dataclass(frozen=True, slots=True)
class Level:
	"""One step of a policy: after how long it fires, and for whom.

	Units: `seconds` are of `kind`, for working days their number; `pause_cap` and `acknowledge_within` are absolute
	seconds, 0 for none.
	"""

	seconds: int
	target: str
	kind: Kind = Kind.ELAPSED
	pauses: bool = False
	pause_cap: int = 0
	acknowledge_within: int = 0
	moves_ticket: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
	"""The levels of an escalation, in order, with the warning before the first of them.

	`is_tracing`: its levels are counted for a tracing case, whose time no pause stops and no group ends.

	Units: `warn_share` is a share of level 1 (0.8 warns when 80 % are used), `total_cap` is seconds, 0 for none.
	"""

	name: str
	levels: tuple[Level, ...]
	warn_share: float = 0.0
	total_cap: int = 0
	is_tracing: bool = False


class Terms(NamedTuple):
	"""What a count runs under: a policy, and the name of the calendar of the group's country."""

	policy: Policy
	calendar: str


class Rules(Protocol):
	"""The settings a clock asks: policies in force, calendars of groups, timers of calendars."""

	def terms(self, group: str, category: str, at: int) -> Terms | None: ...

	def policy(self, name: str) -> Policy: ...

	def calendar_of(self, group: str) -> str: ...

	def timer(self, calendar: str) -> Timer: ...


def check_policy(policy: Policy) -> None:
	"""Refuse a policy that could not escalate.

	Raises: NoLevels, LevelWithoutTarget, LevelWithoutTime, DaysOutOfPlace, NotForTracing, CircularEscalation.
	Policy: CORE-04, CORE-17, TRC-03
	"""
	if not policy.levels:
		raise NoLevels(policy.name)
	for number, level in enumerate(policy.levels, 1):
		if not level.target.strip():
			raise LevelWithoutTarget(policy.name, number)
		if level.seconds <= 0:
			raise LevelWithoutTime(policy.name, number, level.seconds)
		if level.kind is Kind.WORKING_DAYS and not (policy.is_tracing and number == 1):
			raise DaysOutOfPlace(policy.name, number)
	for number, rule in _unknown_to_tracing(policy):
		raise NotForTracing(policy.name, number, rule)
	_check_no_circle(policy)


def _unknown_to_tracing(policy: Policy) -> Iterator[tuple[int, str]]:
	"""What a tracing policy says that its count does not know, with the level that says it."""
	if not policy.is_tracing:
		return
	if policy.total_cap:
		yield 0, "total_cap"
	for number, level in enumerate(policy.levels, 1):
		yield from ((number, rule) for rule in ("pauses", "moves_ticket") if getattr(level, rule))


def _check_no_circle(policy: Policy) -> None:
	"""Whoever had an escalation once is not escalated to again: the ladder goes upwards."""
	targets = [level.target.strip() for level in policy.levels]
	for number, target in enumerate(targets):
		if target in targets[:number]:
			raise CircularEscalation(policy.name, targets[targets.index(target) : number + 1])
