"""Which groups a conflict concerns, and which names it says: a policy's conflict is of all groups that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core_helpdesk.domain.groups import ConflictKind, may_govern
from core_helpdesk.escalations import people

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.domain.group_facts import Conflict
	from core_helpdesk.governance.group_documents import KnownGroups

# Levels have these targets by their office; one of them is also the usual name of the hidden group.
OFFICES = frozenset({people.TSM, people.GENERAL_MANAGER, people.CUSTOMER_SERVICE_MANAGER})


class Concerned:
	"""The groups of conflicts, for all groups known at one moment."""

	def __init__(self, known: KnownGroups) -> None:
		self.known = known
		self.scopes = {scope.policy: scope for scope in known.scopes}

	def by(self, conflict: Conflict) -> tuple[str, ...]:
		"""The groups whose conflict it is, the first named first; none for what never happens."""
		if conflict.kind is ConflictKind.POLICIES and not conflict.group:
			return tuple(self._under_both(conflict))
		if conflict.kind is ConflictKind.CIRCLE and self._is_at_rest(conflict):
			return ()
		return tuple(name for name in (conflict.group, conflict.other) if name in self.known.groups)

	def _under_both(self, conflict: Conflict) -> Iterator[str]:
		pair = [self.scopes[str(conflict.facts[name])] for name in ("policy", "other_policy")]
		for name, group in self.known.groups.items():
			if not group.hidden and all(may_govern(scope, group) for scope in pair):
				yield name

	def _is_at_rest(self, conflict: Conflict) -> bool:
		"""A circle of hidden groups alone: no ticket escalates out of them."""
		found = [self.known.groups.get(name) for name in (conflict.group, *self._path(conflict))]
		return all(group and group.hidden for group in found)

	def named_in(self, conflict: Conflict) -> set[str]:
		"""The groups whose names stand in the conflict's wording."""
		path = {name for name in self._path(conflict) if name not in OFFICES}
		return {conflict.group, conflict.other, *path} - {""}

	def _path(self, conflict: Conflict) -> tuple[str, ...]:
		path = conflict.facts.get("path", ())
		return path if isinstance(path, tuple) else ()
