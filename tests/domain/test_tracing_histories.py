"""Random lives of tracing cases: the domain and an oracle that walks the dates must tell the same story."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache

import pytest

from core_helpdesk.domain import tracing_legs as legs_of
from core_helpdesk.domain.claims import ClaimState, is_undecided, moves
from core_helpdesk.domain.closing import Answer, ClosingFacts, answered, reasons
from core_helpdesk.domain.tracing import Network, Standing, handed_to_after, rule
from core_helpdesk.domain.tracing_terms import case_times, closed, reopened
from core_helpdesk.domain.working_time import WorkCalendar
from tests.domain.tracing_oracle import Oracle
from tests.domain.tracing_world import (
	CLAIMS,
	DATA,
	DOCUMENTS,
	FIRST_DAY,
	LAST_DAY,
	WORLDS,
	Step,
	random_steps,
	world,
)


@cache
def compiled(world_number: int, calendar: str, stage: int) -> WorkCalendar:
	return WorkCalendar.compile(world(world_number).stages[calendar][stage], FIRST_DAY, LAST_DAY)


class Life:
	"""A case as the domain has it: each step makes the next state from the one before."""

	def __init__(self, number: int) -> None:
		self.number, self.world = number, world(number)
		self.network = Network(self.world.headquarters, self.world.tracing)
		self.timers = {calendar: compiled(number, calendar, 0) for calendar in self.world.stages}
		self.legs, self.cycles = (), ()
		self.handed_to, self.countries = "", ()
		self.is_solved, self.answer = False, Answer.NONE
		self.missing, self.lacking = DOCUMENTS, DATA
		self.claims = dict.fromkeys(CLAIMS, ClaimState.DRAFT)

	def see(self, step: Step) -> object:
		return getattr(self, f"do_{step.what}")(step.at, *step.value)

	@property
	def is_open(self) -> bool:
		return legs_of.current(self.legs) is not None

	@property
	def standing(self) -> Standing:
		return Standing(self.legs[-1].team if self.legs else "", self.handed_to, self.countries)

	def enter(self, at: int, team: str, by: str = "") -> None:
		self.handed_to = handed_to_after(self.network, self.standing, team)
		country = self.world.country(team)
		self.legs = legs_of.opened(
			self.legs,
			at,
			team,
			country,
			country,
			self.network.is_tracing(team),
			self.timers[country],
			self.world.terms,
			passed_by=by,
		)

	def do_begin(self, at: int, team: str) -> None:
		self.cycles = reopened(self.cycles, at)
		self.enter(at, team)

	def do_hand_over(self, at: int, to: str, by: str) -> object:
		if not self.is_open:
			return None
		ruling = rule(self.network, self.standing, to)
		if ruling.is_allowed or not by:
			self.enter(at, to if ruling.is_allowed else ruling.instead, by)
		return ruling.is_allowed, ruling.instead, ruling.reason.value

	def do_concern(self, at: int, countries: tuple[str, ...]) -> None:
		self.countries = countries

	def do_confirm(self, at: int, calendar: str, stage: int) -> None:
		self.timers[calendar] = compiled(self.number, calendar, stage)
		self.legs = legs_of.retimed(self.legs, self.timers, self.world.terms)

	def do_accept(self, at: int, by: str) -> None:
		self.legs = legs_of.accepted(self.legs, at, by)

	def do_reply(self, at: int, number: int) -> None:
		self.legs = legs_of.replied(self.legs, at, number)

	def do_pause(self, at: int, paused: bool) -> None:
		"""Nothing of a case asks whether its ticket waits."""

	def do_solve(self, at: int) -> None:
		self.is_solved = True

	def do_document(self, at: int, name: str) -> None:
		self.missing = tuple(own for own in self.missing if own != name)

	def do_complete(self, at: int, name: str) -> None:
		self.lacking = tuple(own for own in self.lacking if own != name)

	def do_claim(self, at: int, name: str, state: str) -> None:
		if state in moves(self.claims[name]):
			self.claims[name] = ClaimState(state)

	def do_answer(self, at: int, is_yes: bool, comment: str) -> None:
		self.answer = answered(is_yes, comment)

	def do_silence(self, at: int) -> None:
		self.answer = self.answer if self.answer else Answer.EXCEPTION

	def do_close(self, at: int, is_member: bool, override: str) -> object:
		running = legs_of.current(self.legs)
		if running is None:
			return None
		facts = ClosingFacts(
			is_member=is_member,
			is_solved=self.is_solved,
			data_faults=self.lacking,
			documents_missing=self.missing,
			claims_undecided=tuple(name for name, state in self.claims.items() if is_undecided(state)),
			unaccepted_leg="" if running.accepted else running.team,
			replies_outstanding=tuple(map(str, legs_of.outstanding(self.legs, at))),
			answer=self.answer,
			override_reason=override,
		)
		found = reasons(facts)
		if not found:
			self.cycles = closed(self.cycles, at, self.answer)
			self.legs = legs_of.ended(self.legs, at)
		return [(reason.code.value, reason.about) for reason in found]

	def do_reopen(self, at: int, team: str) -> None:
		if self.is_open:
			return
		self.cycles = reopened(self.cycles, at)
		self.is_solved, self.answer = False, Answer.NONE
		self.enter(at, team)

	def times(self) -> tuple:
		calendar = legs_of.handling(self.legs).calendar
		return tuple(case_times(self.cycles[-1].opened, self.timers[calendar], self.world.terms, calendar))

	def told(self) -> list[tuple]:
		"""The legs in the oracle's form."""
		return [
			(
				leg.number,
				leg.team,
				leg.assigned,
				leg.left,
				leg.accepted,
				leg.accepted_by,
				leg.replied,
				leg.from_team,
				leg.passed_by,
				leg.due,
				leg.warn,
			)
			for leg in self.legs
		]


