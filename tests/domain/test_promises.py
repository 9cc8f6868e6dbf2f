"""What was promised to customers: which complaints and inquiries a month decides, and how many of them were kept."""

from __future__ import annotations

import random
from typing import NamedTuple

import pytest

from core_helpdesk.domain.period import Period
from core_helpdesk.domain.promises import Course, Kind, Promise, Promised, courses
from core_helpdesk.domain.quality import Area, Quality, of_names, read, together, total, written
from core_helpdesk.domain.ticket_facts import Began, Ended, Place, Stay

HERE, THERE = Place("KSA", "Care", group="Care"), Place("KSA", "Money", group="Money")
MONTH = Period(1000, 2000)
NOTHING = 0


def stay(began: int, by: Began, ended: int = 0, how: Ended = Ended.NOT, place: Place = HERE) -> Stay:
	return Stay("1", place, began, by, ended, how)


def test_a_ticket_that_moves_is_waited_for_since_it_came() -> None:
	"""Policy: CX-2.1"""
	moved = [
		stay(10, Began.RECEIVED, 20, Ended.MOVED_OUT),
		stay(20, Began.MOVED_IN, 30, Ended.CLOSED, THERE),
	]
	(course,) = courses(moved)
	assert course == Course(*moved, True)
	assert course.ended == 30


def test_one_that_is_reopened_is_waited_for_anew() -> None:
	reopened = [
		stay(10, Began.RECEIVED, 20, Ended.CLOSED),
		stay(50, Began.REOPENED, 60, Ended.HANDED_BACK),
		stay(60, Began.HANDED_BACK),
	]
	assert [(own.first.began, own.ended, own.is_first) for own in courses(reopened)] == [
		(10, 20, True),
		(50, 0, False),
	]


def test_the_category_that_counts_is_the_last_one() -> None:
	later = HERE._replace(ticket_category="Complaint")
	found = list(
		courses([stay(10, Began.RECEIVED, 20, Ended.MOVED_OUT), stay(20, Began.MOVED_IN, place=later)])
	)
	assert [own.category for own in found] == ["Complaint"]


def test_a_course_of_which_the_beginning_is_missing_begins_where_it_is_known() -> None:
	assert [own.first.began for own in courses([stay(20, Began.MOVED_IN, 30, Ended.CLOSED)])] == [20]


def test_one_that_is_taken_out_of_all_groups_is_gone() -> None:
	"""Policy: CX-2.1"""
	taken_out = [stay(10, Began.RECEIVED, 20, Ended.MOVED_OUT), stay(50, Began.RECEIVED, 60, Ended.CLOSED)]
	found = [(own.ended, own.is_gone, own.waits_for_first_reply) for own in courses(taken_out)]
	assert found == [(20, True, True), (60, False, True)]
	(moved,) = courses([stay(10, Began.RECEIVED, 20, Ended.MOVED_OUT), stay(20, Began.MOVED_IN, 0)])
	assert (moved.ended, moved.is_gone) == (0, False)


def test_what_is_reopened_waits_for_another_reply() -> None:
	"""Policy: CX-3.7"""
	ways = (Began.RECEIVED, Began.TAKEN_ON, Began.REOPENED)
	again = [Course(stay(10, by), stay(10, by), is_first=False) for by in ways]
	assert [own.waits_for_first_reply for own in again] == [True, True, False]
	assert Course(stay(10, Began.MOVED_IN), stay(10, Began.MOVED_IN), is_first=True).waits_for_first_reply


@pytest.mark.parametrize(
	("due", "kept", "is_gone", "decided", "in_time"),
	[
		(1500, 1400, False, True, True),
		(1500, 1500, False, True, True),
		(1500, 1501, False, True, False),
		(1500, NOTHING, False, True, False),
		(1500, 900, False, False, True),
		(2500, 1400, False, True, True),
		(2500, NOTHING, False, False, False),
		(900, 1400, False, False, False),
		(1500, 1400, True, False, True),
		(1500, 1700, True, True, False),
		(NOTHING, 1400, False, False, False),
		(2000, NOTHING, False, False, False),
		(1000, NOTHING, False, True, False),
	],
)
def test_what_comes_first_decides(
	due: int, kept: int, *, is_gone: bool, decided: bool, in_time: bool
) -> None:
	"""Policy: CX-2.1, CX-3.7"""
	promise = Promise("1", HERE, due, kept, is_gone)
	assert (promise.is_decided(MONTH), promise.is_kept) == (decided, in_time)


