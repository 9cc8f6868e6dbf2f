"""Stretches of the site's days that reports are asked for: from a first day to a last one, that included."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import frappe
from babel.core import UnknownLocaleError
from babel.dates import format_skeleton
from frappe import _
from frappe.utils import formatdate, get_user_date_format

from core_helpdesk import config, shown
from core_helpdesk.domain.period import Period
from core_helpdesk.reports import readers

FILTERS = ("since", "until")
ONE_DAY, WEEK = timedelta(days=1), 7
LONGEST = 366
"""Days that are reported at once: a year, and a leap year."""
LONGEST_MONTH = timedelta(days=31)
# More days than these are drawn as weeks, and more weeks as months.
MOST_DAYS, MOST_WEEKS = 31, 18
YEARS = range(2000, 2100)


class Days(NamedTuple):
	"""From `first` to `last`, both included."""

	first: date
	last: date

	@property
	def length(self) -> int:
		return (self.last - self.first).days + 1

	@property
	def since_until(self) -> dict[str, str]:
		"""As filters have them."""
		return dict(zip(FILTERS, map(str, self), strict=True))

	def period(self, now: int) -> Period:
		"""Their time, until now where they are not over.

		Units: seconds since the epoch.
		"""
		start, end = (config.to_epoch(datetime.combine(day, time.min)) for day in self._borders())
		return Period(start, min(end, now + 1))

	def _borders(self) -> tuple[date, date]:
		return self.first, self.last + ONE_DAY

	def before(self) -> Days:
		"""As many days, until the day before."""
		return ending(self.first - ONE_DAY, self.length)

	def parts(self) -> list[Days]:
		"""Each day; of many days each seven, the last of them maybe fewer; of more than these each month's."""
		if self.length > WEEK * MOST_WEEKS:
			return self.months()
		step = 1 if self.length <= MOST_DAYS else WEEK
		firsts = [self.first + ONE_DAY * number for number in range(0, self.length, step)]
		return [Days(first, min(first + ONE_DAY * (step - 1), self.last)) for first in firsts]

	def months(self) -> list[Days]:
		"""Of each month the days that are among these."""
		found, first = [], self.first
		while first <= self.last:
			following = (first.replace(day=1) + LONGEST_MONTH).replace(day=1)
			found.append(Days(first, min(following - ONE_DAY, self.last)))
			first = following
		return found

	@property
	def month(self) -> str:
		"""The month that they are from its first day to its last, as 2026-10; empty if they are none."""
		is_whole = self.first.day == 1 and self.months() == [self] and (self.last + ONE_DAY).day == 1
		return f"{self.first:%Y-%m}" if is_whole else ""

	def in_words(self) -> str:
		"""The first and the last day in the reader's way of writing days."""
		return _("{0} until {1}").format(shown.day(self.first), shown.day(self.last))


def ending(last: date, count: int) -> Days:
	return Days(last - ONE_DAY * (count - 1), last)


def today(now: int) -> date:
	"""Units: seconds since the epoch."""
	return config.from_epoch(now).date()


def last_week(now: int) -> Days:
	"""The week that is over, by the day with which weeks begin in the settings.

	Units: seconds since the epoch.
	Policy: TSM-14
	"""
	day = today(now)
	begun = (day.weekday() - config.report_settings().weekly_day) % WEEK
	return ending(day - ONE_DAY * (begun + 1), WEEK)


def asked(filters: dict[str, Any] | None, default: Days) -> Days:
	"""The days of the filters; what they leave open, or say in no way that is a day, is as in `default`.

	Raises: ValidationError for more days than a year has.
	"""
	first, last = (_day(readers.chosen(filters, name)) for name in FILTERS)
	if first:
		found = Days(first, max(first, last or default.last))
	else:
		found = ending(last, default.length) if last else default
	if found.length > LONGEST:
		message = _("{0} days are more than one report tells. Choose {1} days or fewer.")
		frappe.throw(message.format(found.length, LONGEST), title=_("Too Many Days"))
	return found


def _day(text: str) -> date | None:
	try:
		found = date.fromisoformat(text[: len("2026-10-31")])
	except ValueError:
		return None
	return found if found.year in YEARS else None


def point(day: date, count: int) -> str:
	"""A day as briefly as there is room for under one of many points: of a month's days the number alone, of a year's
	the month."""
	if count <= MOST_DAYS:
		return str(day.day)
	if count > WEEK * MOST_WEEKS:
		return _spoken("MMM", day)
	return formatdate(day, get_user_date_format().replace("yyyy", "").strip("-/. "))


def short(day: date) -> str:
	"""A day without its year in the reader's language, as "31 Oct", for a chart."""
	return _spoken("MMMd", day)


def _spoken(form: str, day: date) -> str:
	try:
		return format_skeleton(form, day, locale=(frappe.local.lang or "en").replace("-", "_"))
	except (UnknownLocaleError, ValueError):
		return format_skeleton(form, day, locale="en")