def check_history(seed: int, happened: Counter[str]) -> None:
	chance = random.Random(seed)
	number = seed % WORLDS
	life, oracle = Life(number), Oracle(number, world(number))
	steps = random_steps(chance, life.world)
	for n, step in enumerate(steps):
		before = life.told()
		outcome = life.see(step)
		where = f"seed {seed}, world {number}, step {n}: {steps[: n + 1]}"
		assert outcome == oracle.see(step), where
		assert life.told() == oracle.legs(), where
		assert life.times() == oracle.times(), where
		assert [(cycle.opened, cycle.closed) for cycle in life.cycles] == cycles_of(oracle), where
		count(step, outcome, before != life.told(), happened)
	check_lateness(life, oracle, steps[-1].at, seed)
	happened["several cycles"] += len(life.cycles) > 1


def cycles_of(oracle: Oracle) -> list[tuple[int, int]]:
	ends = [at for at, _ in oracle.closes] + [0] * oracle.is_open
	return list(zip(oracle.opens, ends, strict=True))


def check_lateness(life: Life, oracle: Oracle, now: int, seed: int) -> None:
	"""By how much every leg is late, against the working days that the oracle counts from its assignment."""
	for leg in life.legs:
		end = leg.left or now
		late = 0
		if leg.is_tracing:
			late = oracle.dates(leg.calendar).days_late(leg.assigned, life.world.terms.working_days, end)
		assert legs_of.days_late(leg, now, life.timers[leg.calendar]) == late, f"seed {seed}: {leg}"
		assert legs_of.is_late(leg, now) == bool(late), f"seed {seed}: {leg}"


def count(step: Step, outcome: object, is_changed: bool, happened: Counter[str]) -> None:
	if step.what == "hand_over" and outcome:
		happened[outcome[2] or "allowed"] += 1
	elif step.what == "close" and outcome is not None:
		happened.update(code for code, _ in outcome)
		happened["closed"] += not outcome
	elif step.what == "confirm":
		happened["retimed"] += is_changed
	elif step.what == "reopen":
		happened["reopened"] += is_changed


def check_histories(seeds: range) -> None:
	happened: Counter[str] = Counter()
	for seed in seeds:
		check_history(seed, happened)
	rarest = {
		"allowed",
		"Through Headquarters",
		"Countries Unknown",
		"Other Country",
		"closed",
		"reopened",
		"retimed",
		"several cycles",
		"Not Member",
		"Not Solved",
		"Data Missing",
		"Documents Missing",
		"Claim Undecided",
		"Leg Not Accepted",
		"Replies Outstanding",
		"Not Confirmed",
		"Answered No",
		"Answer Doubtful",
	}
	assert {what for what in rarest if happened[what] < len(seeds) / 50} == set(), happened


def test_five_thousand_random_histories_agree_with_the_oracle() -> None:
	check_histories(range(5_000))


@pytest.mark.soak
def test_fifty_thousand_random_histories_agree_with_the_oracle() -> None:
	check_histories(range(5_000, 55_000))
