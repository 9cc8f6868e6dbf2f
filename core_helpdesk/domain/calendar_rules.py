"""What a working calendar says about each local date, before it is compiled.

Decides which hours a date has and why; imports the standard library only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core_helpdesk.domain.errors import BadInterval, BadSeason, OverlappingIntervals, UnknownTimeZone

if TYPE_CHECKING:
	from collections.abc import Iterable, Mapping

Hours = tuple[tuple[int, int], ...]
"""Working intervals of a day: seconds of the local day, half-open, sorted, not overlapping."""

DAY = 86_400
HALF_DAY_REASON = "Half day"
WEEKEND_REASON = "Weekend"

_INTERVAL = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})")
_SEPARATORS = re.compile(r"[,،;\n]")


def parse_hours(text: str) -> Hours:
	"""The intervals written as "08:00-12:00,13:00-17:00", or one to a line.

	Units: seconds of the local day.
	Raises: BadInterval for text that is no interval of one day, OverlappingIntervals.
	"""
	parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
	if not parts:
		raise BadInterval(text, "no hours are given")
	return checked_hours(_parse_interval(part) for part in parts)


def _parse_interval(text: str) -> tuple[int, int]:
	match = _INTERVAL.fullmatch(text)
	if not match:
		raise BadInterval(text, "expected for example 08:00-12:00")
	from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
	if max(from_minute, to_minute) > 59:
		raise BadInterval(text, "an hour has 60 minutes")
	return from_hour * 3600 + from_minute * 60, to_hour * 3600 + to_minute * 60


def format_hours(hours: Hours) -> str:
	"""The intervals in the form that `parse_hours` reads."""
	return ",".join(f"{_format_time(begin)}-{_format_time(end)}" for begin, end in hours)


def _format_time(seconds: int) -> str:
	return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def checked_hours(intervals: Iterable[tuple[int, int]]) -> Hours:
	"""The intervals in order, once each of them lies within one day and none overlaps another.

	Raises: BadInterval, OverlappingIntervals.
	"""
	hours = tuple(sorted((begin, end) for begin, end in intervals))
	for begin, end in hours:
		if not 0 <= begin <= DAY or not 0 <= end <= DAY:
			raise BadInterval(format_hours(((begin, end),)), "a day has 24 hours")
		if end == begin:
			raise BadInterval(format_hours(((begin, end),)), "it is empty")
		if end < begin:
			raise BadInterval(format_hours(((begin, end),)), "it runs past midnight; write two intervals")
	for earlier, later in pairwise(hours):
		if later[0] < earlier[1]:
			raise OverlappingIntervals(format_hours((earlier,)), format_hours((later,)))
	return hours


def _checked_by_weekday(hours: Mapping[int, Hours]) -> dict[int, Hours]:
	return {weekday: checked_hours(intervals) for weekday, intervals in hours.items()}


def _timezone(name: str) -> ZoneInfo:
	try:
		return ZoneInfo(name)
	except (ZoneInfoNotFoundError, ValueError, OSError) as error:
		raise UnknownTimeZone(name) from error


@dataclass(frozen=True, slots=True)
class Season:
	"""Other hours from `first` to `last`, both included."""

	name: str
	first: date
	last: date
	hours: Hours
	estimated: bool = False

	def __post_init__(self) -> None:
		object.__setattr__(self, "hours", checked_hours(self.hours))
		if self.last < self.first:
			raise BadSeason(self.name, self.first, self.last)

	def days(self) -> Iterable[date]:
		return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class Holiday:
	"""A date on which nobody works; `estimated` until the moon, or an authority, has confirmed it."""

	day: date
	name: str
	estimated: bool = False


@dataclass(frozen=True, slots=True)
class DayException:
	"""A date with hours of its own; without hours it is a day off."""

	day: date
	hours: Hours
	reason: str

	def __post_init__(self) -> None:
		object.__setattr__(self, "hours", checked_hours(self.hours))


@dataclass(frozen=True, slots=True)
class Weekend:
	"""The weekly days off (Monday is 0) and half days, in force from `first`; None: from the beginning."""

	first: date | None
	days: frozenset[int]
	half_days: Mapping[int, Hours] = field(default_factory=dict, hash=False)

	def __post_init__(self) -> None:
		object.__setattr__(self, "half_days", _checked_by_weekday(self.half_days))


class DayPlan(NamedTuple):
	"""The hours of one date, and why they are not the ordinary ones ("" for an ordinary working day)."""

	hours: Hours
	reason: str = ""
	kind: str = "working"
	estimated: bool = False


@dataclass(frozen=True)
class CalendarRules:
	"""Everything that makes the working time of one calendar.

	For one date an exception goes before a holiday, a holiday before weekend and half day, these before a
	season, a season before the hours of the weekday, and those before the ordinary hours.
	"""

	zone: str
	hours: Hours
	weekday_hours: Mapping[int, Hours] = field(default_factory=dict)
	weekends: tuple[Weekend, ...] = ()
	seasons: tuple[Season, ...] = ()
	holidays: tuple[Holiday, ...] = ()
	exceptions: tuple[DayException, ...] = ()
	timezone: ZoneInfo = field(init=False, repr=False, compare=False)

	def __post_init__(self) -> None:
		object.__setattr__(self, "hours", checked_hours(self.hours))
		object.__setattr__(self, "weekday_hours", _checked_by_weekday(self.weekday_hours))
		object.__setattr__(self, "timezone", _timezone(self.zone))

	def __hash__(self) -> int:
		return self._hash

	def day(self, on: date) -> DayPlan:
		"""The hours of a date and the reason for them."""
		return (
			self._dated.get(on) or self._weekly(on) or self._seasonal.get(on) or self._ordinary[on.weekday()]
		)

	def _weekly(self, on: date) -> DayPlan | None:
		for first, plans in self._eras:
			if first is None or first <= on:
				return plans.get(on.weekday())
		return None

	@cached_property
	def _dated(self) -> dict[date, DayPlan]:
		plans: dict[date, DayPlan] = {}
		for exception in self.exceptions:
			plans.setdefault(exception.day, DayPlan(exception.hours, exception.reason, "exception"))
		# Of two holidays on one date the certain one decides.
		for holiday in sorted(self.holidays, key=lambda holiday: holiday.estimated):
			plans.setdefault(holiday.day, DayPlan((), holiday.name, "holiday", holiday.estimated))
		return plans

	@cached_property
	def _seasonal(self) -> dict[date, DayPlan]:
		plans: dict[date, DayPlan] = {}
		for season in self.seasons:
			plan = DayPlan(season.hours, season.name, "season", season.estimated)
			plans.update((day, plan) for day in season.days() if day not in plans)
		return plans

	@cached_property
	def _eras(self) -> list[tuple[date | None, dict[int, DayPlan]]]:
		newest_first = sorted(self.weekends, key=lambda weekend: weekend.first or date.min, reverse=True)
		return [(weekend.first, _weekly_plans(weekend)) for weekend in newest_first]

	@cached_property
	def _ordinary(self) -> list[DayPlan]:
		every_day = (self.weekday_hours.get(weekday, self.hours) for weekday in range(7))
		return [DayPlan(hours) if hours else DayPlan((), WEEKEND_REASON, "weekend") for hours in every_day]

	@cached_property
	def _hash(self) -> int:
		by_weekday = tuple(sorted(self.weekday_hours.items()))
		return hash(
			(self.zone, self.hours, by_weekday, self.weekends, self.seasons, self.holidays, self.exceptions)
		)


def _weekly_plans(weekend: Weekend) -> dict[int, DayPlan]:
	plans = {
		weekday: DayPlan(hours, HALF_DAY_REASON, "half-day") for weekday, hours in weekend.half_days.items()
	}
	return plans | {weekday: DayPlan((), WEEKEND_REASON, "weekend") for weekday in weekend.days}
