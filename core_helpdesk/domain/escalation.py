"""The ladder: which policy a ticket runs under, which levels have fired, what is due before a moment.

Values in, values out: no frappe, no reading of the time of day. Seconds are since the epoch (UTC).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.clock import current_level, fired
from core_helpdesk.domain.errors import ScopesOverlap
from core_helpdesk.domain.meeting import meetings

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.domain.clock import Clock, Rules

NARROWINGS = ("group_category", "ticket_category", "country")


class Fired(NamedTuple):
	"""One escalation: the level of a cycle, the group that held the ticket, when it was due and when it came.

	Units: `due` and `at` are seconds since the epoch; `at` is later than `due` when the sweep was late.
	"""

	cycle: int
	level: int
	group: str
	target: str
	due: int
	at: int


@dataclass(frozen=True, slots=True)
class Scope:
	"""The tickets a policy is for, and from when until when; an empty field leaves that fact open.

	A scope that names nothing is for no ticket, unless it is the default, which is for all.
	Units: seconds since the epoch, half-open; 0 leaves a side open.
	"""

	policy: str
	group: str = ""
	group_category: str = ""
	ticket_category: str = ""
	country: str = ""
	default: bool = False
	from_epoch: int = 0
	until_epoch: int = 0

	@property
	def rank(self) -> tuple[bool, bool, int]:
		"""How specific the scope is; the greater of two ranks wins."""
		return (not self.default, bool(self.group), sum(bool(getattr(self, name)) for name in NARROWINGS))

	def is_in_force(self, at: int) -> bool:
		return self.from_epoch <= at and (not self.until_epoch or at < self.until_epoch)

	def matches(self, subject: Subject) -> bool:
		names_something = self.default or self.group or any(getattr(self, name) for name in NARROWINGS)
		return bool(names_something) and all(
			getattr(self, name) in ("", getattr(subject, name)) for name in ("group", *NARROWINGS)
		)


@dataclass(frozen=True, slots=True)
class Subject:
	"""What a ticket brings to the choice: its group, with that group's category and country, and its category."""

	group: str
	group_category: str = ""
	ticket_category: str = ""
	country: str = ""


def choose(scopes: Iterable[Scope], subject: Subject, at: int) -> Scope | None:
	"""The most specific scope in force for a ticket at `at`, None when no policy is for it.

	Raises: ScopesOverlap if two policies are equally specific.
	Policy: CORE-17, QA-02
	"""
	matching = [scope for scope in scopes if scope.is_in_force(at) and scope.matches(subject)]
	if not matching:
		return None
	best = max(matching, key=lambda scope: scope.rank)
	for other in matching:
		if other.rank == best.rank and other.policy != best.policy:
			raise ScopesOverlap(best.policy, other.policy)
	return best


class ScopeTable:
	"""Scopes in force at one moment, laid out by what they name, to choose for many subjects.

	Units: `at` is seconds since the epoch.
	Policy: CORE-17
	"""

	def __init__(self, scopes: Iterable[Scope], at: int) -> None:
		self.at = at
		self._kinds: dict[tuple[str, ...], dict[tuple[str, ...], list[tuple[int, Scope]]]] = {}
		for number, scope in enumerate(scopes):
			if scope.is_in_force(at):
				named = tuple(name for name in ("group", *NARROWINGS) if getattr(scope, name))
				alike = self._kinds.setdefault(named, defaultdict(list))
				alike[_values(scope, named)].append((number, scope))

	def choose(self, subject: Subject) -> Scope | None:
		"""As `choose` among all the scopes, at a cost that does not grow with their number.

		Raises: ScopesOverlap if two policies are equally specific.
		Policy: CORE-17, QA-02
		"""
		found: list[tuple[int, Scope]] = []
		for named, alike in self._kinds.items():
			found += alike.get(_values(subject, named), ())
		return choose([scope for _, scope in sorted(found, key=itemgetter(0))], subject, self.at)


def overlaps(scopes: Iterable[Scope]) -> list[tuple[Scope, Scope]]:
	"""Pairs of different policies, equally specific, that can be for one ticket at one time.

	Policy: QA-02
	"""
	listed = list(scopes)
	cells = (
		(number, (str(scope.rank), scope.group, *_values(scope, NARROWINGS)))
		for number, scope in enumerate(listed)
		if not _is_void(scope)
	)
	pairs = [(listed[first], listed[second]) for first, second in meetings(cells)]
	return [pair for pair in pairs if _coexist(*pair)]


def settled(clock: Clock, before: int, rules: Rules) -> Iterator[tuple[Clock, Fired]]:
	"""Every level that is due earlier than `before`, fired at its due moment, each with the clock after it.

	Policy: TSM-08
	"""
	while 0 < clock.due < before:
		level = current_level(clock, rules)
		if level is None:
			return
		record = Fired(clock.cycle, clock.level + 1, clock.group, level.target, clock.due, clock.due)
		clock = fired(clock, clock.due, rules)
		yield clock, record


def _values(facts: Scope | Subject, names: tuple[str, ...]) -> tuple[str, ...]:
	return tuple(getattr(facts, name) for name in names)


def _coexist(one: Scope, other: Scope) -> bool:
	begun = max(one.from_epoch, other.from_epoch)
	return one.policy != other.policy and all(
		not scope.until_epoch or begun < scope.until_epoch for scope in (one, other)
	)


def _is_void(scope: Scope) -> bool:
	return scope.rank == (True, False, 0)
