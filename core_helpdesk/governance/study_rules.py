"""The site's rules as a study of past tickets asks for them: those of now, as if clocks had always run.

Values in memory; nothing here writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core_helpdesk.domain.escalation import ScopeTable, Subject
from core_helpdesk.domain.policy import Kind, Policy, Terms
from core_helpdesk.governance.group_documents import policy_for

if TYPE_CHECKING:
	from core_helpdesk.domain.working_time import Timer
	from core_helpdesk.governance.group_documents import KnownGroups


@dataclass(frozen=True)
class StudyRules:
	"""The domain's `Rules` over all groups but hidden ones, which only receive what has escalated.

	`without_hours` gathers groups whose policy counts working time that no calendar gives them: nothing of theirs
	would escalate.
	Policy: QA-03, TSM-12
	"""

	known: KnownGroups
	table: ScopeTable
	without_hours: set[str] = field(default_factory=set)

	@classmethod
	def of(cls, known: KnownGroups) -> StudyRules:
		return cls(known, ScopeTable(known.scopes, known.at))

	def terms(self, group: str, category: str, at: int) -> Terms | None:
		place = self.known.rules.group(group)
		if place.hidden:
			return None
		name = policy_for(self.table, Subject(group, place.category, category, place.country))
		if not name:
			return None
		policy = self.policy(name)
		if counts_working_time(policy) and place.calendar not in self.known.rules.versions:
			self.without_hours.add(group)
			return None
		return Terms(policy, place.calendar)

	def policy(self, name: str) -> Policy:
		return self.known.rules.policy(name)

	def calendar_of(self, group: str) -> str:
		return self.known.rules.calendar_of(group)

	def timer(self, calendar: str) -> Timer:
		"""Raises: NoCalendar if there is none of this name."""
		return self.known.rules.timer(calendar)


def counts_working_time(policy: Policy) -> bool:
	return any(level.kind is Kind.WORKING for level in policy.levels)
