"""The months that reports are of, as text like 2026-10, in the site's own time."""

from __future__ import annotations

import re
from datetime import date, datetime

from babel.core import UnknownLocaleError
from babel.dates import format_skeleton

from core_helpdesk import config
from core_helpdesk.domain.tracing_figures import Month

FORM = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def is_month(text: str) -> bool:
	"""True for a month of a year that calendars know."""
	found = FORM.fullmatch(text)
	return bool(found) and 2000 <= int(found[1]) < 2100


def of(at: int) -> str:
	"""The month in which a moment lies.

	Units: seconds since the epoch.
	"""
	return f"{config.from_epoch(at):%Y-%m}"


def before(month: str) -> str:
	first = _first_day(month)
	return f"{first.year - 1}-12" if first.month == 1 else f"{first.year}-{first.month - 1:02}"


def after(month: str) -> str:
	first = _first_day(month)
	return f"{first.year + 1}-01" if first.month == 12 else f"{first.year}-{first.month + 1:02}"


def last_closed(now: int) -> str:
	"""The month that ended last.

	Units: seconds since the epoch.
	"""
	return before(of(now))


def window(month: str, now: int = 0) -> Month:
	"""From the beginning of a month to its end; to `now` while it runs, if that is given.

	Units: seconds since the epoch.
	"""
	start, end = _beginning(month), _beginning(after(month))
	return Month(start, min(end, now + 1) if now else end)


def in_words(month: str, language: str) -> str:
	"""The month with its year in the language, as "October 2026"."""
	first = _first_day(month)
	try:
		return format_skeleton("yMMMM", first, locale=language.replace("-", "_"))
	except (UnknownLocaleError, ValueError):
		return format_skeleton("yMMMM", first, locale="en")


def _first_day(month: str) -> date:
	year, number = month.split("-")
	return date(int(year), int(number), 1)


def _beginning(month: str) -> int:
	return config.to_epoch(datetime.combine(_first_day(month), datetime.min.time()))
