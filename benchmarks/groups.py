"""Checks of 2,000 groups, and the impact study of past tickets: `python -m benchmarks.groups`.

Prints times and ratios of one run; quote the ratios, the times are this machine's.
"""

from __future__ import annotations

import random
import sys
import time
import tracemalloc
from datetime import date
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from benchmarks.timing import rounds_in_turn, shown
from benchmarks.working_time import Goal
from core_helpdesk.calendars import country_rules
from core_helpdesk.domain.clock import Clock, Kind, Level, Policy, Terms, TicketState, changed
from core_helpdesk.domain.escalation import Scope, ScopeTable, Subject, choose, settled
from core_helpdesk.domain.groups import (
	ConflictKind,
	EscalationTime,
	GroupFacts,
	Hours,
	Route,
	conflicts,
	conflicts_of,
)
from core_helpdesk.domain.impact import Impact, impact
from core_helpdesk.domain.parity import Deviation, parity, standards
from core_helpdesk.domain.proposal import NewTerms, PastChange, PastTicket, Proposal, Taking
from core_helpdesk.domain.working_time import WorkCalendar, parse_hours

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

GROUPS, POLICIES, DEVIATIONS = 2_000, 600, 100
TICKETS, MEMORY_SIZES, MILLION = 50_000, (20_000, 80_000), 1_000_000
HOUR, DAY = 3600, 86_400
COUNTRIES = ["Saudi Arabia", *(f"Country {number}" for number in range(19))]
DEPARTMENTS = [f"Department {number}" for number in range(10)]
CATEGORIES = [f"Category {number}" for number in range(8)]
TICKET_CATEGORIES = [f"Ticket Category {number}" for number in range(12)]
NOW = 1_767_484_800  # 2026-01-04 00:00 UTC
STANDARD = Policy(
	"Standard", (Level(8 * HOUR, "TSM", Kind.WORKING, pauses=True), Level(DAY, "General Manager"))
)
QUICK = Policy("Quick", (Level(4 * HOUR, "TSM", Kind.WORKING, pauses=True), Level(DAY, "General Manager")))
BUSY_GROUPS = [f"Group {number}" for number in range(40)]


class OneStandard:
	"""A working standard for every group, by the calendar of Saudi Arabia."""

	def __init__(self) -> None:
		rules = country_rules("SA", range(2025, 2028), hours=parse_hours("08:00-17:00"), plain=True)
		self.calendar = WorkCalendar.compile(rules, date(2025, 1, 1), date(2027, 12, 31))

	def terms(self, group: str, category: str, at: int) -> Terms:
		return Terms(STANDARD, "SA")

	def policy(self, name: str) -> Policy:
		return STANDARD

	def calendar_of(self, group: str) -> str:
		return "SA"

	def timer(self, calendar: str) -> WorkCalendar:
		return self.calendar


def main() -> int:
	rules = OneStandard()
	print(f"{GROUPS:,} groups, {POLICIES} policies, {GROUPS:,} routes; {TICKETS:,} past tickets\n")
	for goal in [*checks(rules), *studies(rules)]:
		print(
			f"{'reached' if goal.reached else 'MISSED':8} {goal.what:62} {goal.figure:>12}  goal {goal.goal}"
		)
	return 0


def group_facts(dice: random.Random, number: int) -> GroupFacts:
	return GroupFacts(
		f"Group {number}",
		department=dice.choice(DEPARTMENTS),
		country=dice.choice(COUNTRIES),
		category=dice.choice(CATEGORIES),
		ticket_categories=frozenset(dice.sample(TICKET_CATEGORIES, dice.choice((0, 1, 1, 2, 3)))),
		head="Head" if dice.random() < 0.95 else "",
		members=dice.choice((0, 3, 5, 8, 9)),
		policy="Standard",
		time=EscalationTime(dice.choice((4, 8, 8, 8)) * HOUR, Kind.WORKING),
		targets=("TSM", f"Group {dice.randrange(GROUPS)}") if dice.random() < 0.3 else ("TSM",),
		calendar="SA",
	)


