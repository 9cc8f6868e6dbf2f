"""Random lives of tickets: the clock and a tick-by-tick oracle must tell the same story."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from core_helpdesk.domain.clock import (
	Clock,
	TicketState,
	acknowledged,
	changed,
	counted,
	current_level,
	fired,
	handed_back,
	retimed,
	warned,
)
from tests.domain.clock_oracle import START, TICKS, Oracle, Step, World, random_steps, random_world

FACTS = ("group", "state", "category", "finished")


def live(world: World, steps: list[Step], last: int) -> tuple[Clock, list[tuple]]:
	"""The clock after a life, with the log of what it made happen, in the oracle's form."""
	clock, log = Clock(), []
	for step in steps:
		clock = run_until(clock, step.at, world, log)
		clock = apply(clock, step, world)
	return run_until(clock, last + 1, world, log), log


def run_until(clock: Clock, before: int, world: World, log: list[tuple]) -> Clock:
	while 0 < clock.next < before:
		at = clock.next
		if at == clock.warn and not clock.warned and at != clock.due:
			log.append(("warned", clock.cycle, at))
			clock = warned(clock)
			continue
		target = current_level(clock, world).target
		log.append(("fired", clock.cycle, clock.level + 1, clock.group, target, at))
		clock = fired(clock, at, world)
	return clock


def apply(clock: Clock, step: Step, world: World) -> Clock:
	if step.what == "acknowledge":
		return acknowledged(clock, world)
	if step.what == "hand_back":
		return handed_back(clock, step.at, world)
	return changed(clock, step.at, world, **{step.what: step.value})


def check_histories(seeds: range) -> None:
	happened = {"warned": 0, "fired": 0}
	for seed in seeds:
		chance = random.Random(seed)
		world, steps = random_world(chance), random_steps(chance)
		clock, log = live(world, steps, START + TICKS)
		oracle = Oracle(world)
		assert log == oracle.run(steps, START + TICKS), f"seed {seed}: {steps}"
		assert (clock.cycle, clock.level) == (oracle.cycle, oracle.level), f"seed {seed}"
		for what, *_ in log:
			happened[what] += 1
	assert happened["fired"] > len(seeds)
	assert happened["warned"] > len(seeds) / 4


def test_two_thousand_random_histories_agree_with_the_oracle() -> None:
	check_histories(range(2_000))


@pytest.mark.soak
def test_forty_thousand_random_histories_agree_with_the_oracle() -> None:
	check_histories(range(2_000, 42_000))


def test_changes_of_one_moment_given_together_or_one_by_one_lead_to_the_same_due_moment() -> None:
	for seed in range(1_000):
		chance = random.Random(seed)
		world = random_world(chance)
		clock = changed(Clock(), START, world, group="Riyadh", category="Claim")
		facts = {
			"group": chance.choice(("Riyadh", "Dubai")),
			"state": TicketState.PAUSED,
			"category": "Inquiry",
		}
		at = START + chance.randint(0, 3)
		together = changed(clock, at, world, **facts)
		one_by_one = clock
		for name, value in facts.items():
			one_by_one = changed(one_by_one, at, world, **{name: value})
		assert (together.due, together.policy, together.cycle) == (
			one_by_one.due,
			one_by_one.policy,
			one_by_one.cycle,
		), f"seed {seed}"


def test_a_retimed_clock_equals_one_that_always_had_the_new_calendar() -> None:
	compared = 0
	for seed in range(2_000):
		chance = random.Random(seed)
		world, steps = random_world(chance), random_steps(chance)[:5]
		other = replace(world, timers=random_world(chance).timers)
		until = steps[-1].at
		clock, log = live(world, steps, until)
		expected, other_log = live(other, steps, until)
		if log or other_log or not clock.policy or clock.carried or expected.carried:
			continue
		assert retimed(clock, other) == expected, f"seed {seed}"
		compared += 1
	assert compared > 200


def test_counted_is_the_limit_at_the_moment_a_level_is_due() -> None:
	compared = 0
	for seed in range(2_000):
		chance = random.Random(seed)
		world, steps = random_world(chance), random_steps(chance)[:6]
		clock, _ = live(world, steps, steps[-1].at)
		level = current_level(clock, world)
		if level is None or not clock.due or clock.hurry or world.policy(clock.policy).total_cap:
			continue
		at_due, before = counted(clock, clock.due, world), counted(clock, clock.due - 1, world)
		assert at_due >= level.seconds, f"seed {seed}"
		assert clock.due == clock.anchor or before < level.seconds, f"seed {seed}"
		compared += 1
	assert compared > 200
