"""A working calendar in words: the hours of an ordinary week, and the season that is running."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from frappe import _

from core_helpdesk.documents import WEEKDAYS
from core_helpdesk.domain.errors import CalendarError
from core_helpdesk.shown import day

if TYPE_CHECKING:
	from datetime import date

	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.working_time import CalendarRules, Hours

WEEK = 7
# The word of the Working Calendar for days of the week.
CONTEXT = "Working Calendar Weekend"


class Line(NamedTuple):
	"""Days, and their hours; hours are figures, which read from left to right in every language."""

	days: str
	hours: str


def week_in_words(calendar: str, rules: SiteRules, today: date) -> list[Line]:
	"""The lines of a calendar; none where it has no hours that could be told."""
	try:
		told = rules.timer(calendar).rules
	except CalendarError:
		return []
	return [*(_line(days, hours) for days, hours in stretches(told, today)), *_season(told, today)]


def stretches(rules: CalendarRules, today: date) -> list[tuple[list[int], Hours]]:
	"""Days of an ordinary week that follow one another with the same hours, from the first after a day off."""
	ordinary = replace(rules, holidays=(), seasons=(), exceptions=())
	hours = {(on := today + timedelta(days=n)).weekday(): ordinary.day(on).hours for n in range(WEEK)}
	found: list[tuple[list[int], Hours]] = []
	for weekday in _from_first_day(hours):
		if found and found[-1][1] == hours[weekday]:
			found[-1][0].append(weekday)
		else:
			found.append(([weekday], hours[weekday]))
	return found


def _from_first_day(hours: dict[int, Hours]) -> list[int]:
	opens = [weekday for weekday in range(WEEK) if hours[weekday] and not hours[(weekday - 1) % WEEK]]
	first = opens[0] if opens else 0
	return [(first + n) % WEEK for n in range(WEEK)]


def _line(days: list[int], hours: Hours) -> Line:
	names = [_(WEEKDAYS[weekday], context=CONTEXT) for weekday in days]
	return Line(_named(names), spans(hours))


def _named(names: list[str]) -> str:
	if len(names) == WEEK:
		return _("Every day")
	if len(names) > 2:
		return _("{0} to {1}").format(names[0], names[-1])
	return (
		_("{0} and {1}", context="Working Calendar Weekend").format(*names) if len(names) == 2 else names[0]
	)


def spans(hours: Hours) -> str:
	"""Figures only; empty for a day off."""
	return ", ".join(f"{_clock(begin)}–{_clock(end)}" for begin, end in hours)


def _clock(seconds: int) -> str:
	return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def _season(rules: CalendarRules, today: date) -> list[Line]:
	running = [season for season in rules.seasons if season.first <= today <= season.last]
	text = _("{0}, until {1}")
	return [Line(text.format(_(season.name), day(season.last)), spans(season.hours)) for season in running]
