"""Random networks, calendars and lives of tracing cases, for whoever lives them: the domain, or the oracle."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import NamedTuple

from core_helpdesk.domain.calendar_rules import (
	CalendarRules,
	DayException,
	Holiday,
	Season,
	Weekend,
	parse_hours,
)
from core_helpdesk.domain.tracing_terms import Terms

COUNTRIES = ("SA", "AE", "EG", "JO", "KW", "BH", "QA", "OM", "GB", "US", "IN", "PK")
HOME = "SA"
HEADQUARTERS = "SA Headquarters"
SECTIONS = ("Customs", "Operations")
ZONES = ("Asia/Riyadh", "Asia/Dubai", "Africa/Cairo", "Asia/Amman", "Europe/London", "America/New_York")
HOURS = ("08:00-17:00", "08:00-12:00,13:00-17:00", "09:00-13:00", "07:30-11:00,16:00-21:30")
NIGHT = "00:00-06:00,14:00-24:00"
WEEKENDS = ({4, 5}, {5, 6}, {4}, {3, 4})
TERMS = (Terms(), Terms(10, 0.5, 5), Terms(5, 0.8, 3), Terms(1, 0.8), Terms(10, 0.0, 5))
FIRST_DAY, LAST_DAY = date(2025, 12, 1), date(2027, 12, 31)
START = int(datetime(2026, 1, 11, 6, 0, tzinfo=timezone.utc).timestamp())
HOUR, DAY = 3600, 86_400
STAGES = 4
WORLDS = 12

DOCUMENTS = ("Invoice", "Proof of Value")
DATA = ("shipper_phone", "description")
CLAIMS = ("Claim 1", "Claim 2")
CLAIM_STATES = (
	"Draft",
	"Supervisor Approval",
	"Manager Approval",
	"Approved",
	"Handed Over",
	"Paid",
	"Refused",
	"Withdrawn",
)
COMMENTS = ("", "Thank you very much", "شكرا لكم", "It still has not arrived", "لم تصل الشحنة بعد")


class Step(NamedTuple):
	"""Something that happens to a case, its ticket or a calendar at a moment."""

	at: int
	what: str
	value: tuple = ()


@dataclass(frozen=True)
class World:
	"""Groups with their countries, and each calendar as it was known before each of its confirmations.

	A country's calendar is named after it; a section has the calendar of one country.
	"""

	headquarters: str
	tracing: dict[str, str]
	sections: dict[str, str]
	stages: dict[str, tuple[CalendarRules, ...]]
	terms: Terms

	@property
	def teams(self) -> tuple[str, ...]:
		return (*self.tracing, *self.sections)

	def country(self, team: str) -> str:
		return self.tracing.get(team) or self.sections[team]


@cache
def world(number: int) -> World:
	"""One of a few worlds: to compile a calendar takes longer than to live a life by it."""
	chance = random.Random(number)
	tracing = {HEADQUARTERS: HOME}
	for country in COUNTRIES:
		for place in range(chance.choice((0, 0, 1, 1, 2))):
			tracing[f"{country} Tracing {place}"] = country
	sections = {section: chance.choice(COUNTRIES) for section in SECTIONS}
	stages = {country: _stages(chance) for country in COUNTRIES}
	headquarters = "" if number % 6 == 5 else HEADQUARTERS
	return World(headquarters, tracing, sections, stages, chance.choice(TERMS))


def _stages(chance: random.Random) -> tuple[CalendarRules, ...]:
	"""A calendar whose estimated holidays are moved by a day or fall away as they are confirmed."""
	zone = chance.choice(ZONES)
	always_the_same_time = zone in ("Asia/Riyadh", "Asia/Dubai")
	rules = CalendarRules(
		zone=zone,
		hours=parse_hours(chance.choice((*HOURS, NIGHT) if always_the_same_time else HOURS)),
		weekends=_weekends(chance),
		seasons=(Season("Ramadan", date(2026, 2, 18), date(2026, 3, 19), parse_hours("10:00-15:00")),),
		holidays=tuple(_holiday(chance) for _ in range(chance.randint(6, 20))),
		exceptions=(DayException(_day(chance), parse_hours("08:00-10:00"), "Inventory"),),
	)
	stages = [rules]
	while len(stages) < STAGES:
		stages.append(replace(rules, holidays=tuple(_confirmed(chance, stages[-1].holidays))))
	return tuple(stages)


def _weekends(chance: random.Random) -> tuple[Weekend, ...]:
	half_days = {2: parse_hours("08:00-12:00")} if chance.random() < 0.3 else {}
	first = Weekend(None, frozenset(chance.choice(WEEKENDS)), half_days)
	if chance.random() < 0.7:
		return (first,)
	return first, Weekend(date(2026, 3, 1), frozenset(chance.choice(WEEKENDS)))


def _day(chance: random.Random) -> date:
	return date(2026, 1, 1) + timedelta(days=chance.randint(0, 150))


def _holiday(chance: random.Random) -> Holiday:
	return Holiday(_day(chance), "Eid", estimated=True)


def _confirmed(chance: random.Random, holidays: tuple[Holiday, ...]) -> list[Holiday]:
	after = [own for own in holidays if chance.random() < 0.9]
	moved = [
		replace(own, day=own.day + timedelta(days=chance.choice((-1, 0, 1))), estimated=False)
		for own in after
	]
	return [*moved, _holiday(chance)]


def random_steps(chance: random.Random, world: World) -> list[Step]:
	"""A life from its opening on: what a case may meet, in quick succession and after long waits."""
	at = START + chance.randint(0, 60 * DAY)
	steps = [Step(at, "begin", (chance.choice(world.teams),))]
	for _ in range(chance.randint(3, 16)):
		at += chance.choice((0, 0, 60, HOUR, 5 * HOUR, DAY, chance.randint(0, 9 * DAY)))
		steps += _random_steps(chance, world, at)
		at = steps[-1].at
	return steps


def _random_steps(chance: random.Random, world: World, at: int) -> list[Step]:
	roll, handling = chance.random(), list(world.tracing.values())
	if roll < 0.3:
		return [Step(at, "hand_over", (chance.choice(world.teams), chance.choice(("officer", "agent", ""))))]
	if roll < 0.38:
		return [Step(at, "concern", (tuple(chance.sample(COUNTRIES, chance.randint(0, 2))),))]
	if roll < 0.55:
		return [Step(at, "confirm", (chance.choice(handling), chance.randrange(STAGES)))]
	if roll < 0.7:
		return [_small_step(chance, at)]
	if roll < 0.8:
		return [Step(at, "close", (chance.random() < 0.7, chance.choice(("", "", "agreed by phone", "..."))))]
	if roll < 0.86:
		return [Step(at, "reopen", (chance.choice(world.teams),))]
	return _tour(chance, world, at) if roll < 0.91 else _tidied(chance, at)


def _tour(chance: random.Random, world: World, at: int) -> list[Step]:
	"""To another country and back to it, over headquarters, a section, or a group at home."""
	abroad = [team for team, country in world.tracing.items() if country != HOME]
	goal = chance.choice(abroad)
	between = [team for team in world.teams if team not in abroad]
	stops = [HEADQUARTERS, goal, *(chance.choice(between) for _ in range(chance.randint(1, 2))), goal]
	known = Step(at, "concern", ((world.tracing[goal],),))
	return [known, *(Step(at + HOUR * n, "hand_over", (team, "officer")) for n, team in enumerate(stops))]


def _small_step(chance: random.Random, at: int) -> Step:
	what = chance.choice(("accept", "reply", "claim", "answer", "pause", "solve", "silence"))
	values = {
		"accept": ("officer",),
		"reply": (chance.randint(0, 4),),
		"claim": (chance.choice(CLAIMS), chance.choice(CLAIM_STATES)),
		"answer": (chance.random() < 0.7, chance.choice(COMMENTS)),
		"pause": (chance.random() < 0.5,),
	}
	return Step(at, what, values.get(what, ()))


def _tidied(chance: random.Random, at: int) -> list[Step]:
	"""All that closing asks for, but for something that may be forgotten, and the close."""
	steps = [
		Step(at, "accept", ("officer",)),
		Step(at, "solve"),
		*(Step(at, "document", (name,)) for name in DOCUMENTS),
		*(Step(at, "complete", (name,)) for name in DATA),
		*(Step(at, "claim", (name, state)) for name in CLAIMS for state in CLAIM_STATES[1:4]),
		*(Step(at, "reply", (number,)) for number in range(12)),
		Step(at, "answer", (chance.random() < 0.9, chance.choice(COMMENTS)))
		if chance.random() < 0.8
		else Step(at, "silence"),
	]
	if chance.random() < 0.3:
		steps.remove(chance.choice(steps))
	return [*steps, Step(at, "close", (True, ""))]
