"""Calendars and moments that several tests of working time share."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from core_helpdesk.domain.working_time import CalendarRules, Weekend, WorkCalendar, parse_hours

FRIDAY_SATURDAY = (Weekend(None, frozenset({4, 5})),)
SATURDAY_SUNDAY = (Weekend(None, frozenset({5, 6})),)


def at(text: str, zone: str = "Asia/Riyadh", *, fold: int = 0) -> int:
	"""The moment at which the local clock shows this time; the second time it does so with `fold` 1."""
	return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def shown(moment: int, zone: str = "Asia/Riyadh") -> str:
	"""What the local clock shows."""
	return f"{datetime.fromtimestamp(moment, ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def make_rules(**facts: object) -> CalendarRules:
	"""Riyadh, 08:00–12:00 and 13:00–17:00, Friday and Saturday off, unless said otherwise."""
	usual = {
		"zone": "Asia/Riyadh",
		"hours": parse_hours("08:00-12:00,13:00-17:00"),
		"weekends": FRIDAY_SATURDAY,
	}
	return CalendarRules(**(usual | facts))


def make_calendar(first: str = "2025-01-01", last: str = "2027-12-31", **facts: object) -> WorkCalendar:
	return WorkCalendar.compile(make_rules(**facts), date.fromisoformat(first), date.fromisoformat(last))
