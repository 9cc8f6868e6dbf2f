"""A second, slow way to run a ticket's life: tick by tick, from the words of the rules alone.

It shares no code with the clock under test but the values it is given; one tick stands for one second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.clock import Kind, Level, Policy, Terms, TicketState

if TYPE_CHECKING:
	import random

START = 1_000
TICKS = 260
GROUPS = ("", "Riyadh", "Dubai", "Cairo")
CATEGORIES = ("Complaint", "Claim", "Inquiry")


class TickTimer:
	"""A calendar in which every tick either works or does not."""

	def __init__(self, works: list[bool]) -> None:
		self.works = works

	def add(self, start: int, seconds: int) -> int:
		at = start
		while seconds:
			seconds -= self.works[at - START] if at - START < len(self.works) else 1
			at += 1
		return at

	def elapsed(self, start: int, end: int) -> int:
		return sum(self.works[start - START : end - START])


class Step(NamedTuple):
	"""Something done to a ticket at a moment: a change of a fact, an acknowledgement, a hand-back."""

	at: int
	what: str
	value: object = None


@dataclass
class World:
	"""Random rules: policies by group and category, a calendar for each group's country."""

	policies: dict[tuple[str, str], Policy | None]
	timers: dict[str, TickTimer]
	countries: dict[str, str]

	def terms(self, group: str, category: str, at: int) -> Terms | None:
		policy = self.policies.get((group, category))
		return Terms(policy, self.calendar_of(group)) if policy else None

	def policy(self, name: str) -> Policy:
		return next(policy for policy in self.policies.values() if policy and policy.name == name)

	def calendar_of(self, group: str) -> str:
		return self.countries[group]

	def timer(self, calendar: str) -> TickTimer:
		return self.timers[calendar]


@dataclass
class Oracle:
	"""The ticket's life, one tick after the other; `log` lists warnings and levels as they happen."""

	world: World
	group: str = ""
	category: str = ""
	state: TicketState = TicketState.OPEN
	finished: bool = False
	cycle: int = 0
	level: int = 0
	policy: Policy | None = None
	calendar: str = ""
	held: list[int] = field(default_factory=list)
	carried: int = 0
	waited: int = 0
	hurry: int = 0
	warned: bool = False
	log: list[tuple] = field(default_factory=list)

	def run(self, steps: list[Step], last: int) -> list[tuple]:
		"""The log of a life until `last`, what is due at `last` included."""
		for now in range(START, last + 1):
			for step in steps:
				if step.at == now:
					getattr(self, f"do_{step.what}")(step.value)
			self.look(now)
			self.count(now)
		return self.log

	@property
	def live(self) -> bool:
		return self.state is not TicketState.RESOLVED and not self.finished

	@property
	def current(self) -> Level | None:
		if self.policy is None or self.level >= len(self.policy.levels):
			return None
		return self.policy.levels[self.level]

	def is_stopped(self) -> bool:
		level = self.current
		if self.state is not TicketState.PAUSED or not level.pauses:
			return False
		return not level.pause_cap or self.waited < level.pause_cap

	def counted(self) -> int:
		if self.current is None:
			return 0
		if self.current.kind is Kind.ELAPSED:
			return len(self.held)
		works = self.world.timers[self.calendar].works
		return sum(works[tick - START] for tick in self.held)

	def limit(self) -> int:
		limit = self.current.seconds
		if self.level == 0 and self.policy.total_cap:
			limit = min(limit, max(0, self.policy.total_cap - self.carried))
		return limit

	def look(self, now: int) -> None:
		# a level may follow another at once only when it needs no time; none does, except by the total cap
		if self.current is None:
			return
		stopped, counted, limit = self.is_stopped(), self.counted(), self.limit()
		if (counted >= limit and not stopped) or (self.hurry and now >= self.hurry):
			self.fire(now)
		elif self.wants_warning(counted, limit) and not stopped:
			self.warned = True
			self.log.append(("warned", self.cycle, now))

	def wants_warning(self, counted: int, limit: int) -> bool:
		share = self.policy.warn_share
		return bool(share) and self.level == 0 and not self.warned and counted >= limit * share

	def fire(self, now: int) -> None:
		level = self.current
		self.log.append(("fired", self.cycle, self.level + 1, self.group, level.target, now))
		self.forget_count()
		self.level += 1
		if self.current is None:
			self.policy = None
			return
		self.hurry = now + level.acknowledge_within if level.acknowledge_within else 0
		self.calendar = self.world.countries[self.group]

	def count(self, now: int) -> None:
		level = self.current
		if level is None:
			return
		if not self.is_stopped():
			self.held.append(now)
		if self.state is TicketState.PAUSED and level.pauses:
			self.waited += 1

	def forget_count(self) -> None:
		self.held, self.waited, self.hurry, self.warned = [], 0, 0, False

	def enter(self) -> None:
		self.forget_count()
		terms = self.world.terms(self.group, self.category, 0) if self.group else None
		self.policy, self.calendar = terms if terms else (None, "")

	def start_cycle(self) -> None:
		self.cycle, self.level, self.carried = self.cycle + 1, 0, 0
		self.enter()

	def stop(self) -> None:
		self.forget_count()
		self.policy = None

	def do_group(self, group: str) -> None:
		moved, self.group = group != self.group, group
		if not moved or not self.live or self.level:
			return
		self.carried += self.counted()
		self.cycle = self.cycle or (1 if group else 0)
		self.enter()

	def do_state(self, state: TicketState) -> None:
		was_live, self.state = self.live, state
		self.cross(was_live)

	def do_finished(self, finished: bool) -> None:
		was_finished, was_live, self.finished = self.finished, self.live, finished
		self.take_up() if was_finished and self.live and self.cycle else self.cross(was_live)

	def take_up(self) -> None:
		# the ladder goes on where it stood, the level's own count begins again
		self.enter()
		if self.policy and self.level >= len(self.policy.levels):
			self.policy = None

	def cross(self, was_live: bool) -> None:
		if was_live and not self.live:
			self.stop()
		elif self.live and not was_live and (self.cycle or self.group):
			self.start_cycle()

	def do_category(self, category: str) -> None:
		changed, self.category = category != self.category, category
		if not changed or not self.live or self.level or not self.group:
			return
		terms = self.world.terms(self.group, category, 0)
		if (terms.policy if terms else None) is self.policy:
			return
		self.policy, self.warned = (terms.policy if terms else None), False
		self.calendar = terms.calendar if terms else ""

	def do_acknowledge(self, _: object) -> None:
		self.hurry = 0

	def do_hand_back(self, _: object) -> None:
		if self.live:
			self.start_cycle()


