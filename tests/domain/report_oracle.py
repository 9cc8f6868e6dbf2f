"""A second, slow way to say when reports are due and what is missing: every minute's local clock, date after date.

It shares no code with the domain under test; of calendars and schedules it reads only the facts.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from tests.domain.brute_force_time import hours_on

if TYPE_CHECKING:
	from collections.abc import Iterable

	from core_helpdesk.domain.calendar_rules import CalendarRules
	from core_helpdesk.domain.deliveries import Delivery
	from core_helpdesk.domain.delivery_gaps import Limits, Person
	from core_helpdesk.domain.report_schedule import Run, Schedule

MINUTE = 60
ONE_DAY = timedelta(days=1)
EARLIER = timedelta(days=100)
"""Longer than a month and any feast of the tests."""


class Due(NamedTuple):
	report: str
	start: int
	end: int
	period_key: str
	due: int


def local_clock(zone: str, at: int) -> datetime:
	return datetime.fromtimestamp(at, timezone.utc).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@cache
def clock_around(zone: str, day: date) -> list[tuple[int, datetime]]:
	"""Every minute from a day before a date to a day after it, and what the local clock shows then."""
	return [minute for n in (-1, 0, 1) for minute in clock_of(zone, day + n * ONE_DAY)]


@cache
def clock_of(zone: str, day: date) -> list[tuple[int, datetime]]:
	begin = int(datetime.combine(day, time(), timezone.utc).timestamp())
	return [(at, local_clock(zone, at)) for at in range(begin, begin + 1440 * MINUTE, MINUTE)]


@cache
def first_minutes(zone: str, day: date) -> dict[datetime, int]:
	"""For what the local clock shows near a date, the first minute that shows it."""
	return {shown: at for at, shown in reversed(clock_around(zone, day))}


def first_showing(zone: str, day: date, seconds: int) -> int:
	"""The first minute that shows a time of a date; if none does, that of the time put forward with the clock."""
	wanted = datetime.combine(day, time()) + timedelta(seconds=seconds)
	first = first_minutes(zone, day)
	if wanted in first:
		return first[wanted]
	for (_, before), (_, shown) in pairwise(clock_around(zone, day)):
		if before < wanted < shown:
			return first[wanted + (shown - before - timedelta(minutes=1))]
	raise AssertionError((zone, wanted))


@cache
def beginning(zone: str, day: date) -> int:
	"""The first minute that shows the date, or a later one."""
	return next(at for at, shown in clock_around(zone, day) if shown.date() >= day)


def runs(schedule: Schedule, makers: CalendarRules, after: int, until: int) -> list[Due]:
	zone = schedule.zone.key
	day, last = local_clock(zone, after).date() - EARLIER, local_clock(zone, until).date() + 2 * ONE_DAY
	begun, waiting, found = None, [], []
	while day <= last:
		if is_beginning(schedule, day):
			if begun:
				waiting.append((begun, day))
			begun = day
		if schedule.rhythm.value == "Daily" or hours_on(makers, day):
			for start, end in waiting:
				due = first_showing(zone, day, schedule.time)
				if after < due <= until:
					key = period_key(schedule.rhythm.value, start, end)
					found.append(Due(schedule.report, beginning(zone, start), beginning(zone, end), key, due))
			waiting = []
		day += ONE_DAY
	return found


def is_beginning(schedule: Schedule, day: date) -> bool:
	return {
		"Daily": True,
		"Weekly": day.weekday() == schedule.weekday,
		"Monthly": day.day == 1,
	}[schedule.rhythm.value]


def week_ends(first: date, last: date, weekday: int, wishes: dict[date, int]) -> list[date]:
	"""The dates from first to last with which a week begins: day after day, and a wish is heard when a week is over."""
	day, wish, found = first, weekday, []
	while day <= last:
		if day.weekday() == weekday:
			found.append(day)
			weekday = wish
		wish = wishes.get(day, wish)
		day += ONE_DAY
	return found


def period_key(rhythm: str, start: date, end: date) -> str:
	last = end - ONE_DAY
	return {
		"Daily": f"{start:%Y-%m-%d}",
		"Weekly": f"{start:%Y-%m-%d}..{last:%Y-%m-%d}",
		"Monthly": f"{last:%Y-%m}",
	}[rhythm]


def delivered(schedule: Schedule, ready: int, there: CalendarRules) -> int:
	today = local_clock(there.zone, ready).date()
	if schedule.every_day or hours_on(there, today):
		return ready
	day = today
	while not hours_on(there, day):
		day += ONE_DAY
	return first_showing(there.zone, day, schedule.time)


def sent_on(
	day: date, schedule: Schedule, people: dict[str, CalendarRules], makers: CalendarRules
) -> set[tuple[str, str, int]]:
	"""(period, person, moment) of all that would be sent on a date of the site."""
	zone = schedule.zone.key
	start, end = beginning(zone, day), beginning(zone, day + ONE_DAY)
	return {
		(run.period_key, person, at)
		for run in runs(schedule, makers, start - 60 * 86_400, end)
		for person, there in people.items()
		if start <= (at := delivered(schedule, run.due, there)) < end
	}


def missing(
	due: Iterable[Run],
	made: set[tuple[str, str]],
	deliveries: list[Delivery],
	people: dict[str, Person],
	now: int,
	limits: Limits,
) -> set[tuple[str, str, str, str]]:
	"""(code, report, period, person) of what is missing."""
	found = set()
	for run in due:
		rows = [row for row in deliveries if (row.report, row.period_key) == (run.report, run.period_key)]
		if why := why_run(run, (run.report, run.period_key) in made, rows, now, limits):
			found.add((why, run.report, run.period_key, ""))
	silenced = {each[1:3] for each in found}
	for row in deliveries:
		why = why_row(row, people, now, limits)
		if why and not (why in ("Failed", "Not Made") and (row.report, row.period_key) in silenced):
			found.add((why, row.report, row.period_key, row.recipient))
	return found


def why_run(run: Run, is_made: bool, rows: list[Delivery], now: int, limits: Limits) -> str:
	if is_made:
		return "" if rows else "No Recipient"
	if "Failed" in [row.state.value for row in rows]:
		return "Failed"
	return "Not Made" if now >= run.due + limits.to_make else ""


def why_row(row: Delivery, people: dict[str, Person], now: int, limits: Limits) -> str:
	step, limit = {
		"Due": ("Not Made", limits.to_make),
		"Made": ("Not Queued", limits.to_queue),
		"Queued": ("Not Sent", limits.to_send),
		"Failed": ("Failed", 0),
		"Sent": ("", 0),
		"Acknowledged": ("", 0),
		"Withdrawn": ("", 0),
	}[row.state.value]
	if not step:
		return ""
	if row.recipient not in people or not people[row.recipient].enabled:
		return "Disabled"
	if not people[row.recipient].address:
		return "No Address"
	return step if step == "Failed" or (now >= row.due + limit and now >= row.since + limit) else ""
