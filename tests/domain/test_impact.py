"""What a proposal would have done to past tickets: by cases, and random lives against the tick-by-tick oracle."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core_helpdesk.domain.clock import Level, Policy, Terms, TicketState
from core_helpdesk.domain.impact import Figures, change, impact
from core_helpdesk.domain.proposal import NewTerms, PastChange, PastTicket, Proposal, Taking
from core_helpdesk.domain.working_time import ELAPSED, Timer
from tests.domain.clock_oracle import (
	CATEGORIES,
	GROUPS,
	START,
	TICKS,
	Oracle,
	Step,
	World,
	random_steps,
	random_world,
)

HOUR, DAY = 3_600, 86_400
SUNDAY = 1_767_484_800  # 2026-01-04 00:00 UTC
WEEK_LATER = SUNDAY + 7 * DAY
STANDARD = Policy("Standard", (Level(8 * HOUR, "TSM"), Level(24 * HOUR, "General Manager")), warn_share=0.8)
QUICK = Policy("Standard", (Level(2 * HOUR, "TSM"),))
NEW = "Riyadh Returns"
RETURNS = Proposal(
	Taking(NEW, frozenset({"Riyadh"}), frozenset({"Return"})), (NewTerms(QUICK, frozenset({NEW})),)
)
RESOLVED = TicketState.RESOLVED


class OneStandard:
	"""Rules with the standard for every group, by absolute time; remembers when it was asked for."""

	def __init__(self) -> None:
		self.asked: list[int] = []

	def terms(self, group: str, category: str, at: int) -> Terms:
		self.asked.append(at)
		return Terms(STANDARD, "")

	def policy(self, name: str) -> Policy:
		raise AssertionError("a policy is known from its terms")

	def calendar_of(self, group: str) -> str:
		return ""

	def timer(self, calendar: str) -> Timer:
		return ELAPSED


def utc(at: int) -> int:
	return 0


def ticket(hours: float, *changes: tuple, category: str = "Return", group: str = "Riyadh") -> PastTicket:
	"""A ticket opened some hours after the start, with changes after further hours."""
	opened = SUNDAY + round(hours * HOUR)
	made = tuple(PastChange(opened + round(later * HOUR), *what) for later, *what in changes)
	return PastTicket(opened, group, category, made)


def study(*tickets: PastTicket, proposal: Proposal = RETURNS, until: int = WEEK_LATER):
	return impact(tickets, OneStandard(), proposal, until, offset=utc)


def test_a_ticket_of_the_category_would_have_gone_to_the_new_group() -> None:
	found = study(ticket(0, (3, None, RESOLVED)), ticket(1, (1, None, RESOLVED), category="Claim"))
	assert (found.tickets, found.concerned) == (2, 1)
	assert found.today.received == {"Riyadh": 2}
	assert found.proposed.received == {"Riyadh": 1, NEW: 1}
	assert found.today.load == {"Riyadh": 4 * HOUR}
	assert found.proposed.load == {"Riyadh": 1 * HOUR, NEW: 3 * HOUR}
	assert change(found.today.load, found.proposed.load) == {"Riyadh": -3 * HOUR, NEW: 3 * HOUR}
	assert (found.before.received, found.after.received) == ({"Riyadh": 1}, {NEW: 1})


def test_it_would_have_escalated_under_the_new_groups_policy_to_its_targets() -> None:
	found = study(ticket(0, (3, None, RESOLVED)), ticket(0, (40, None, RESOLVED)))
	assert found.today.escalated == {("Riyadh", 1, "TSM"): 1, ("Riyadh", 2, "General Manager"): 1}
	assert found.proposed.escalated == {(NEW, 1, "TSM"): 2}
	assert found.today.by_level == {(1, "TSM"): 1, (2, "General Manager"): 1}


def test_escalations_are_counted_by_local_hour_and_weekday() -> None:
	tickets = [ticket(13.5, (40, None, RESOLVED))]  # due on Sunday at 21:30 UTC, and a day later
	three_hours_east = impact(tickets, OneStandard(), Proposal(), WEEK_LATER, offset=lambda at: 3 * HOUR)
	assert three_hours_east.today.by_hour == [2, *[0] * 23]
	assert three_hours_east.today.by_weekday == [1, 1, 0, 0, 0, 0, 0]
	assert study(*tickets).today.by_weekday == [1, 0, 0, 0, 0, 0, 1]
	assert study(*tickets).today.by_hour[21] == 2


def test_a_ticket_that_comes_by_two_groups_from_which_the_new_one_takes_stays_in_it_all_the_time() -> None:
	taking = Taking(NEW, frozenset({"Riyadh", "Jeddah"}))
	moved = ticket(0, (1.5, "Jeddah"), (3, "Dammam"), (5, None, RESOLVED))
	found = study(moved, proposal=replace(RETURNS, taking=taking))
	assert found.proposed.received == {NEW: 1, "Dammam": 1}
	assert found.proposed.load == {NEW: 3 * HOUR, "Dammam": 2 * HOUR}
	assert found.proposed.escalated == {(NEW, 1, "TSM"): 1}
	assert found.today.escalated == {}


def test_a_ticket_that_comes_back_to_a_group_is_received_once_but_loads_it_twice() -> None:
	back = ticket(0, (1, "Jeddah"), (2, "Riyadh"), (3, None, RESOLVED), (10, None, TicketState.OPEN))
	found = study(back, ticket(200), until=SUNDAY + 12 * HOUR, proposal=Proposal())
	assert (found.tickets, found.concerned) == (1, 0)
	assert found.today.received == {"Riyadh": 1, "Jeddah": 1}
	assert found.today.load == {"Riyadh": 4 * HOUR, "Jeddah": 1 * HOUR}


def test_what_is_due_at_the_end_still_escalates_and_what_changes_later_does_not_count() -> None:
	late = ticket(0, (9, None, RESOLVED))
	assert study(late, until=SUNDAY + 8 * HOUR).today.escalated == {("Riyadh", 1, "TSM"): 1}
	assert study(late, until=SUNDAY + 8 * HOUR - 1).today.escalated == {}
	assert study(ticket(0, (8, None, RESOLVED))).today.escalated == {}


def test_a_changed_policy_alone_moves_no_ticket() -> None:
	stricter = Proposal(terms=(NewTerms(QUICK, frozenset({"Riyadh"}), frozenset({"Return"})),))
	found = study(
		ticket(0, (3, None, RESOLVED)), ticket(0, (3, None, RESOLVED), category="Claim"), proposal=stricter
	)
	assert found.concerned == 1
	assert found.today.received == found.proposed.received == {"Riyadh": 2}
	assert change(found.today.escalated, found.proposed.escalated) == {("Riyadh", 1, "TSM"): 1}


def test_a_pause_holds_the_count_up_as_the_policy_says() -> None:
	patient = Policy("Patient", (Level(2 * HOUR, "TSM", pauses=True),))
	waiting = ticket(0, (1, None, TicketState.PAUSED), (9, None, TicketState.OPEN), (9.5, None, RESOLVED))
	proposal = Proposal(terms=(NewTerms(patient, frozenset({"Riyadh"})),))
	found = study(waiting, proposal=proposal)
	assert found.today.escalated == {("Riyadh", 1, "TSM"): 1}
	assert found.proposed.escalated == {}


def test_a_taking_that_names_nothing_takes_nothing() -> None:
	assert study(ticket(0), proposal=Proposal(Taking(NEW))).concerned == 0


def test_groups_that_keep_their_tickets_are_not_taken_from() -> None:
	taking = Taking(NEW, ticket_categories=frozenset({"Return"}), never_from=frozenset({"TSM"}))
	found = study(ticket(0, (1, "TSM"), (2, None, RESOLVED)), proposal=Proposal(taking))
	assert found.proposed.load == {NEW: HOUR, "TSM": HOUR}


def test_a_country_is_that_of_the_ticket() -> None:
	taking = Taking(NEW, countries=frozenset({"Egypt"}))
	egypt = ticket(0)._replace(country="Egypt")
	assert study(egypt, ticket(0), proposal=Proposal(taking)).concerned == 1


def test_the_rules_are_those_of_the_end_for_tickets_of_any_time() -> None:
	rules = OneStandard()
	impact([ticket(0), ticket(30)], rules, RETURNS, WEEK_LATER, offset=utc)
	assert set(rules.asked) == {WEEK_LATER}
	assert len(rules.asked) == 1


def test_progress_is_told_after_every_so_many_tickets() -> None:
	told: list[int] = []
	tickets = (ticket(0, (1, None, RESOLVED)) for _ in range(25))
	impact(tickets, OneStandard(), RETURNS, WEEK_LATER, offset=utc, progress=told.append, every=10)
	assert told == [10, 20]


def test_no_ticket_no_figures() -> None:
	assert study() == (0, 0, *[Figures()] * 4)


counts = st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 3))


@given(counts, counts)
def test_a_change_leads_from_one_count_to_the_other(today: dict, proposed: dict) -> None:
	found = change(today, proposed)
	assert 0 not in found.values()
	led = Counter(today)
	led.update(found)
	assert +led == +Counter(proposed)


LAST = START + TICKS
TAKERS = (*GROUPS[1:], NEW)


def random_proposal(chance: random.Random, world: World) -> Proposal:
	taking = Taking(
		chance.choice(TAKERS),
		frozenset(chance.sample(GROUPS, chance.choice((0, 1, 2)))),
		frozenset(chance.sample(CATEGORIES, chance.choice((0, 1, 2)))),
		never_from=frozenset(chance.sample(GROUPS, chance.choice((0, 0, 1)))),
	)
	policies = [policy for policy in world.policies.values() if policy]
	terms = tuple(
		NewTerms(
			chance.choice(policies),
			frozenset(chance.sample(TAKERS, chance.choice((1, 2)))),
			frozenset(chance.sample(CATEGORIES, chance.choice((0, 1)))),
		)
		for _ in range(chance.choice((0, 1, 1, 2)))
	)
	calendars = {chance.choice(TAKERS): chance.choice(("SA", "EG")) for _ in range(chance.choice((0, 0, 1)))}
	return Proposal(taking if chance.random() < 0.8 else None, terms, calendars)


def random_life(chance: random.Random) -> list[Step]:
	"""A life of which a ticket's past can tell: a category for ever, changes of group and state."""
	steps = random_steps(chance)
	return [*steps[:2], *(step for step in steps[2:] if step.what in ("group", "state"))]


