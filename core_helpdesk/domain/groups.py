"""Groups against each other: what of a group conflicts with another, or keeps it from working at all.

Values in, values out: no frappe, no reading of the time of day. Whoever shows a conflict words it.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from core_helpdesk.domain.escalation import overlaps
from core_helpdesk.domain.group_facts import (
	Conflict,
	ConflictKind,
	EscalationTime,
	GroupFacts,
	Hours,
	Remedy,
	Route,
)
from core_helpdesk.domain.meeting import circle_through, circles, meetings
from core_helpdesk.domain.policy import Kind

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.domain.escalation import Scope

__all__ = [
	"Conflict",
	"ConflictKind",
	"EscalationTime",
	"GroupFacts",
	"Hours",
	"Remedy",
	"Route",
	"alone",
	"conflicts",
	"conflicts_of",
	"may_govern",
	"overlapping_routes",
	"same_places",
	"two_policies",
]


def conflicts(
	groups: Iterable[GroupFacts], scopes: Iterable[Scope], routes: Iterable[Route], hours: Hours
) -> list[Conflict]:
	"""Everything that is wrong between groups, policies and routes, and with each group alone, at `hours.at` or later.

	Policy: QA-02
	"""
	listed = list(groups)
	found = [*same_places(listed), *two_policies(scopes, hours.at), *overlapping_routes(routes)]
	found += map(_circle, circles(_chains(listed)))
	for group in listed:
		found += alone(group, hours)
	return found


def conflicts_of(
	group: GroupFacts,
	groups: Iterable[GroupFacts],
	scopes: Iterable[Scope],
	routes: Iterable[Route],
	hours: Hours,
) -> list[Conflict]:
	"""What concerns one group, present or proposed, which stands for the one of its name; it is named first.

	Policy: QA-02
	"""
	others = [other for other in groups if other.name != group.name]
	near = (other for other in others if _place(other) == _place(group))
	between = [*same_places([group, *near]), *overlapping_routes(_beside(group.name, routes))]
	found = [conflict for conflict in between if conflict.group == group.name]
	found += two_policies((scope for scope in scopes if may_govern(scope, group)), hours.at)
	path = circle_through(group.name, _chains([group, *others]))
	return [*found, *([_circle(path)] if path else []), *alone(group, hours)]


def same_places(groups: Iterable[GroupFacts]) -> Iterator[Conflict]:
	"""Groups of one country, department and category that take tickets of one category.

	A group of which one of the three is not known, or a hidden one, stands nowhere.
	Policy: QA-02
	"""
	placed = [group for group in groups if not group.hidden and all(_place(group))]
	cells = (
		(number, (*_place(group), category))
		for number, group in enumerate(placed)
		for category in group.ticket_categories or ("",)
	)
	for first, second in meetings(cells):
		one, other = placed[first], placed[second]
		facts = dict(zip(("country", "department", "category"), _place(one), strict=True))
		both = _both(one.ticket_categories, other.ticket_categories)
		yield Conflict(ConflictKind.SAME_PLACE, one.name, other.name, {**facts, "ticket_categories": both})


def two_policies(scopes: Iterable[Scope], at: int) -> Iterator[Conflict]:
	"""Different policies, equally specific, that can be for one ticket at `at` or later.

	Units: `at` is seconds since the epoch.
	Policy: QA-02
	"""
	for one, other in overlaps(scope for scope in scopes if not 0 < scope.until_epoch <= at):
		facts = {
			"policy": one.policy,
			"other_policy": other.policy,
			"group_category": one.group_category or other.group_category,
			"ticket_category": one.ticket_category or other.ticket_category,
			"country": one.country or other.country,
			"since": max(one.from_epoch, other.from_epoch),
		}
		yield Conflict(ConflictKind.POLICIES, one.group, "", facts)


def may_govern(scope: Scope, group: GroupFacts) -> bool:
	"""True if a policy of this scope could be for a ticket of the group."""
	agrees = all(
		not wanted or wanted == fact
		for wanted, fact in (
			(scope.group, group.name),
			(scope.group_category, group.category),
			(scope.country, group.country),
		)
	)
	takes = not scope.ticket_category or not group.ticket_categories
	return agrees and (takes or scope.ticket_category in group.ticket_categories)


def overlapping_routes(routes: Iterable[Route]) -> Iterator[Conflict]:
	"""Routes of one priority that send the same ticket to different groups.

	Policy: QA-02
	"""
	listed = list(routes)
	cells = (
		(number, (str(route.priority), *facts))
		for number, route in enumerate(listed)
		for facts in product(
			route.ticket_categories or ("",), route.countries or ("",), route.from_groups or ("",)
		)
	)
	for first, second in meetings(cells):
		one, other = listed[first], listed[second]
		if one.group == other.group:
			continue
		facts = {
			"rule": one.rule,
			"other_rule": other.rule,
			"ticket_categories": _both(one.ticket_categories, other.ticket_categories),
			"countries": _both(one.countries, other.countries),
		}
		yield Conflict(ConflictKind.ROUTES, one.group, other.group, facts)


def _beside(group: str, routes: Iterable[Route]) -> list[Route]:
	"""The routes to a group, and after them those of the others that could be in their way."""
	listed = list(routes)
	own = [route for route in listed if route.group == group]
	priorities = {route.priority for route in own}
	return own + [route for route in listed if route.group != group and route.priority in priorities]


def alone(group: GroupFacts, hours: Hours) -> Iterator[Conflict]:
	"""What a group lacks or has wrong by itself; a hidden one is given no tickets and needs its members only.

	Policy: QA-02
	"""
	if not group.members:
		yield Conflict(ConflictKind.NO_MEMBERS, group.name, "", {})
	if group.hidden:
		return
	if not group.head:
		facts = {"country": group.country, "department": group.department}
		yield Conflict(ConflictKind.NO_HEAD, group.name, "", facts)
	if not group.policy:
		yield Conflict(ConflictKind.NO_POLICY, group.name, "", {})
	yield from _repeated_target(group)
	yield from _out_of_hours(group, hours)


def _repeated_target(group: GroupFacts) -> Iterator[Conflict]:
	targets = group.targets
	for last, target in enumerate(targets):
		if target in targets[:last]:
			path = targets[targets.index(target) : last + 1]
			yield Conflict(ConflictKind.CIRCLE, group.name, "", {"path": path})
			return


def _out_of_hours(group: GroupFacts, hours: Hours) -> Iterator[Conflict]:
	if group.time is None:
		return
	seconds, kind = group.time
	counted = hours.counted(group.calendar)
	if counted and (kind is Kind.ELAPSED or seconds <= counted):
		return
	facts = {
		"calendar": group.calendar,
		"seconds": seconds,
		"kind": kind.value,
		"counted": counted,
		"weeks": hours.weeks,
	}
	yield Conflict(ConflictKind.NOT_REACHED if counted else ConflictKind.NO_HOURS, group.name, "", facts)


def _place(group: GroupFacts) -> tuple[str, str, str]:
	return group.country, group.department, group.category


def _both(one: frozenset[str], other: frozenset[str]) -> tuple[str, ...]:
	"""What two sets have in common, each of which holds everything when it is empty."""
	return tuple(sorted(one & other if one and other else one or other))


def _chains(groups: Iterable[GroupFacts]) -> dict[str, tuple[str, ...]]:
	"""From each group to the groups among its targets."""
	listed = {group.name: group.targets for group in groups}
	return {name: tuple(target for target in targets if target in listed) for name, targets in listed.items()}


def _circle(path: tuple[str, ...]) -> Conflict:
	other = path[1] if path[1] != path[0] else ""
	return Conflict(ConflictKind.CIRCLE, path[0], other, {"path": path})
