"""A Working Calendar as a policy file describes one: its country's days off, and every date on which it differs.

A policy file names the country and the hours, and its reader adds the weekends by law and the library's public
holidays. Whatever else a site's calendar says is written as exceptions by date, found by comparing the two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core_helpdesk.domain.working_time import format_hours, parse_hours
from core_helpdesk.exports import toml_text

if TYPE_CHECKING:
	from collections.abc import Iterator, Mapping

	from core_helpdesk.domain.calendar_rules import Weekend
	from core_helpdesk.domain.working_time import CalendarRules, DayPlan, Hours

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# A calendar without any date of its own is compared from this many years back to this many ahead.
YEARS_BACK, YEARS_AHEAD = 3, 2


@dataclass(frozen=True, slots=True)
class CalendarTable:
	"""The keys of one calendar in a policy file, but for its exceptions."""

	code: str
	zone: str
	hours: Hours
	weekday_hours: Mapping[int, Hours]
	ramadan_hours: Hours

	def rules(self, years: range) -> CalendarRules:
		"""What a replay counts with, before exceptions.

		Raises: UnknownCountry
		"""
		from core_helpdesk.calendars import country_rules  # the library takes half a second to load

		plain = country_rules(
			self.code,
			years,
			hours=self.hours,
			ramadan_hours=self.ramadan_hours or None,
			zone=self.zone,
			plain=True,
		)
		return replace(plain, weekday_hours=self.weekday_hours)


def lines(rules: CalendarRules, code: str, year: int) -> list[str]:
	"""The calendar's tables in a policy file.

	Raises: UnknownCountry if the library does not know the country.
	"""
	table = table_of(rules, code)
	years = dated_years(rules) or range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
	return [*_keys(table), *_exceptions(rules, table.rules(years), years)]


def table_of(rules: CalendarRules, code: str) -> CalendarTable:
	"""The keys that leave few dates to be exceptions; how many they leave is a matter of length only."""
	from core_helpdesk.calendars import RAMADAN, weekends

	present, by_law = _newest(rules.weekends), _newest(weekends(code))
	by_weekday = dict(rules.weekday_hours)
	if present and by_law:
		by_weekday |= present.half_days
		by_weekday |= dict.fromkeys(present.days - by_law.days, ())
	ramadan = [season.hours for season in rules.seasons if season.name == RAMADAN]
	return CalendarTable(
		code,
		rules.zone,
		to_the_minute(rules.hours),
		{weekday: to_the_minute(hours) for weekday, hours in by_weekday.items()},
		to_the_minute(ramadan[-1]) if ramadan else (),
	)


def dated_years(rules: CalendarRules) -> range:
	"""The years for which the calendar has dates; for others the country's law says more than an empty list."""
	days = [item.day for item in (*rules.holidays, *rules.exceptions)]
	days += [day for season in rules.seasons for day in (season.first, season.last)]
	return range(min(days).year, max(days).year + 1) if days else range(0)


def to_the_minute(hours: Hours) -> Hours:
	"""The hours as a policy file can write them."""
	return parse_hours(format_hours(hours)) if hours else ()


def _newest(weekends: tuple[Weekend, ...]) -> Weekend | None:
	return max(weekends, key=lambda weekend: weekend.first or date.min, default=None)


def _keys(table: CalendarTable) -> Iterator[str]:
	name = toml_text.key(table.code)
	yield f"[calendars.{name}]"
	yield f"country = {toml_text.text(table.code)}"
	yield f"timezone = {toml_text.text(table.zone)}"
	if table.hours:
		yield f"hours = {_hours(table.hours)}"
	if table.ramadan_hours:
		yield f"ramadan_hours = {_hours(table.ramadan_hours)}"
	if table.weekday_hours:
		yield from ("", f"[calendars.{name}.weekday_hours]")
		for weekday, hours in sorted(table.weekday_hours.items()):
			yield f"{WEEKDAYS[weekday]} = {_hours(hours)}"
	yield from ("", f"[calendars.{name}.exceptions]")


def _exceptions(rules: CalendarRules, plain: CalendarRules, years: range) -> Iterator[str]:
	for day in _days(years):
		plan = rules.day(day)
		if to_the_minute(plan.hours) != plain.day(day).hours:
			yield f"{day} = {_hours(plan.hours)}{_why(plan)}"


def _days(years: range) -> Iterator[date]:
	first, end = date(years[0], 1, 1), date(years[-1] + 1, 1, 1)
	return (first + timedelta(days=number) for number in range((end - first).days))


def _why(plan: DayPlan) -> str:
	return f"  {toml_text.comment(plan.reason)}" if plan.reason.strip() else ""


def _hours(hours: Hours) -> str:
	return toml_text.texts(format_hours((interval,)) for interval in hours)