def past(steps: list[Step]) -> PastTicket:
	category, group, *later = steps
	changes = tuple(PastChange(step.at, **{step.what: step.value}) for step in later)
	return PastTicket(START, group.value, category.value, changes)


def proposed_world(world: World, proposal: Proposal) -> World:
	"""The same rules with those that are proposed, written out for each group and category."""
	policies, countries = dict(world.policies), {**world.countries, **proposal.calendars}
	for number, new in reversed(list(enumerate(proposal.terms))):
		for group in new.groups:
			for category in new.ticket_categories or CATEGORIES:
				policies[group, category] = replace(new.policy, name=f"{number}")
	return World(policies, world.timers, countries)


def proposed_steps(steps: list[Step], proposal: Proposal) -> list[Step]:
	taking, category = proposal.taking, steps[0].value
	if taking is None or not (taking.takes_from or taking.ticket_categories):
		return steps
	if taking.ticket_categories and category not in taking.ticket_categories:
		return steps

	def sent(step: Step) -> Step:
		taken = not taking.takes_from or step.value in taking.takes_from
		moves = step.what == "group" and taken and step.value not in taking.never_from
		return step._replace(value=taking.group) if moves else step

	return [sent(step) for step in steps]


def note(figures: Figures, world: World, steps: list[Step]) -> None:
	"""What the oracle counts of one life, tick by tick."""
	log = Oracle(world).run(steps, LAST)
	for _, _, level, group, target, _at in (entry for entry in log if entry[0] == "fired"):
		figures.escalated[group, level, target] += 1
	group, is_live, seen = "", True, set()
	for now in range(START, LAST + 1):
		for step in (step for step in steps if step.at == now):
			group = step.value if step.what == "group" else group
			is_live = step.value is not RESOLVED if step.what == "state" else is_live
			seen.update({group} if is_live and group else ())
		if is_live and group and now < LAST:
			figures.load[group] += 1
	figures.received.update(seen)


