"""When a report is due and on which period, and when it is delivered to whom.

Values in, values out: no frappe, no reading of the time of day. Seconds are since the epoch (UTC). Days, weeks and
months are those of the site's zone, so one in which clocks are changed has the hours that it has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple, Protocol

from core_helpdesk.domain.compiler import midnight
from core_helpdesk.domain.errors import NoWorkingTime
from core_helpdesk.domain.period import Period

if TYPE_CHECKING:
	from collections.abc import Iterator
	from zoneinfo import ZoneInfo

	from core_helpdesk.domain.calendar_rules import CalendarRules

RunKey = tuple[str, str]
"""A report, and the text that names a period: by these the ledger knows a run."""

ONE_DAY = timedelta(days=1)
LONGEST_FEAST = timedelta(days=366)
"""A calendar in which nobody works for longer is taken for a mistake."""


class Calendar(Protocol):
	"""A calendar as far as reports ask it: by the clock of which zone it goes, and on which dates there are hours."""

	rules: CalendarRules


class Rhythm(str, Enum):
	"""How often a report is made: each day, week or month of the site is the period of one run."""

	DAILY = "Daily"
	WEEKLY = "Weekly"
	MONTHLY = "Monthly"


class WeekdayFrom(NamedTuple):
	"""The date on which one period of a weekly report ends and the next begins, and the weekday that ends them from
	then on, Monday being 0.
	"""

	start: date
	weekday: int


@dataclass(frozen=True, slots=True)
class Schedule:
	"""The rhythm of one report, and the time of the day in the site's zone at which it is made.

	`weekday` (Monday is 0) is the day after a week of a weekly report, until the first of `weekdays` begins; those are in
	the order of their dates. `every_day` delivers on days off too.
	Units: `time` is seconds of the local day.
	Policy: TSM-09, TSM-13, TSM-14, TRC-18
	"""

	report: str
	rhythm: Rhythm
	time: int
	zone: ZoneInfo
	weekday: int = 6
	every_day: bool = False
	weekdays: tuple[WeekdayFrom, ...] = ()


class Run(NamedTuple):
	"""One making of a report.

	`period_key` names the period in the site's days: 2026-11-22, 2026-11-15..2026-11-21, 2026-10. It stays the same
	however the calendar moves `due`.
	Units: `due` is epoch seconds.
	"""

	report: str
	period: Period
	period_key: str
	due: int

	@property
	def key(self) -> RunKey:
		return self.report, self.period_key


def runs_due(schedule: Schedule, makers: Calendar, after: int, until: int) -> list[Run]:
	"""The runs due in (after, until] in order, each once, however long nobody asked.

	A holiday confirmed on another date, or another set time, moves runs across a moment up to which was asked
	before. So ask with an `after` that overlaps by weeks and leave out what the ledger has; but never from before the
	schedule was switched on.

	Units: epoch seconds.
	Raises: NoWorkingTime if the makers do not work for a year.
	Policy: TSM-09, TSM-13, TSM-14, TRC-18
	"""
	return list(takewhile(lambda run: run.due > after, latest_runs(schedule, makers, until)))[::-1]


def latest_runs(schedule: Schedule, makers: Calendar, until: int) -> Iterator[Run]:
	"""The runs due until a moment, that included, from the latest backwards without end.

	Units: epoch seconds.
	Raises: NoWorkingTime if the makers do not work for a year.
	"""
	# Where clocks are put back at midnight, a date that has begun is over again for an hour.
	end = _border(schedule, local_date(schedule.zone, until) + ONE_DAY)
	while True:
		start = _border(schedule, end - ONE_DAY)
		run = _run(schedule, makers, start, end)
		if run.due <= until:
			yield run
		end = start


def change_weekday(schedule: Schedule, weekday: int, today: date) -> Schedule:
	"""The weekly schedule with another weekday from the end of the running week on.

	That week ends as it was to; the days from there to the next such weekday are a shorter period of their own. So every
	day belongs to one report, however often the weekday is changed.

	Policy: TSM-14
	"""
	start = _next_border(schedule, today)
	before = tuple(each for each in schedule.weekdays if each.start < start)
	kept = before[-1].weekday if before else schedule.weekday
	return replace(schedule, weekdays=before if kept == weekday else (*before, WeekdayFrom(start, weekday)))


def _next_border(schedule: Schedule, day: date) -> date:
	found = day + ONE_DAY
	while _border(schedule, found) != found:
		found += ONE_DAY
	return found


def delivery_due(schedule: Schedule, ready: int, calendar: Calendar) -> int:
	"""When a report that is ready at a moment is delivered to a person with this calendar.

	At once; on a day off there, at the set time of the next working day by that country's clock, unless the
	schedule delivers every day. `ready` is the run's due moment, or when a missed run was made up. While an estimated
	holiday is not confirmed the answer may change: ask again before it is sent.

	Units: epoch seconds.
	Raises: NoWorkingTime if nobody works there for a year.
	Policy: TSM-09, TSM-13, TSM-14
	"""
	if schedule.every_day:
		return ready
	there = calendar.rules.timezone
	today = local_date(there, ready)
	workday = next_workday(calendar, today)
	return ready if workday == today else max(ready, _moment(there, workday, schedule.time))


def next_workday(calendar: Calendar, day: date) -> date:
	"""The first date from `day` on, that included, with working hours.

	Raises: NoWorkingTime if there is none for a year.
	"""
	last = day + LONGEST_FEAST
	found = day
	while not calendar.rules.day(found).hours:
		if found == last:
			raise NoWorkingTime(day, last)
		found += ONE_DAY
	return found


def dates(zone: ZoneInfo, first: date, end: date) -> Period:
	"""The time of the local dates from `first` to before `end`."""
	return Period(midnight(zone, first), midnight(zone, end))


def local_date(zone: ZoneInfo, at: int) -> date:
	"""The date that the local calendar shows at a moment."""
	return datetime.fromtimestamp(at, zone).date()


def _border(schedule: Schedule, day: date) -> date:
	"""The last date, not after `day`, with which a period of the schedule begins."""
	if schedule.rhythm is Rhythm.MONTHLY:
		return day.replace(day=1)
	return _week_border(schedule, day) if schedule.rhythm is Rhythm.WEEKLY else day


def _week_border(schedule: Schedule, day: date) -> date:
	begun = [each for each in schedule.weekdays if each.start <= day]
	start, weekday = begun[-1] if begun else WeekdayFrom(date.min, schedule.weekday)
	return max(start, day - timedelta(days=(day.weekday() - weekday) % 7))


def _run(schedule: Schedule, makers: Calendar, start: date, end: date) -> Run:
	workday = end if schedule.rhythm is Rhythm.DAILY else next_workday(makers, end)
	return Run(
		schedule.report,
		dates(schedule.zone, start, end),
		_period_key(schedule.rhythm, start, end),
		_moment(schedule.zone, workday, schedule.time),
	)


def _period_key(rhythm: Rhythm, start: date, end: date) -> str:
	if rhythm is Rhythm.MONTHLY:
		return start.isoformat()[: len("2026-10")]
	return f"{start}..{end - ONE_DAY}" if rhythm is Rhythm.WEEKLY else start.isoformat()


def _moment(zone: ZoneInfo, day: date, seconds: int) -> int:
	"""When the local clock shows a time of a date.

	The first time, where it does so twice; where clocks are put forward over it, as much later as they are put.
	"""
	shown = datetime.combine(day, time()) + timedelta(seconds=seconds)
	return int(shown.replace(tzinfo=zone).timestamp())
