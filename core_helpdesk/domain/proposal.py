"""What is proposed for groups and policies, the past tickets it is tried on, and the rules it would make.

Values in, values out: no frappe, no reading of the time of day. Seconds are since the epoch (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.policy import Kind, Policy, Terms
from core_helpdesk.domain.working_time import ELAPSED

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Mapping

	from core_helpdesk.domain.clock import TicketState
	from core_helpdesk.domain.policy import Rules
	from core_helpdesk.domain.working_time import Timer

NEVER = 1 << 60


class PastChange(NamedTuple):
	"""A change of a ticket's group or of its state, or of both at once."""

	at: int
	group: str | None = None
	state: TicketState | None = None


class PastTicket(NamedTuple):
	"""A ticket as it was; its changes come in the order in which they apply, none before it was opened.

	`country` is empty where a ticket has none but that of its group.
	"""

	opened: int
	group: str
	category: str = ""
	changes: tuple[PastChange, ...] = ()
	country: str = ""

	@property
	def groups(self) -> set[str]:
		"""Every group that the ticket was ever in."""
		found = {change.group for change in self.changes}
		found.discard(None)
		found.add(self.group)
		return found


class Taking(NamedTuple):
	"""The tickets that would come to `group` instead of to others; what is empty leaves a fact open.

	A taking that names no fact takes nothing. `never_from` are groups that keep theirs, as one that only
	receives escalated tickets.
	"""

	group: str
	takes_from: frozenset[str] = frozenset()
	ticket_categories: frozenset[str] = frozenset()
	countries: frozenset[str] = frozenset()
	never_from: frozenset[str] = frozenset()

	def matches(self, ticket: PastTicket) -> bool:
		if not (self.takes_from or self.ticket_categories or self.countries):
			return False
		of_category = not self.ticket_categories or ticket.category in self.ticket_categories
		return of_category and (not self.countries or ticket.country in self.countries)

	def group_instead(self, group: str) -> str:
		"""Where a ticket that matches would be when it was in `group`."""
		taken = not self.takes_from or group in self.takes_from
		return self.group if taken and group not in self.never_from else group


class NewTerms(NamedTuple):
	"""A policy for the tickets of some groups, or of some ticket categories in them."""

	policy: Policy
	groups: frozenset[str]
	ticket_categories: frozenset[str] = frozenset()

	def are_for(self, group: str, category: str) -> bool:
		return self.are_for_any((group,), category)

	def are_for_any(self, groups: Iterable[str], category: str) -> bool:
		of_category = not self.ticket_categories or category in self.ticket_categories
		return of_category and not self.groups.isdisjoint(groups)


@dataclass(frozen=True, slots=True)
class Proposal:
	"""What would be new: where tickets go, under which policy they run, and the calendars of groups.

	Of the terms, the first that fit count; a group without a new calendar keeps its own.
	Policy: QA-03
	"""

	taking: Taking | None = None
	terms: tuple[NewTerms, ...] = ()
	calendars: Mapping[str, str] = field(default_factory=dict)

	def takes(self, ticket: PastTicket) -> bool:
		return self.taking is not None and self.taking.matches(ticket)

	def concerns(self, ticket: PastTicket) -> bool:
		"""True if the ticket would have been in another group, or under other terms or hours."""
		groups = ticket.groups
		if not self.calendars.keys().isdisjoint(groups):
			return True
		if any(new.are_for_any(groups, ticket.category) for new in self.terms):
			return True
		taking = self.taking
		if taking is None or not taking.matches(ticket):
			return False
		return any(taking.group_instead(group) != group for group in groups)


@dataclass
class AsOf:
	"""Rules as they are at one moment, for tickets of any: each question is asked once. Warnings are left out."""

	rules: Rules
	at: int
	_terms: dict[tuple[str, str], Terms | None] = field(default_factory=dict)
	_policies: dict[str, Policy] = field(default_factory=dict)
	_calendars: dict[str, str] = field(default_factory=dict)
	_timers: dict[str, Timer] = field(default_factory=dict)
	_firsts: dict[tuple[str, str], tuple[Callable[[int, int], int], int]] = field(default_factory=dict)

	def terms(self, group: str, category: str, at: int) -> Terms | None:
		key = (group, category)
		if key not in self._terms:
			found = self._found(group, category)
			if found is not None:
				policy = replace(found.policy, warn_share=0.0)
				self._policies[policy.name] = policy
				found = Terms(policy, found.calendar)
			self._terms[key] = found
		return self._terms[key]

	def _found(self, group: str, category: str) -> Terms | None:
		return self.rules.terms(group, category, self.at)

	def policy(self, name: str) -> Policy:
		return self._policies[name]

	def calendar_of(self, group: str) -> str:
		if group not in self._calendars:
			self._calendars[group] = self.rules.calendar_of(group)
		return self._calendars[group]

	def timer(self, calendar: str) -> Timer:
		if calendar not in self._timers:
			self._timers[calendar] = self.rules.timer(calendar)
		return self._timers[calendar]

	def earliest_due(self, group: str, category: str, start: int) -> int:
		"""Before when level 1 cannot be due for a ticket that came into the group at `start`, whatever its state.

		A pause can only hold a count up; a cap on the time over all groups can make it due at once.
		Units: seconds since the epoch.
		Raises: OutOfTable.
		"""
		key = (group, category)
		if key not in self._firsts:
			self._firsts[key] = self._first(group, category)
		add, seconds = self._firsts[key]
		return add(start, seconds)

	def _first(self, group: str, category: str) -> tuple[Callable[[int, int], int], int]:
		"""How level 1 is counted, and how long it takes."""
		terms = self.terms(group, category, self.at) if group else None
		if terms is None:
			return _never, 0
		level = terms.policy.levels[0]
		timer = self.timer(terms.calendar) if level.kind is Kind.WORKING else ELAPSED
		return timer.add, 0 if terms.policy.total_cap else level.seconds


def _never(start: int, seconds: int) -> int:
	return NEVER


@dataclass
class ProposedRules(AsOf):
	"""The same with what a proposal adds; its policies have names of their own, so that none is taken for another."""

	proposal: Proposal = field(default_factory=Proposal)

	def _found(self, group: str, category: str) -> Terms | None:
		for number, new in enumerate(self.proposal.terms):
			if new.are_for(group, category):
				policy = replace(new.policy, name=f"proposed {number}: {new.policy.name}")
				return Terms(policy, self.calendar_of(group))
		found = super()._found(group, category)
		return found and found._replace(calendar=self.proposal.calendars.get(group, found.calendar))

	def calendar_of(self, group: str) -> str:
		return self.proposal.calendars.get(group) or super().calendar_of(group)
