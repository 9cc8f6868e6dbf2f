"""The monthly tracing report, against counting each figure of each line from its definition."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import fields, replace
from decimal import Decimal

from core_helpdesk.domain.closing import Answer, Closing
from core_helpdesk.domain.tracing_figures import CaseFacts, ClaimFacts, Figure, Figures, Grouping, figures
from core_helpdesk.domain.tracing_legs import Leg
from tests.domain.test_tracing_figures import APRIL, DAY, TIMERS
from tests.domain.tracing_oracle import Dates

TERMS_DAYS = 10
TEAMS = ("Tracing", "Dubai Tracing", "Customs")


def random_case(chance: random.Random, number: int) -> CaseFacts:
	opened = APRIL.start - 50 * DAY + chance.randrange(80 * DAY)
	closed = chance.choice((0, opened + chance.randrange(35 * DAY)))
	calendar = chance.choice(("SA", "AE"))
	claims = [random_claim(chance, opened) for _ in range(chance.choice((0, 0, 1, 2)))]
	return CaseFacts(
		name=f"Case {number}",
		country=calendar,
		direction=chance.choice(("Inbound", "Outbound")),
		nature=chance.choice(("Claim", "Pre-Alert")),
		officer=chance.choice(("one", "two", "")),
		opened=opened,
		calendar=calendar,
		closed=closed,
		due=TIMERS[calendar].add_working_days(opened, TERMS_DAYS),
		regulator_due=chance.choice((0, TIMERS["SA"].add_working_days(opened, 5))),
		regulator_calendar="SA",
		closing=chance.choice(list(Closing)) if closed else Closing.NONE,
		answer=chance.choice(list(Answer)),
		first_level=chance.random() < 0.5,
		to_open_seconds=chance.choice((None, 0, chance.randrange(9 * DAY))),
		legs=tuple(random_legs(chance, opened, closed)),
		claims=tuple(claims),
	)


def random_claim(chance: random.Random, opened: int) -> ClaimFacts:
	moments = [chance.choice((0, opened + chance.randrange(30 * DAY))) for _ in range(3)]
	return ClaimFacts(
		Decimal(chance.randrange(10**6)) / 1000, chance.choice(("SAR", "KWD")), opened, *moments
	)


def random_legs(chance: random.Random, opened: int, closed: int) -> list[Leg]:
	legs, since, last = [], opened, closed or APRIL.end + 9 * DAY
	for number in range(1, chance.randint(1, 4)):
		team = chance.choice(TEAMS)
		calendar, is_tracing = ("SA" if team == "Tracing" else "AE"), team != "Customs"
		until = min(last, since + chance.randrange(20 * DAY))
		leg = Leg(number, team, calendar, calendar, is_tracing, since, left=until)
		due = TIMERS[calendar].add_working_days(since, TERMS_DAYS) if is_tracing else 0
		taken, answered = (chance.choice((0, since + chance.randrange(9 * DAY))) for _ in range(2))
		by = chance.choice(("", "one"))
		legs.append(replace(leg, due=due, accepted=taken, replied=answered, passed_by=by))
		since = until
	return [*legs[:-1], replace(legs[-1], left=closed)] if legs else []


def within(moment: int) -> bool:
	return moment != 0 and APRIL.start <= moment < APRIL.end


def is_left_over(case: CaseFacts) -> bool:
	return case.opened < APRIL.end and (case.closed == 0 or case.closed >= APRIL.end)


def late_by(calendar: str, start: int, days: int, end: int) -> int:
	return DATES[calendar].days_late(start, days, end)


DATES = {name: Dates(calendar.rules) for name, calendar in TIMERS.items()}


def counted_case(case: CaseFacts) -> list[tuple[str, int]]:
	"""The figures that a case is in, with what it adds, from the words of each."""
	is_gone = case.closing.value in ("Merged", "Deleted")
	is_closed = within(case.closed) and not is_gone
	late = late_by(case.calendar, case.opened, TERMS_DAYS, case.closed) if is_closed else 0
	over = late_by("SA", case.opened, 5, case.closed) if is_closed and case.regulator_due else 0
	waited = case.to_open_seconds
	rows = [
		("opened", 0, within(case.opened)),
		("closed", 0, is_closed),
		("by_override", 0, is_closed and case.closing.value == "Override"),
		("unconfirmed", 0, is_closed and case.closing.value == "Closed Unconfirmed"),
		("past_the_rules", 0, is_closed and case.closing.value == "Closed Past the Rules"),
		("merged_or_deleted", 0, is_gone and within(case.closed)),
		("within", 0, is_closed and not late),
		("late", late, late),
		("late_for_regulator", over, over),
		("outstanding", 0, is_left_over(case)),
		("inbound_outstanding", 0, is_left_over(case) and case.direction == "Inbound"),
		("overdue", 0, is_left_over(case) and case.due < APRIL.end),
		("overdue_for_regulator", 0, is_left_over(case) and 0 < case.regulator_due < APRIL.end),
		("to_open", waited, waited is not None and within(case.opened + waited)),
		("first_level", 0, case.first_level and is_closed),
		("satisfied", 0, case.answer.value == "Satisfied" and is_closed),
		(f"answer {case.answer.value}", 0, is_closed),
	]
	return [(name, amount) for name, amount, holds in rows if holds]


def counted_leg(case: CaseFacts, leg: Leg) -> list[tuple[str, int]]:
	gone = within(leg.left)
	late = late_by(leg.calendar, leg.assigned, TERMS_DAYS, leg.left) if leg.is_tracing and gone else 0
	still = leg.assigned < APRIL.end and (not leg.left or leg.left >= APRIL.end)
	unanswered = leg.passed_by and leg.assigned < APRIL.end and not (leg.replied and leg.replied < APRIL.end)
	rows = [
		("leg_assigned", 0, within(leg.assigned)),
		("leg_to_accept", leg.accepted - leg.assigned, within(leg.accepted)),
		("leg_held", leg.left - leg.assigned, gone),
		("leg_late", late, late),
		("leg_overdue", 0, still and leg.due and leg.due < APRIL.end),
		("leg_unanswered", 0, unanswered and is_left_over(case)),
	]
	return [(name, amount) for name, amount, holds in rows if holds]


def counted_claim(claim: ClaimFacts) -> list[tuple[str, Decimal]]:
	moments = {
		"Opened": claim.opened,
		"Approved": claim.approved,
		"Paid": claim.paid,
		"Refused": claim.refused,
	}
	return [
		(f"claim {step} {claim.currency}", claim.amount) for step, moment in moments.items() if within(moment)
	]


def expected_lines(cases: list[CaseFacts]) -> dict[tuple[str, str], Counter]:
	"""Each line of the report as a bag of (figure, case, amount)."""
	lines: dict[tuple[str, str], Counter] = {}

	def put(places: list[tuple[str, str]], name: str, rows: list[tuple]) -> None:
		for place in places:
			for figure, amount in rows:
				lines.setdefault(place, Counter())[figure, name, amount] += 1

	for case in cases:
		places = [
			("Total", ""),
			("Country", case.country),
			("Direction", case.direction),
			("Nature", case.nature),
			("Officer", case.officer),
		]
		put(places, case.name, counted_case(case))
		for claim in case.claims:
			put(places, case.name, counted_claim(claim))
		for leg in case.legs:
			put([*places, ("Leg Team", leg.team)], case.name, counted_leg(case, leg))
	return lines


def named_figures(line: Figures) -> dict[str, Figure]:
	plain = {
		own.name: getattr(line, own.name) for own in fields(line) if own.name not in ("answers", "claims")
	}
	answers = {f"answer {answer.value}": figure for answer, figure in line.answers.items()}
	claims = {f"claim {key.step.value} {key.currency}": figure for key, figure in line.claims.items()}
	return plain | answers | claims | {"satisfied": line.satisfied}


def bag(line: Figures) -> Counter:
	return Counter(
		(name, case.name, case.amount)
		for name, figure in named_figures(line).items()
		for case in figure.cases
	)


def test_every_figure_of_every_line_is_what_counting_from_its_definition_gives() -> None:
	for seed in range(60):
		chance = random.Random(seed)
		cases = [random_case(chance, number) for number in range(chance.choice((0, 1, 5, 60)))]
		report = figures(cases, APRIL, TIMERS)
		lines = {
			(grouping.value, key): bag(line)
			for grouping, own in report.groups.items()
			for key, line in own.items()
		}
		lines |= {("Total", ""): bag(report.total)} if bag(report.total) else {}
		assert lines == expected_lines(cases), f"seed {seed}"


def test_every_figure_is_as_much_as_its_drill_down_and_as_its_groups_together() -> None:
	chance = random.Random(7)
	report = figures([random_case(chance, number) for number in range(400)], APRIL, TIMERS)
	whole = named_figures(report.total)
	assert all(figure.count == len(figure.names) > 0 for figure in whole.values())
	for grouping, lines in report.groups.items():
		together = sum((bag(line) for line in lines.values()), Counter())
		legs_only = grouping is Grouping.LEG_TEAM
		of_total = Counter(
			{key: n for key, n in bag(report.total).items() if not legs_only or key[0].startswith("leg_")}
		)
		assert together == of_total, grouping