def random_world(chance: random.Random) -> World:
	"""Rules of every kind, few enough that each meets each often."""
	names = iter(range(100))
	policies: dict[tuple[str, str], Policy | None] = {}
	for group in GROUPS[1:]:
		shared = _random_policy(chance, next(names))
		for category in CATEGORIES:
			own = chance.random() < 0.5
			policies[group, category] = _random_policy(chance, next(names)) if own else shared
	timers = {country: TickTimer(_random_works(chance)) for country in ("SA", "AE", "EG")}
	countries = dict(zip(GROUPS, ("SA", "SA", "AE", "EG"), strict=True))
	return World(policies, timers, countries)


def random_steps(chance: random.Random) -> list[Step]:
	"""A life: entering a group, then anything, with many things at one moment and in quick succession."""
	steps = [Step(START, "category", chance.choice(CATEGORIES)), Step(START, "group", chance.choice(GROUPS))]
	at = START
	for _ in range(chance.randint(0, 14)):
		at += chance.choice((0, 0, 1, 2, 5, 10, chance.randint(0, 40)))
		if at > START + TICKS:
			break
		steps.append(_random_step(chance, at))
	return steps


def _random_step(chance: random.Random, at: int) -> Step:
	roll = chance.random()
	if roll < 0.5:
		states = (
			TicketState.OPEN,
			TicketState.PAUSED,
			TicketState.OPEN,
			TicketState.PAUSED,
			TicketState.RESOLVED,
		)
		return Step(at, "state", chance.choice(states))
	if roll < 0.7:
		return Step(at, "group", chance.choice(GROUPS))
	if roll < 0.82:
		return Step(at, "category", chance.choice(CATEGORIES))
	if roll < 0.9:
		return Step(at, "acknowledge")
	if roll < 0.96:
		return Step(at, "hand_back")
	return Step(at, "finished", chance.random() < 0.5)


def _random_policy(chance: random.Random, number: int) -> Policy | None:
	if chance.random() < 0.12:
		return None
	levels = tuple(_random_level(chance, n) for n in range(1, chance.choice((1, 2, 2, 3)) + 1))
	share = chance.choice((0.0, 0.5, 0.8))
	cap = chance.choice((0, 0, 20, 45))
	return Policy(f"Policy {number}", levels, share, cap)


def _random_level(chance: random.Random, number: int) -> Level:
	return Level(
		seconds=chance.choice((1, 4, 10, 24, 40)),
		target=f"Target {number}",
		kind=chance.choice((Kind.ELAPSED, Kind.WORKING)),
		pauses=chance.random() < 0.6,
		pause_cap=chance.choice((0, 0, 3, 12)),
		acknowledge_within=chance.choice((0, 0, 2, 15)),
	)


def _random_works(chance: random.Random) -> list[bool]:
	works: list[bool] = []
	while len(works) <= TICKS:
		works += [True] * chance.choice((1, 4, 8, 9)) + [False] * chance.choice((1, 2, 15))
	return works