def scope(dice: random.Random, number: int) -> Scope:
	of_a_group = dice.random() < 0.4
	return Scope(
		f"Policy {number}",
		group=f"Group {dice.randrange(GROUPS)}" if of_a_group else "",
		group_category="" if of_a_group else dice.choice(CATEGORIES),
		ticket_category="" if of_a_group else dice.choice(TICKET_CATEGORIES),
		country=dice.choice(("", "", *COUNTRIES)),
	)


def route(dice: random.Random, number: int) -> Route:
	return Route(
		f"Rule {number}",
		f"Group {number}",
		frozenset(dice.sample(TICKET_CATEGORIES, 1)),
		frozenset(dice.sample(COUNTRIES, dice.choice((1, 1, 1, 2)))),
		priority=number % 20,
	)


def checks(rules: OneStandard) -> Iterator[Goal]:
	dice = random.Random(1)
	groups = [group_facts(dice, number) for number in range(GROUPS)]
	scopes = [scope(dice, number) for number in range(POLICIES)]
	routes = [route(dice, number) for number in range(GROUPS)]
	deviations = [
		Deviation(f"{number}", f"Group {number}", EscalationTime(4 * HOUR, Kind.WORKING), 0, NOW + DAY)
		for number in range(DEVIATIONS)
	]

	def everything() -> list:
		return conflicts(groups, scopes, routes, Hours(rules.timer, NOW))

	times = rounds_in_turn(
		{
			"conflicts": everything,
			"parity": lambda: parity(groups, standards(groups), deviations, NOW),
			"one group": lambda: conflicts_of(groups[0], groups, scopes, routes, Hours(rules.timer, NOW)),
		},
		rounds=5,
	)
	both = times["conflicts"] + times["parity"]
	yield Goal(f"conflicts ({len(everything()):,} found) and parity of all", shown(both), "≤ 1 s", both <= 1)
	live = times["one group"]
	yield Goal("conflicts of one group while it is filled in", shown(live), "≤ 100 ms", live <= 0.1)
	began = time.process_time()
	found = all_pairs(groups, scopes, routes)
	ratio = (time.process_time() - began) / times["conflicts"]
	pairs = (ConflictKind.SAME_PLACE, ConflictKind.POLICIES, ConflictKind.ROUTES)
	assert found == sum(each.kind in pairs for each in everything()), "all pairs find others"
	yield Goal("conflicts against a comparison of all pairs", f"{ratio:.0f}×", "≥ 10×", ratio >= 10)
	yield choosing(groups, scopes)


def all_pairs(groups: list[GroupFacts], scopes: list[Scope], routes: list[Route]) -> int:
	"""How many pairs conflict, by looking at each of them."""
	found = sum(
		one.country == other.country
		and one.department == other.department
		and one.category == other.category
		and meet(one.ticket_categories, other.ticket_categories)
		for one, other in combinations(groups, 2)
	)
	names = ("group", "group_category", "ticket_category", "country")
	found += sum(
		one.rank == other.rank
		and all(
			"" in (values := (getattr(one, name), getattr(other, name))) or values[0] == values[1]
			for name in names
		)
		for one, other in combinations(scopes, 2)
	)
	return found + sum(
		one.priority == other.priority
		and meet(one.ticket_categories, other.ticket_categories)
		and meet(one.countries, other.countries)
		for one, other in combinations(routes, 2)
	)


def meet(one: frozenset[str], other: frozenset[str]) -> bool:
	return not one or not other or not one.isdisjoint(other)


def choosing(groups: list[GroupFacts], scopes: list[Scope]) -> Goal:
	lasting = [*{(*each.rank, each.group, each.group_category): each for each in scopes}.values()]
	subjects = [Subject(each.name, each.category, "", each.country) for each in groups]

	def each_scope() -> list[Scope | None]:
		return [choose(lasting, subject, NOW) for subject in subjects]

	def by_table() -> list[Scope | None]:
		table = ScopeTable(lasting, NOW)
		return [table.choose(subject) for subject in subjects]

	assert each_scope() == by_table()
	times = rounds_in_turn({"each": each_scope, "table": by_table}, rounds=1)
	ratio = times["each"] / times["table"]
	what = f"policy of every group ({shown(times['table'])}) against a look at each"
	return Goal(what, f"{ratio:.0f}×", "≥ 10×", ratio >= 10)


