"""Which tickets have to be read for the promises of a period: no more than these, and never one too few."""

from __future__ import annotations

import random
from typing import NamedTuple

import pytest

from core_helpdesk.domain.period import Period
from core_helpdesk.domain.promises import FRESH, Course, Kind, Promise, Promised, courses
from core_helpdesk.domain.ticket_facts import Began, Ended, Place, Stay

PROMISED = Promised(frozenset({"Complaint", "Claim"}), frozenset({"Inquiry"}))
CATEGORIES = ("Complaint", "Claim", "Inquiry", "Praise", "")
DUE = {Kind.COMPLAINT: 330, Kind.INQUIRY: 24}
LONGEST = {Kind.COMPLAINT: 33 * 24, Kind.INQUIRY: 24}
END = 2400
MONTHS = [Period(1, 720), Period(720, 1392), Period(1392, END)]
ENDS = {
	Ended.MOVED_OUT: (Began.MOVED_IN,),
	Ended.HANDED_BACK: (Began.HANDED_BACK,),
	Ended.CLOSED: (Began.REOPENED, Began.TAKEN_ON),
	Ended.GONE: (Began.TAKEN_ON,),
}


class Life(NamedTuple):
	"""A ticket's stays, and when it was replied to first; 0 if it never was."""

	stays: list[Stay]
	reply: int


def life(chance: random.Random, ticket: str, *, is_plain: bool = False) -> Life:
	"""A ticket that is moved, passed to no group for a while, recategorised, closed, reopened, merged and unmerged.

	A plain one keeps its category, and is never in no group while it is open.
	"""
	at, by, found = chance.randrange(1, END), chance.choice((Began.RECEIVED, *FRESH, Began.MOVED_IN)), []
	category, reply = chance.choice(CATEGORIES), chance.choice((0, chance.randrange(1, END)))
	for _step in range(chance.randint(1, 6)):
		if not is_plain and chance.random() < 0.3:
			category = chance.choice(CATEGORIES)
		left = at + chance.choice((0, 5, 24, 60, 330, 700)) + chance.randrange(20)
		how = chance.choice(list(ENDS))
		is_over = left < END and chance.random() < 0.9
		place = Place("KSA", "Care", ticket_category=category)
		found.append(Stay(ticket, place, at, by, left if is_over else 0, how if is_over else Ended.NOT))
		if not is_over:
			break
		goes_on = how in (Ended.MOVED_OUT, Ended.HANDED_BACK)
		is_straight_on = goes_on and (is_plain or chance.random() < 0.6)
		at, by = left + (0 if is_straight_on else chance.randrange(500)), chance.choice(ENDS[how])
		if at >= END:
			break
	return Life(found, reply)


def promise(course: Course, kind: Kind, reply: int) -> Promise | None:
	"""What the reading makes of a course, with a straight count of time for the working days."""
	own = reply if kind is Kind.INQUIRY and course.waits_for_first_reply else 0
	if 0 < own < course.first.began:
		return None
	kept = min((at for at in (own, course.ended) if at), default=0)
	is_gone = course.is_gone and kept == course.ended
	return Promise(course.first.ticket, course.first.place, course.first.began + DUE[kind], kept, is_gone)


def decided(lives: list[Life], period: Period) -> list[Promise]:
	found = [
		promise(course, kind, each.reply)
		for each in lives
		for course in courses(each.stays)
		for kind in Kind
		if course.category in PROMISED.categories(kind)
	]
	return [one for one in found if one and one.is_decided(period)]


def is_read(stay: Stay, period: Period) -> bool:
	"""Whether a stay is one for which the records ask, to read all of its ticket."""
	if stay.place.ticket_category not in PROMISED.complaints | PROMISED.inquiries:
		return False
	has_begun = stay.began < period.end or stay.by not in FRESH
	return has_begun and (not stay.ended or stay.ended >= period.start)


def was_read(stay: Stay, period: Period) -> bool:
	"""As they asked once, with a slack as long as any promise."""
	return any(
		stay.place.ticket_category in PROMISED.categories(kind)
		and stay.began < period.end
		and (not stay.ended or stay.ended >= period.start - LONGEST[kind])
		for kind in Kind
	)


def until(lives: list[Life], end: int) -> list[Life]:
	"""The lives as they stood when a moment came: what happened at it or later had not."""
	return [
		Life([_until(stay, end) for stay in each.stays if stay.began < end], each.reply * (each.reply < end))
		for each in lives
	]


def _until(stay: Stay, end: int) -> Stay:
	is_over = 0 < stay.ended < end
	return stay if is_over else Stay(stay.ticket, stay.place, stay.began, stay.by)


def some_lives(seed: int, *, count: int = 3000, is_plain: bool = False) -> list[Life]:
	chance = random.Random(seed)
	return [life(chance, str(number), is_plain=is_plain) for number in range(count)]


@pytest.mark.parametrize("seed", range(3))
def test_no_promise_is_missed(seed: int) -> None:
	"""Policy: CX-2.1, CX-3.7, QA-12"""
	lives, chance = some_lives(seed), random.Random(seed)
	days = [Period(start, start + 24) for start in chance.sample(range(1, END - 24), 10)]
	for period in (*MONTHS, *days):
		found = decided(lives, period)
		read = [each for each in lives if any(is_read(stay, period) for stay in each.stays)]
		assert decided(read, period) == found
		assert len(found) > 0
		assert len(read) < len(lives)


@pytest.mark.parametrize("seed", range(3))
def test_as_many_as_with_a_slack_before_the_period(seed: int) -> None:
	"""As a month is read while it runs and when it is over; what came later than its end was once left out at times."""
	lives = some_lives(seed)
	for period in MONTHS:
		present, later = until(lives, period.end), lives
		for then in (present, later):
			slack = [each for each in then if any(was_read(stay, period) for stay in each.stays)]
			read = [each for each in then if any(is_read(stay, period) for stay in each.stays)]
			assert set(decided(slack, period)) <= set(decided(read, period))
			if then is present:
				assert decided(slack, period) == decided(read, period)
				assert len(read) < len(slack) or period.start == 1


@pytest.mark.parametrize("seed", range(3))
def test_days_add_up_to_their_month_whatever_becomes_of_it_later(seed: int) -> None:
	"""What was decided on a day was so in the evening already. Policy: CX-2.1, CX-3.7, QA-12"""
	lives = some_lives(seed, is_plain=True)
	days = [Period(start, min(start + 24, MONTHS[1].end)) for start in range(*MONTHS[1], 24)]
	in_the_evening = [one for day in days for one in decided(until(lives, day.end), day)]
	assert told(in_the_evening) == told(decided(lives, MONTHS[1]))


def told(promises: list[Promise]) -> list[tuple[str, int, bool]]:
	return sorted((one.stay, one.due, one.is_kept) for one in promises)
