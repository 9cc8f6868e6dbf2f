"""Conflicts of random groups: against a comparison of every pair, and one group's against those of all."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from core_helpdesk.domain.errors import ScopesOverlap
from core_helpdesk.domain.escalation import Scope, ScopeTable, Subject, choose, overlaps
from core_helpdesk.domain.groups import (
	Conflict,
	ConflictKind,
	EscalationTime,
	GroupFacts,
	Hours,
	Route,
	conflicts,
	conflicts_of,
	may_govern,
)
from core_helpdesk.domain.meeting import circle_through, circles
from core_helpdesk.domain.policy import Kind
from tests.domain.test_groups import HOUR, WEEK, timer

NOW = 15
some = st.sampled_from(("", "A", "B"))
several = st.frozensets(st.sampled_from(("A", "B", "C")), max_size=2)
some_scopes = st.lists(
	st.builds(
		Scope,
		policy=st.sampled_from(("P1", "P2", "P3")),
		group=some,
		group_category=some,
		ticket_category=some,
		country=some,
		from_epoch=st.sampled_from((0, 10, 20)),
		until_epoch=st.sampled_from((0, 10, 20, 30)),
	)
	| st.builds(Scope, policy=st.sampled_from(("P1", "P2")), default=st.just(True)),
	max_size=8,
)
some_routes = st.lists(
	st.builds(
		Route,
		st.sampled_from("12345"),
		st.sampled_from(("A", "B")),
		several,
		several,
		st.sampled_from((0, 0, 1)),
		several,
	),
	max_size=7,
)


@st.composite
def some_groups(draw: st.DrawFn) -> list[GroupFacts]:
	names = ("A", "B", "C", "D", "E", "F", "G")[: draw(st.integers(0, 7))]
	targets = st.lists(st.sampled_from((*names, "TSM")), max_size=2).map(tuple)
	return [
		GroupFacts(
			name,
			department="Operations",
			country=draw(some),
			category=draw(st.sampled_from("AB")),
			ticket_categories=draw(several),
			head=draw(some),
			members=draw(st.integers(0, 1)),
			policy=draw(some),
			time=draw(
				st.none() | st.builds(EscalationTime, st.sampled_from((HOUR, WEEK)), st.sampled_from(Kind))
			),
			targets=draw(targets),
			calendar=draw(st.sampled_from(("", "Riyadh", "Closed"))),
			hidden=draw(st.booleans()),
		)
		for name in names
	]


def meet(one: frozenset[str], other: frozenset[str]) -> bool:
	return not one or not other or bool(one & other)


def collide(one: Scope, other: Scope) -> bool:
	"""Two scopes by the words of the rule: equally specific, no contradiction, a moment in common."""
	names = ("group", "group_category", "ticket_category", "country")
	if one.policy == other.policy or one.rank != other.rank:
		return False
	if any(not scope.default and not any(getattr(scope, name) for name in names) for scope in (one, other)):
		return False
	if any("" != getattr(one, name) != getattr(other, name) != "" for name in names):
		return False
	moments = range(0, 40)
	return any(one.is_in_force(at) and other.is_in_force(at) for at in moments)


@given(some_scopes)
def test_overlaps_are_those_that_a_comparison_of_every_pair_finds(scopes: list[Scope]) -> None:
	assert overlaps(scopes) == [pair for pair in combinations(scopes, 2) if collide(*pair)]


@given(some_scopes, st.builds(Subject, some, some, some, some), st.sampled_from((0, 10, 15, 25)))
def test_the_table_of_scopes_chooses_as_a_look_at_each_of_them(
	scopes: list[Scope], subject: Subject, at: int
) -> None:
	def outcome(choice: object) -> object:
		try:
			return choice()
		except ScopesOverlap as conflict:
			return conflict.first, conflict.second

	table = ScopeTable(scopes, at)
	assert outcome(lambda: table.choose(subject)) == outcome(lambda: choose(scopes, subject, at))


@given(some_groups(), some_routes)
def test_conflicts_between_two_are_those_that_a_comparison_of_every_pair_finds(
	groups: list[GroupFacts], routes: list[Route]
) -> None:
	places = [
		(one.name, other.name)
		for one, other in combinations(groups, 2)
		if one.country and (one.country, one.category) == (other.country, other.category)
		if meet(one.ticket_categories, other.ticket_categories) and not one.hidden and not other.hidden
	]
	overlapping = [
		(one.rule, other.rule)
		for one, other in combinations(routes, 2)
		if one.group != other.group and one.priority == other.priority
		if meet(one.ticket_categories, other.ticket_categories) and meet(one.countries, other.countries)
		if meet(one.from_groups, other.from_groups)
	]
	found = conflicts(groups, [], routes, Hours(timer, NOW))
	assert [(each.group, each.other) for each in found if each.kind is ConflictKind.SAME_PLACE] == places
	rules = [
		(each.facts["rule"], each.facts["other_rule"]) for each in found if each.kind is ConflictKind.ROUTES
	]
	assert rules == overlapping


@given(some_groups(), some_scopes, some_routes)
def test_what_concerns_one_group_is_its_part_of_all_conflicts(
	groups: list[GroupFacts], scopes: list[Scope], routes: list[Route]
) -> None:
	def told(conflict: Conflict) -> tuple:
		facts = dict(conflict.facts)
		rules = sorted((facts.pop("rule", ""), facts.pop("other_rule", "")))
		return conflict.kind, sorted((conflict.group, conflict.other)), rules, repr(facts)

	hours = Hours(timer, NOW)
	everything = conflicts(groups, scopes, routes, hours)
	plain = [each for each in everything if each.kind not in (ConflictKind.CIRCLE, ConflictKind.POLICIES)]
	for group in groups:
		own = conflicts_of(group, groups, scopes, routes, hours)
		expected = sorted(told(each) for each in plain if group.name in (each.group, each.other))
		mine = [each for each in own if each.kind not in (ConflictKind.CIRCLE, ConflictKind.POLICIES)]
		assert sorted(map(told, mine)) == expected
		assert {each.group for each in mine} <= {group.name}
		lasting = [scope for scope in scopes if (scope.until_epoch or NOW + 1) > NOW]
		policies = overlaps(scope for scope in lasting if may_govern(scope, group))
		named = [each.facts for each in own if each.kind is ConflictKind.POLICIES]
		pairs = [(one.policy, other.policy) for one, other in policies]
		assert [(facts["policy"], facts["other_policy"]) for facts in named] == pairs


@given(st.builds(Subject, some, some, some, some), some_scopes, several)
def test_a_policy_may_govern_a_group_if_it_is_for_one_of_the_tickets_that_the_group_takes(
	subject: Subject, scopes: list[Scope], takes: frozenset[str]
) -> None:
	group = GroupFacts(
		subject.group, category=subject.group_category, country=subject.country, ticket_categories=takes
	)
	tickets = [replace(subject, ticket_category=category) for category in takes or ("A", "B", "C")]
	for scope in scopes:
		if scope != Scope(scope.policy, from_epoch=scope.from_epoch, until_epoch=scope.until_epoch):
			assert may_govern(scope, group) == any(map(scope.matches, tickets))


names = st.sampled_from("ABCDEF")


@given(st.dictionaries(names, st.lists(names, max_size=3)))
def test_circles_pass_through_every_name_from_which_a_way_leads_back_to_it(chains: dict) -> None:
	def reached(start: str) -> set[str]:
		seen: set[str] = set()
		waiting = list(chains.get(start, ()))
		while waiting:
			name = waiting.pop()
			if name not in seen:
				seen.add(name)
				waiting += chains.get(name, ())
		return seen

	on_a_circle = {name for name in chains if name in reached(name)}
	paths = list(circles(chains))
	assert {name for path in paths for name in path} == on_a_circle
	for path in [*paths, *(circle_through(name, chains) for name in on_a_circle)]:
		assert path[0] == path[-1]
		assert all(after in chains[before] for before, after in pairwise(path))
	assert not any(circle_through(name, chains) for name in chains if name not in on_a_circle)