def past_tickets(count: int) -> Iterator[PastTicket]:
	"""Tickets of ninety days with three changes each: a question to the customer, a move, a solution."""
	dice = random.Random(2)
	for number in range(count):
		opened = NOW - 90 * DAY + number * 90 * DAY // count
		asked = opened + dice.randrange(60, 2 * HOUR)
		moved = asked + dice.randrange(60, 6 * HOUR)
		solved = moved + round(dice.lognormvariate(10, 1.3))
		changes = (
			PastChange(asked, None, TicketState.PAUSED),
			PastChange(moved, dice.choice(BUSY_GROUPS), TicketState.OPEN),
			PastChange(solved, None, TicketState.RESOLVED),
		)
		yield PastTicket(opened, dice.choice(BUSY_GROUPS), dice.choice(TICKET_CATEGORIES), changes)


def proposal(takes_from: Iterable[str]) -> Proposal:
	taking = Taking("New Group", frozenset(takes_from), frozenset(TICKET_CATEGORIES[:4]))
	return Proposal(taking, (NewTerms(QUICK, frozenset({"New Group"})),), {"New Group": "SA"})


def studies(rules: OneStandard) -> Iterator[Goal]:
	tickets = list(past_tickets(TICKETS))
	proposals = {"a new group": proposal(BUSY_GROUPS[:8]), "all groups give": proposal(BUSY_GROUPS)}
	times = rounds_in_turn(
		{name: partial(study, tickets, rules, each) for name, each in proposals.items()}, rounds=1
	)
	for name, taken in times.items():
		found = study(tickets, rules, proposals[name])
		escalated = sum(found.today.escalated.values()) / TICKETS
		each = taken / TICKETS
		what = f"{name}: {found.concerned / TICKETS:.0%} concerned, {escalated:.0%} escalate"
		yield Goal(f"impact of {what}", f"{shown(each)} each", "≤ 60 µs", each <= 60e-6)
		million = each * MILLION
		yield Goal("the same for 1,000,000 tickets", shown(million), "≤ 60 s", million <= 60)
	plain = rounds_in_turn({"plain": partial(plain_replay, tickets, rules)}, rounds=1)["plain"]
	ratio = plain / times["a new group"]
	yield Goal("impact against a clock for each ticket, run twice", f"{ratio:.1f}×", "≥ 3×", ratio >= 3)
	small, large = (peak(rules, count) for count in MEMORY_SIZES)
	what = (
		f"memory of a study, {MEMORY_SIZES[1]:,} tickets against {MEMORY_SIZES[0]:,} ({small / 1024:.0f} kB)"
	)
	yield Goal(what, f"{large / small:.2f}×", "≤ 1.1×", large <= 1.1 * small)


def study(tickets: Iterable[PastTicket], rules: OneStandard, proposed: Proposal) -> Impact:
	return impact(tickets, rules, proposed, NOW, offset=lambda at: 3 * HOUR)


def plain_replay(tickets: Iterable[PastTicket], rules: OneStandard) -> None:
	"""Every ticket through the clock, once for each set of rules."""
	for ticket in tickets:
		for _ in range(2):
			clock = changed(Clock(), ticket.opened, rules, group=ticket.group, category=ticket.category)
			for at, group, state in ticket.changes:
				for after, _fired in settled(clock, at, rules):
					clock = after
				clock = changed(clock, at, rules, group=group, state=state)


def peak(rules: OneStandard, count: int) -> int:
	"""The most memory in use during a study of tickets that come one by one."""
	tracemalloc.start()
	study(past_tickets(count), rules, proposal(BUSY_GROUPS[:8]))
	_, most = tracemalloc.get_traced_memory()
	tracemalloc.stop()
	return most


if __name__ == "__main__":
	sys.exit(main())
