"""An oracle for working time that looks at every minute's local clock; shares no code with what it checks.

It reads only the facts of the rules (which hours, which days), never their methods.
"""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
	from core_helpdesk.domain.working_time import CalendarRules, Hours

MINUTE = 60


def hours_on(rules: CalendarRules, day: date) -> Hours:
	for exception in rules.exceptions:
		if exception.day == day:
			return exception.hours
	if any(holiday.day == day for holiday in rules.holidays):
		return ()
	weekly = weekly_hours(rules, day)
	if weekly is not None:
		return weekly
	for season in rules.seasons:
		if season.first <= day <= season.last:
			return season.hours
	return rules.weekday_hours.get(day.weekday(), rules.hours)


def weekly_hours(rules: CalendarRules, day: date) -> Hours | None:
	in_force = [weekend for weekend in rules.weekends if (weekend.first or date.min) <= day]
	if not in_force:
		return None
	latest = max(in_force, key=lambda weekend: weekend.first or date.min)
	return () if day.weekday() in latest.days else latest.half_days.get(day.weekday())


def local_clock(rules: CalendarRules, at: int) -> datetime:
	return datetime.fromtimestamp(at, timezone.utc).astimezone(ZoneInfo(rules.zone))


def is_working(rules: CalendarRules, at: int) -> bool:
	clock = local_clock(rules, at)
	shown = clock.hour * 3600 + clock.minute * 60 + clock.second
	return any(begin <= shown < end for begin, end in hours_on(rules, clock.date()))


def elapsed(rules: CalendarRules, start: int, end: int) -> int:
	"""Moments must be whole minutes."""
	return sum(MINUTE for at in range(start, end, MINUTE) if is_working(rules, at))


def add(rules: CalendarRules, start: int, seconds: int, limit: int) -> int | None:
	"""None if the count is not complete by `limit`; moments and seconds must be whole minutes."""
	at = start
	while seconds > 0:
		if at >= limit:
			return None
		if is_working(rules, at):
			seconds -= MINUTE
		at += MINUTE
	return at


def add_working_days(rules: CalendarRules, start: int, days: int, limit: int) -> int | None:
	"""None if the closing time lies after `limit`."""
	closing_of: dict[date, int] = {}
	for at in range(start - 2 * 86_400, limit + 86_400, MINUTE):
		if is_working(rules, at):
			closing_of[local_clock(rules, at).date()] = at + MINUTE
	closings = sorted(closing for closing in closing_of.values() if closing > start)
	return closings[days] if days < len(closings) and closings[days] <= limit else None
