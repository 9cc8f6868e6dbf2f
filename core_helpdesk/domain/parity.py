"""The Standard: whether each country's groups escalate in the same time as the groups at headquarters.

Values in, values out: no frappe, no reading of the time of day. Seconds are since the epoch (UTC).
"""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
	from collections.abc import Iterable, Mapping

	from core_helpdesk.domain.group_facts import EscalationTime, GroupFacts

HOME = "Saudi Arabia"
"""The country whose values all others follow.

Policy: CORE-09, QA-05
"""

WARN_DAYS = 30
DAY = 86_400

Department = tuple[str, str]
"""A department and a group category: what has one Standard."""


class Deviation(NamedTuple):
	"""An approved exception: the Escalation Time that one group may have instead of the Standard.

	Units: seconds since the epoch, half-open.
	Policy: CORE-09
	"""

	name: str
	group: str
	time: EscalationTime
	from_epoch: int
	until_epoch: int

	def is_in_force(self, at: int) -> bool:
		return self.from_epoch <= at < self.until_epoch


class Standard(NamedTuple):
	"""The groups at headquarters that set the time of their department and category.

	Policy: CORE-09, QA-05
	"""

	groups: tuple[GroupFacts, ...]

	def times(self, group: GroupFacts) -> tuple[EscalationTime, ...]:
		"""The different times of the groups that take the same ticket categories, or of all if none does."""
		alike = [own for own in self.groups if _share_categories(own, group)]
		return tuple(sorted({own.time for own in alike or self.groups if own.time}))


class GapKind(str, Enum):
	"""How a group stands to the Standard.

	DIFFERS: another time, not approved. ENDED: the same, but it was approved until a day that has passed.
	ENDS: approved, but soon no longer. NO_STANDARD: headquarters has no time for its department and category.
	HOME_DIFFERS: headquarters has several, so that no time of this group can be the Standard.
	"""

	DIFFERS = "Differs"
	ENDED = "Deviation Ended"
	ENDS = "Deviation Ends"
	NO_STANDARD = "No Standard"
	HOME_DIFFERS = "Headquarters Differ"


class ParityGap(NamedTuple):
	"""A group whose Escalation Time is not the Standard; `standard` has several times where headquarters differ.

	Units: `deviation_ends` is seconds since the epoch, 0 without a deviation.
	Policy: CORE-09, QA-05
	"""

	kind: GapKind
	group: str
	country: str
	department: str
	category: str
	time: EscalationTime | None
	standard: tuple[EscalationTime, ...]
	deviation: str = ""
	deviation_ends: int = 0


def standards(groups: Iterable[GroupFacts], home: str = HOME) -> dict[Department, Standard]:
	"""The Standard of each department and group category, as the groups at headquarters have it.

	Policy: CORE-09, QA-05
	"""
	found: dict[Department, list[GroupFacts]] = defaultdict(list)
	for group in groups:
		is_known = group.time and group.department and group.category
		if group.country == home and is_known and not group.hidden:
			found[group.department, group.category].append(group)
	return {place: Standard(tuple(own)) for place, own in found.items()}


def parity(
	groups: Iterable[GroupFacts],
	standards: Mapping[Department, Standard],
	deviations: Iterable[Deviation],
	at: int,
	*,
	home: str = HOME,
	warn_days: int = WARN_DAYS,
) -> list[ParityGap]:
	"""The gaps of all groups in other countries that no deviation in force at `at` covers, or not for long.

	Hidden groups and those without a country are left out: nothing is assigned to the first, and what the
	others lack is a gap of their data.

	Units: `at` is seconds since the epoch, `warn_days` are days by the clock.
	Policy: CORE-09, QA-05
	"""
	approved: dict[str, list[Deviation]] = defaultdict(list)
	for deviation in deviations:
		approved[deviation.group].append(deviation)
	abroad = (group for group in groups if group.country not in ("", home) and not group.hidden)
	found = []
	for group in abroad:
		gap = _gap(group, standards.get((group.department, group.category)))
		seen = _covered(gap, approved[group.name], at, warn_days * DAY) if gap else None
		found += [seen] if seen else []
	return found


def _gap(group: GroupFacts, standard: Standard | None) -> ParityGap | None:
	"""How the group differs, whether that is approved or not."""
	times = standard.times(group) if standard else ()
	if times == (group.time,):
		return None
	kind = (GapKind.NO_STANDARD, GapKind.DIFFERS, GapKind.HOME_DIFFERS)[min(len(times), 2)]
	return ParityGap(kind, group.name, group.country, group.department, group.category, group.time, times)


def _covered(gap: ParityGap, approved: Iterable[Deviation], at: int, warn: int) -> ParityGap | None:
	"""The gap as its deviations leave it: none while one is in force for this very time, and for a while yet.

	A deviation that follows another without a day between them makes its end no end.
	"""
	last: Deviation | None = None
	for own in sorted(approved, key=lambda own: own.from_epoch):
		follows = own.from_epoch <= max(at, last.until_epoch if last else at)
		if own.time == gap.time and follows and (last is None or own.until_epoch > last.until_epoch):
			last = own
	if last is None:
		return gap
	ends = last.until_epoch
	if ends > at + warn:
		return None
	kind = GapKind.ENDS if ends > at else GapKind.ENDED
	return gap._replace(kind=kind, deviation=last.name, deviation_ends=ends)


def _share_categories(one: GroupFacts, other: GroupFacts) -> bool:
	return (
		not one.ticket_categories
		or not other.ticket_categories
		or not one.ticket_categories.isdisjoint(other.ticket_categories)
	)