def test_every_promise_is_decided_in_one_month_at_most() -> None:
	chance = random.Random(5)
	for _each in range(5000):
		due, kept = chance.randrange(5000), chance.choice((0, chance.randrange(1, 5000)))
		promise = Promise("1", HERE, due, kept, chance.random() < 0.2)
		months = [Period(start, start + 500) for start in range(0, 5000, 500)]
		assert sum(promise.is_decided(month) for month in months) <= 1


class Event(NamedTuple):
	at: int
	what: str


def random_life(chance: random.Random) -> list[Event]:
	"""A ticket is received, passed on, closed, reopened, and perhaps merged in the end."""
	at, is_open = chance.randrange(1, 300), True
	events = [Event(at, "receive")]
	for _each in range(chance.randrange(6)):
		at += chance.randrange(1, 400)
		what = chance.choice(("move", "close", "merge") if is_open else ("reopen",))
		events.append(Event(at, what))
		if what == "merge":
			break
		is_open = what != "close"
	return events


def stays_of(ticket: str, events: list[Event]) -> list[Stay]:
	began = {"receive": Began.RECEIVED, "move": Began.MOVED_IN, "reopen": Began.REOPENED}
	ended = {"move": Ended.MOVED_OUT, "close": Ended.CLOSED, "merge": Ended.GONE}
	found = []
	for now, then in zip(events, [*events[1:], Event(0, "")], strict=True):
		if now.what in began:
			how = ended.get(then.what, Ended.NOT)
			found.append(Stay(ticket, HERE, now.at, began[now.what], then.at, how))
	return found


def counted_by_hand(lives: list[list[Event]], days: int, month: Period) -> tuple[int, int]:
	"""Second by second of the month: who has waited for just so long, and who is answered before."""
	decided = kept = 0
	for events in lives:
		since = 0
		for event in events:
			if event.what in ("receive", "reopen"):
				since = event.at
			if since and event.what in ("close", "merge"):
				waited = event.at - since
				if waited > days and month.start <= since + days < month.end:
					decided += 1
				if waited <= days and event.what == "close" and month.start <= event.at < month.end:
					decided, kept = decided + 1, kept + 1
				since = 0
		if since and month.start <= since + days < month.end:
			decided += 1
	return decided, kept


@pytest.mark.parametrize("days", (50, 300, 900))
def test_as_many_as_counted_by_hand(days: int) -> None:
	chance = random.Random(11)
	lives = [random_life(chance) for _each in range(20_000)]
	stays = [stay for number, events in enumerate(lives) for stay in stays_of(str(number), events)]
	made = [Promise("", HERE, own.first.began + days, own.ended, own.is_gone) for own in courses(stays)]
	for month in (Period(1, 400), Period(400, 1100), Period(1100, 4000)):
		found = [promise for promise in made if promise.is_decided(month)]
		assert (len(found), sum(own.is_kept for own in found)) == counted_by_hand(lives, days, month)


def test_what_is_promised_is_said_by_kind() -> None:
	promised = Promised(complaints=frozenset({"Complaint"}))
	assert promised.categories(Kind.COMPLAINT) == {"Complaint"}
	assert promised.categories(Kind.INQUIRY) == frozenset()


def test_shares_are_those_of_the_areas_that_are_wanted() -> None:
	"""Policy: CORE-13, QA-01"""
	here, there = Quality(), Quality()
	here.add("groups", *"abcd")
	here.add("groups_right", *"abc")
	there.add("groups", "e")
	there.times["time_requests"] += [7200, 3600, 60]
	areas = {Area("Care", "KSA"): here, Area("Money", "KSA"): there}
	assert total(areas).value("data_accuracy") == 3 / 5
	assert total(areas, lambda area: area.department == "Care").value("data_accuracy") == 3 / 4
	assert total(areas).value("time_requests") == 3600
	assert here.value("time_requests") is None
	assert here.value("satisfaction") is None
	assert total(areas).behind["groups"] == list("abcde")
	assert written(read(written(areas))) == written(areas)


def test_parts_are_put_together_and_taken_out_again() -> None:
	here, there = Area("Care", "KSA"), Area("Money", "KSA")
	promises, others = {here: Quality(), there: Quality()}, {here: Quality()}
	promises[here].add("complaints_decided", "a", "b")
	promises[there].add("inquiries_kept", "c")
	others[here].add("requests_made", "d")
	others[here].times["time_requests"].append(60)
	found = together(promises, others, promises)
	assert found[here].counts == {"complaints_decided": 4, "requests_made": 1}
	assert (found[here].times, found[there].counts) == ({"time_requests": [60]}, {"inquiries_kept": 2})
	assert promises[here].counts == {"complaints_decided": 2}
	of_promises = of_names(found, ("complaints", "inquiries"))
	assert of_promises == together(promises, promises)
	assert of_names(found, ("requests",))[here].counts == {"requests_made": 1}