def test_a_thousand_random_studies_agree_with_the_oracle() -> None:
	escalated = differing = 0
	for seed in range(1_000):
		chance = random.Random(seed)
		world = random_world(chance)
		world.countries[NEW] = "SA"
		proposal = random_proposal(chance, world)
		lives = [random_life(chance) for _ in range(3)]
		found = impact(map(past, lives), world, proposal, LAST, offset=utc)
		today, proposed = Figures(), Figures()
		for life in lives:
			note(today, world, life)
			note(proposed, proposed_world(world, proposal), proposed_steps(life, proposal))
		for mine, expected in ((found.today, today), (found.proposed, proposed)):
			assert mine.escalated == expected.escalated, f"seed {seed}"
			assert +mine.load == expected.load, f"seed {seed}"
			assert mine.received == expected.received, f"seed {seed}"
			assert sum(mine.by_hour) == sum(mine.by_weekday) == sum(expected.escalated.values())
		escalated += sum(today.escalated.values())
		differing += today.escalated != proposed.escalated
	assert escalated > 1_000
	assert differing > 200


def test_the_same_tickets_in_any_order_give_the_same_figures() -> None:
	for seed in range(50):
		chance = random.Random(seed)
		world = random_world(chance)
		world.countries[NEW] = "SA"
		proposal = random_proposal(chance, world)
		tickets = [past(random_life(chance)) for _ in range(6)]
		shuffled = chance.sample(tickets, len(tickets))
		one, other = (impact(some, world, proposal, LAST, offset=utc) for some in (tickets, shuffled))
		assert one == other
