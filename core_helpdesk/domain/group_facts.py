"""What is known of groups, their policies and routes, and what can be wrong with them: values only.

Imports the standard library and its neighbours in the domain; whoever shows a conflict words it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.errors import CalendarError
from core_helpdesk.domain.policy import Kind

if TYPE_CHECKING:
	from collections.abc import Callable, Mapping

	from core_helpdesk.domain.working_time import Timer

WEEK = 7 * 86_400
REACH_WEEKS = 8
"""In how many weeks a group's working time must reach its Escalation Time.

Policy: QA-02
"""


class EscalationTime(NamedTuple):
	"""How long a group may hold a ticket; working time is never equal to absolute time.

	Units: seconds of `kind`.
	Policy: CORE-04
	"""

	seconds: int
	kind: Kind = Kind.ELAPSED


@dataclass(frozen=True, slots=True)
class GroupFacts:
	"""What is known of a group; empty is not known, but no ticket category means that it takes all of them.

	`time` is that of its policy's level 1 and `targets` are those of all levels in order, groups by their name.
	Policy: CORE-04, QA-02
	"""

	name: str
	department: str = ""
	country: str = ""
	category: str = ""
	ticket_categories: frozenset[str] = frozenset()
	head: str = ""
	members: int = 0
	policy: str = ""
	time: EscalationTime | None = None
	targets: tuple[str, ...] = ()
	calendar: str = ""
	hidden: bool = False


class Route(NamedTuple):
	"""A rule that sends tickets to a group; no value leaves a fact open, and only equal priorities can overlap.

	`from_groups` are those in which a ticket has to be already: the host's own rule of a group takes its tickets only.
	"""

	rule: str
	group: str
	ticket_categories: frozenset[str] = frozenset()
	countries: frozenset[str] = frozenset()
	priority: int = 0
	from_groups: frozenset[str] = frozenset()


class ConflictKind(str, Enum):
	"""What can be wrong between groups, or with one, and the names of the facts that come with it.

	SAME_PLACE: country, department, category, ticket_categories that both take (none: all).
	POLICIES: policy, other_policy, group_category, ticket_category, country of the tickets (empty: any), since.
	ROUTES: rule, other_rule, ticket_categories, countries of the tickets (none: any).
	CIRCLE: path, from a group or target back to it. NO_MEMBERS, NO_POLICY: none.
	NO_HEAD: country, department. NO_HOURS, NOT_REACHED: calendar, seconds, kind, counted, weeks.
	"""

	SAME_PLACE = "Same Place"
	POLICIES = "Two Policies"
	ROUTES = "Overlapping Routing"
	CIRCLE = "Circular Escalation"
	NO_HEAD = "No Head"
	NO_MEMBERS = "No Members"
	NO_POLICY = "No Policy"
	NO_HOURS = "No Working Hours"
	NOT_REACHED = "Escalation Time Not Reached"


class Remedy(str, Enum):
	"""What would resolve a conflict."""

	DIVIDE_CATEGORIES = "Divide Ticket Categories"
	NARROW_POLICY = "Narrow Policy"
	NARROW_ROUTE = "Narrow Route"
	CHANGE_TARGET = "Change Target"
	NAME_HEAD = "Name Head"
	ADD_MEMBERS = "Add Members"
	ADD_POLICY = "Add Policy"
	SET_HOURS = "Set Hours"
	SHORTEN_TIME = "Shorten Time"


REMEDIES = {
	ConflictKind.SAME_PLACE: Remedy.DIVIDE_CATEGORIES,
	ConflictKind.POLICIES: Remedy.NARROW_POLICY,
	ConflictKind.ROUTES: Remedy.NARROW_ROUTE,
	ConflictKind.CIRCLE: Remedy.CHANGE_TARGET,
	ConflictKind.NO_HEAD: Remedy.NAME_HEAD,
	ConflictKind.NO_MEMBERS: Remedy.ADD_MEMBERS,
	ConflictKind.NO_POLICY: Remedy.ADD_POLICY,
	ConflictKind.NO_HOURS: Remedy.SET_HOURS,
	ConflictKind.NOT_REACHED: Remedy.SHORTEN_TIME,
}


class Conflict(NamedTuple):
	"""One conflict of a group, with another or alone; `group` is empty where two policies are for no one group.

	Policy: QA-02
	"""

	kind: ConflictKind
	group: str
	other: str
	facts: Mapping[str, str | int | tuple[str, ...]]

	@property
	def remedy(self) -> Remedy:
		return REMEDIES[self.kind]


@dataclass(frozen=True, slots=True)
class Hours:
	"""The working hours of groups as seen from a moment; each calendar is asked once.

	Units: `at` is seconds since the epoch.
	"""

	timer: Callable[[str], Timer]
	at: int
	weeks: int = REACH_WEEKS
	_counted: dict[str, int] = field(default_factory=dict)

	def counted(self, calendar: str) -> int:
		"""Seconds of working time in the weeks from `at`; 0 for a calendar that is missing or cannot count."""
		if calendar not in self._counted:
			self._counted[calendar] = self._count(calendar) if calendar else 0
		return self._counted[calendar]

	def _count(self, calendar: str) -> int:
		try:
			return self.timer(calendar).elapsed(self.at, self.at + self.weeks * WEEK)
		except CalendarError:
			return 0
