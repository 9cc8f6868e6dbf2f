"""Figures of tickets: literal cases, and twenty thousand random lives against an oracle."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from core_helpdesk.domain import ticket_lines
from core_helpdesk.domain.clock import Clock, Level, Policy, Terms, TicketState, changed, handed_back
from core_helpdesk.domain.escalation import settled
from core_helpdesk.domain.measures import percentile
from core_helpdesk.domain.period import Period
from core_helpdesk.domain.ticket_facts import LAPSED, Began, Dimension, Ended, Place, Raised, Stay
from core_helpdesk.domain.ticket_lines import Cell, cells, chosen, lines, total
from core_helpdesk.domain.ticket_measures import CAME, GENERAL_MANAGER, MEASURES, OPEN, TSM, WENT
from core_helpdesk.domain.ticket_stays import Way
from tests.domain.figures_oracle import DAY, Change, Escalated, Oracle, Ticket, random_changes

if TYPE_CHECKING:
	from collections.abc import Iterable

HOUR = 3600
CAIRO = ZoneInfo("Africa/Cairo")
COUNTRIES = {"Riyadh": "SA", "Dubai": "AE", "Cairo": "EG", "Berlin": "DE", "": ""}
DEPARTMENTS = {"Riyadh": "Care", "Dubai": "Care", "Cairo": "Operations", "Berlin": "Operations", "": ""}


class TwoLevels:
	"""48 hours, then 24 more, for every group."""

	POLICY = Policy("Standard", (Level(48 * HOUR, TSM, pauses=True), Level(24 * HOUR, GENERAL_MANAGER)))

	def terms(self, group: str, category: str, at: int) -> Terms:
		return Terms(self.POLICY, "")

	def policy(self, name: str) -> Policy:
		return self.POLICY

	def calendar_of(self, group: str) -> str:
		return ""


RULES = TwoLevels()


def place(group: str, category: str = "") -> Place:
	return Place(COUNTRIES[group], DEPARTMENTS[group], "", group, category)


@dataclass
class Life:
	"""A ticket run through the clock: its way, and its escalations."""

	way: Way
	clock: Clock
	raised: list[tuple[int, int, int, str, str]]
	step: int = 0

	@classmethod
	def of(cls, name: str, changes: Iterable[Change], until: int) -> Life:
		life = cls(Way(name), Clock(), [])
		for life.step, change in enumerate(changes):
			life.fire(change.at)
			before = life.clock
			value = TicketState(change.value) if change.what == "state" else change.value
			life.clock = changed(before, change.at, RULES, **{change.what: value})
			life.way.follow(before, life.clock, change.at, place(life.clock.group, life.clock.category))
		life.step += 1
		life.fire(until)
		return life

	def fire(self, before: int) -> None:
		for clock, fired in settled(self.clock, before, RULES):
			self.raised.append((self.step, fired.at, fired.level, self.clock.group, self.clock.category))
			self.clock = clock


def moment(text: str, zone: ZoneInfo = CAIRO) -> int:
	return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def month(text: str, zone: ZoneInfo = CAIRO) -> Period:
	year, number = map(int, text.split("-"))
	after = f"{year + number // 12}-{number % 12 + 1:02}"
	return Period(moment(f"{text}-01", zone), moment(f"{after}-01", zone))


MARCH = month("2026-03")


def stays_of(*changes: Change) -> list[Stay]:
	return Life.of("1", changes, 1 << 40).way.stays


def test_a_ticket_s_way_is_told_stay_by_stay() -> None:
	"""Policy: CORE-01, QA-16"""
	stays = stays_of(
		Change(100, "group", "Riyadh"),
		Change(160, "group", "Dubai"),
		Change(200, "state", "Resolved"),
		Change(300, "state", "Open"),
		Change(310, "finished", True),
		Change(320, "finished", False),
	)
	assert [(stay.place.group, stay.by, stay.began, stay.how, stay.ended) for stay in stays] == [
		("Riyadh", Began.RECEIVED, 100, Ended.MOVED_OUT, 160),
		("Dubai", Began.MOVED_IN, 160, Ended.CLOSED, 200),
		("Dubai", Began.REOPENED, 300, Ended.GONE, 310),
		("Dubai", Began.TAKEN_ON, 320, Ended.NOT, 0),
	]
	assert [stay.kept for stay in stays] == [False, True, False, False]
	assert stays[1].seconds_to_close == 100


def test_a_flip_within_a_second_leaves_no_stay_and_the_next_one_begins_as_it_did() -> None:
	flipped = stays_of(Change(100, "group", "Riyadh"), Change(100, "group", "Dubai"))
	assert [(stay.place.group, stay.by) for stay in flipped] == [("Dubai", Began.RECEIVED)]
	there_and_back = stays_of(
		Change(100, "group", "Riyadh"), Change(150, "group", "Dubai"), Change(150, "group", "Riyadh")
	)
	assert [(stay.place.group, stay.by) for stay in there_and_back] == [
		("Riyadh", Began.RECEIVED),
		("Riyadh", Began.MOVED_IN),
	]


def test_a_ticket_closed_in_the_second_in_which_it_came_is_counted() -> None:
	closed = stays_of(Change(100, "group", "Riyadh"), Change(100, "state", "Resolved"))
	assert [(stay.by, stay.how, stay.seconds_to_close) for stay in closed] == [
		(Began.RECEIVED, Ended.CLOSED, 0)
	]


def test_a_ticket_handed_back_is_neither_new_nor_moved_nor_reopened() -> None:
	"""Policy: TSM-08"""
	way, clock = Way("1"), changed(Clock(), 100, RULES, group="Riyadh")
	way.follow(Clock(), clock, 100, place("Riyadh"))
	after = handed_back(clock, 500, RULES)
	way.follow(clock, after, 500, place("Riyadh"))
	closed = changed(after, 700, RULES, state=TicketState.RESOLVED)
	way.follow(after, closed, 700, place("Riyadh"))
	assert [(stay.by, stay.how) for stay in way.stays] == [
		(Began.RECEIVED, Ended.HANDED_BACK),
		(Began.HANDED_BACK, Ended.CLOSED),
	]
	assert way.stays[-1].seconds_to_close == 600
	counted = total(cells(way.stays, (), Period(0, 1000)))
	assert {name: count for name, count in counted.counts.items() if count} == {
		"received": 1,
		"closed": 1,
		"kept": 1,
	}


def test_a_ticket_reopened_in_no_group_is_reopened_where_it_comes_to() -> None:
	stays = stays_of(
		Change(100, "group", "Riyadh"),
		Change(200, "state", "Resolved"),
		Change(300, "group", ""),
		Change(10_000, "state", "Open"),
		Change(10_010, "group", "Dubai"),
		Change(10_100, "state", "Resolved"),
	)
	assert [(stay.place.group, stay.by) for stay in stays] == [
		("Riyadh", Began.RECEIVED),
		("Dubai", Began.REOPENED),
	]
	assert stays[-1].seconds_to_close == 90


def test_a_category_given_while_closing_is_that_of_the_stay_that_ends() -> None:
	way, clock = Way("1"), changed(Clock(), 100, RULES, group="Riyadh")
	way.follow(Clock(), clock, 100, place("Riyadh"))
	closed = changed(clock, 200, RULES, state=TicketState.RESOLVED, category="Claim", group="Dubai")
	way.follow(clock, closed, 200, place("Dubai", "Claim"))
	assert [(stay.place, stay.how) for stay in way.stays] == [(place("Riyadh", "Claim"), Ended.CLOSED)]


def test_a_changed_category_belongs_to_the_stay_in_which_it_changed() -> None:
	stays = stays_of(
		Change(100, "group", "Riyadh"), Change(150, "category", "Claim"), Change(200, "group", "Dubai")
	)
	assert [stay.place.ticket_category for stay in stays] == ["Claim", "Claim"]


def test_an_escalation_fails_when_its_24_hours_end_without_an_answer() -> None:
	"""Policy: TSM-01, TSM-02"""
	at = MARCH.end - 12 * HOUR

	def raised(ended: int) -> Raised:
		return Raised("1", place("Riyadh"), at, 1, target=TSM, answer_due=at + DAY, ended=ended)

	april = month("2026-04")
	facts = [raised(0), raised(at + DAY), raised(at + DAY + 1), raised(at + 5), raised(LAPSED)]
	assert total(cells((), facts, MARCH)).counts == {"escalated": 5, "missed": 5}
	in_april = total(cells((), facts, april))
	assert in_april.counts == {"answer_due": 4, "failed": 2}
	assert in_april.solved_in_time == 0.5


def test_nothing_is_judged_that_is_not_over() -> None:
	at = MARCH.start + HOUR
	fact = Raised("1", place("Riyadh"), at, 1, target=TSM, answer_due=at + DAY)
	so_far = Period(MARCH.start, at + DAY)
	assert total(cells((), [fact], so_far)).counts == {"escalated": 1, "missed": 1}


def test_an_escalation_of_a_tracing_case_is_none_that_a_group_s_clock_missed() -> None:
	fact = Raised("1", place("Riyadh"), MARCH.start, 1, target=TSM, clock="Tracing", answer_due=MARCH.end)
	counted = total(cells((), [fact], MARCH))
	assert (counted["escalated"], counted["missed"], counted.within_standard) == (1, 0, None)


def test_places_have_numbers_of_their_own() -> None:
	near = [Place("ab", "c"), Place("a", "bc"), Place("abc"), Place("", "abc"), Place(), Place("AB", "c")]
	assert len({one.number for one in near}) == len(near)
	assert all(0 <= one.number < 1 << 60 for one in near)
	assert (
		Place("SA", "Care", "", "Riyadh", "Claim").number == Place("SA", "Care", "", "Riyadh", "Claim").number
	)


def test_a_choice_of_places_has_its_own_medians() -> None:
	found = {
		place("Riyadh"): Cell(Counter(closed=3), [10, 20, 300]),
		place("Cairo"): Cell(Counter(closed=2), [1, 2]),
		place("Dubai"): Cell(Counter(closed=1), [5]),
	}
	assert total(found).times_to_close(50) == (5,)
	assert lines(found, Dimension.DEPARTMENT)["Care"].times_to_close(50) == (10,)
	only_egypt = chosen(found, lambda one: one.country == "EG")
	assert total(only_egypt).times_to_close(90) == (2,)


@pytest.mark.parametrize("zone", [CAIRO, ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Riyadh")], ids=str)
def test_twenty_thousand_random_lives_agree_with_the_oracle(zone: ZoneInfo) -> None:
	"""Policy: QA-12, QA-16, TSM-02, TSM-M1"""
	chance = random.Random(f"figures {zone.key}")
	months = [f"2025-{number:02}" for number in (9, 10, 11, 12)] + [
		"2026-01",
		"2026-02",
		"2026-03",
		"2026-04",
	]
	first, last = month(months[0], zone).start, month("2026-03", zone).end
	until = month(months[-1], zone).end
	oracle, stays, raised = Oracle(zone), [], []
	for number in range(20_000):
		changes = [change for change in random_changes(chance, first, last) if change.at < until]
		life = Life.of(str(number), changes, until)
		ticket = Ticket(str(number), changes)
		for step, at, level, group, category in life.raised:
			answered = (
				at + int(chance.expovariate(1 / DAY)) if chance.random() < 0.8 else chance.choice((0, -1))
			)
			ticket.escalated.append(Escalated(step, at, level, group, category, answered))
			raised.append(
				Raised(
					ticket.name,
					place(group, category),
					at,
					level,
					target=TSM if level == 1 else GENERAL_MANAGER,
					answer_due=at + DAY,
					ended=answered,
				)
			)
		stays += life.way.stays
		oracle.take(ticket, until)
	assert len(raised) > 5_000
	seen, open_before = Counter(), Counter()
	for text in months:
		found = cells(stays, raised, month(text, zone))
		standing = oracle.open_at_end(text)
		keys = {key[1:] for key in oracle.counts if key[0] == text} | set(standing)
		assert {(one.group, one.ticket_category) for one in found} <= keys
		for group, category in keys:
			told, cell = oracle.counts[text, group, category], found.get(place(group, category), Cell())
			assert {name: cell[name] for name in MEASURES} == {name: told[name] for name in MEASURES}
			assert cell[OPEN] == standing[group, category]
			times = oracle.times[text, group, category]
			assert sorted(cell.times) == sorted(times)
			assert cell.times_to_close(50, 90) == (nearest(times, 50), nearest(times, 90))
			seen.update(cell.counts)
		for group, cell in lines(found, Dimension.GROUP).items():
			open_before[group] += cell.balance
			assert open_before[group] == cell[OPEN], f"{group} in {text}"
	assert all(seen[name] > 100 for name in (*CAME, *WENT, *MEASURES, OPEN)), seen


def nearest(values: list[int], share: int) -> int | None:
	"""The nearest rank by counting how many values lie below, one by one."""
	for value in sorted(values):
		if 100 * sum(other <= value for other in values) >= share * len(values):
			return value
	return None


def test_a_year_of_times_has_the_same_percentiles_without_being_put_in_order(
	monkeypatch: pytest.MonkeyPatch,
) -> None:
	monkeypatch.setattr(ticket_lines, "MANY", 0)
	chance = random.Random(7)
	for size in (1, 2, 3, 50, 1000):
		for longest in (1, 5000, 40 * DAY):
			values = [int(chance.expovariate(1 / longest)) for _ in range(size)]
			cell = Cell(Counter(), values)
			shares = (1, 50, 90, 100)
			assert cell.times_to_close(*shares) == tuple(nearest(values, share) for share in shares)


def test_nearest_rank_is_what_reports_mean_by_a_percentile() -> None:
	chance = random.Random(5)
	for size in range(1, 40):
		values = [chance.randrange(20) for _ in range(size)]
		assert [percentile(values, share) for share in (50, 90)] == [
			nearest(values, share) for share in (50, 90)
		]
