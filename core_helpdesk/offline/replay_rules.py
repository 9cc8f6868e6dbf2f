"""What a replay goes by: the groups, calendars and policies of a policy file, asked as the domain's clock asks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.calendars import compiled, country_rules
from core_helpdesk.domain.clock import Policy, Terms
from core_helpdesk.domain.errors import InputError, OutOfTable
from core_helpdesk.domain.ticket_facts import Place

if TYPE_CHECKING:
	from collections.abc import Mapping
	from zoneinfo import ZoneInfo

	from core_helpdesk.domain.clock import TicketState
	from core_helpdesk.domain.working_time import DayException, Hours, Timer, WorkCalendar
	from core_helpdesk.offline.words import Words

NO_DEFAULT = "is missing: a working level counts for a group that has no country of its own"
NEVER = 1 << 60


class GroupFacts(NamedTuple):
	"""Where a group belongs."""

	country: str
	department: str


class Entry(NamedTuple):
	"""A policy with the groups and ticket categories it is for, as listed in the file."""

	policy: Policy
	groups: frozenset[str]
	categories: frozenset[str]

	def matches(self, group: str, category: str) -> bool:
		if not ("*" in self.groups or group in self.groups):
			return False
		return "*" in self.categories or bool(category and category in self.categories)


@dataclass(frozen=True, slots=True)
class CalendarSource:
	"""A calendar as the file describes it."""

	country: str
	zone: str
	hours: Hours
	weekday_hours: Mapping[int, Hours]
	ramadan_hours: Hours
	exceptions: tuple[DayException, ...]

	def calendar(self, first_year: int, last_year: int) -> WorkCalendar:
		years = range(first_year, last_year + 1)
		rules = country_rules(
			self.country,
			years,
			hours=self.hours,
			ramadan_hours=self.ramadan_hours or None,
			zone=self.zone,
			plain=True,
		)
		named = replace(rules, weekday_hours=self.weekday_hours, exceptions=self.exceptions)
		return compiled(named, first_year, last_year)


@dataclass(frozen=True)
class PolicyFile:
	"""Everything a replay needs besides the tickets."""

	name: str
	zone: ZoneInfo
	states: Mapping[str, TicketState]
	calendars: Mapping[str, CalendarSource]
	groups: Mapping[str, GroupFacts]
	default: GroupFacts
	entries: tuple[Entry, ...]
	unused: tuple[str, ...] = ()

	def facts(self, group: str) -> GroupFacts:
		return self.groups.get(group, self.default)

	def place(self, group: str, category: str) -> Place:
		"""Whose a ticket of this group and category is; the file knows no group categories."""
		facts = self.facts(group)
		return Place(facts.country, facts.department, "", group, category)

	@cached_property
	def depth(self) -> int:
		"""The number of levels of the longest policy."""
		return max(len(entry.policy.levels) for entry in self.entries)

	def target(self, level: int) -> str:
		"""Whom a level goes to, empty when the policies differ in it."""
		targets = {
			entry.policy.levels[level - 1].target
			for entry in self.entries
			if len(entry.policy.levels) >= level
		}
		return targets.pop() if len(targets) == 1 else ""


class WithinReplay(NamedTuple):
	"""A timer for which every moment past the compiled dates is one that the replay does not reach."""

	calendar: WorkCalendar

	def add(self, start: int, seconds: int) -> int:
		try:
			return self.calendar.add(start, seconds)
		except OutOfTable:
			return NEVER

	def elapsed(self, start: int, end: int) -> int:
		return self.calendar.elapsed(start, end)


@dataclass
class ReplayRules:
	"""The rules of the domain's clock as a policy file gives them, for moments between two years."""

	file: PolicyFile
	first_year: int
	last_year: int
	say: Words
	_terms: dict[tuple[str, str], Terms | None] = field(default_factory=dict)
	_timers: dict[str, Timer] = field(default_factory=dict)

	def terms(self, group: str, category: str, at: int) -> Terms | None:
		key = (group, category)
		if key not in self._terms:
			entry = next((entry for entry in self.file.entries if entry.matches(*key)), None)
			self._terms[key] = Terms(entry.policy, self.calendar_of(group)) if entry else None
		return self._terms[key]

	def policy(self, name: str) -> Policy:
		return self._policies[name]

	def calendar_of(self, group: str) -> str:
		return self.file.facts(group).country

	def timer(self, calendar: str) -> Timer:
		if calendar not in self._timers:
			self._timers[calendar] = WithinReplay(self.calendar(calendar))
		return self._timers[calendar]

	def calendar(self, country: str) -> WorkCalendar:
		"""The working calendar of a country.

		Raises: InputError if the file has none.
		"""
		source = self.file.calendars.get(country)
		if source is None:
			raise InputError(self.file.name, 0, "defaults.country", self.say(NO_DEFAULT))
		return source.calendar(self.first_year, self.last_year)

	@cached_property
	def _policies(self) -> dict[str, Policy]:
		return {entry.policy.name: entry.policy for entry in self.file.entries}
