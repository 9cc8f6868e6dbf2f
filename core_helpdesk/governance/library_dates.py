"""Working Calendar rows from the library of holidays."""

import frappe
from frappe.model.document import Document

from core_helpdesk.domain.working_time import (
	CalendarRules,
	DayException,
	Holiday,
	Season,
	Weekend,
	format_hours,
)

YEARS_BACK = 1
YEARS_AHEAD = 3
LIBRARY = "Library"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def years_around(year: int) -> range:
	return range(year - YEARS_BACK, year + YEARS_AHEAD + 1)


def country_code(country: str) -> str:
	"""The ISO code of a Country record, in capitals."""
	return (frappe.db.get_value("Country", country, "code") or "").upper()


def rules_of(country: str, year: int) -> CalendarRules:
	"""What the library says about a country now, from the year before for five years.

	Raises: UnknownCountry
	"""
	from core_helpdesk.calendars import country_rules  # the library takes half a second to load

	return country_rules(country_code(country), years_around(year))


def fill(document: Document, year: int) -> None:
	"""Time zone, hours, weekends, Ramadan and holidays of the document's country, from last year for five years.

	Raises: UnknownCountry if the library does not know it.
	"""
	rules = rules_of(document.country, year)
	document.time_zone = rules.zone
	document.set("intervals", interval_rows(rules))
	document.set("weekends", [weekend_row(weekend) for weekend in rules.weekends])
	document.set("seasons", [season_row(season) for season in rules.seasons])
	document.set("holidays", [holiday_row(holiday) for holiday in rules.holidays])
	document.set("exceptions", [exception_row(exception) for exception in rules.exceptions])


def interval_rows(rules: CalendarRules) -> list[dict]:
	by_weekday = [
		("", rules.hours),
		*((WEEKDAYS[day], hours) for day, hours in sorted(rules.weekday_hours.items())),
	]
	return [
		{"weekday": weekday, "from_time": clock_time(begin), "to_time": clock_time(end)}
		for weekday, hours in by_weekday
		for begin, end in hours
	]


def clock_time(seconds: int) -> str:
	return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def weekend_row(weekend: Weekend) -> dict:
	half_days = sorted(weekend.half_days.items())
	half_day, hours = half_days[0] if half_days else (None, ())
	return {
		"in_force_from": weekend.first,
		"days": ", ".join(WEEKDAYS[day] for day in sorted(weekend.days)),
		"half_day": WEEKDAYS[half_day] if half_days else "",
		"half_day_hours": format_hours(hours),
	}


def season_row(season: Season) -> dict:
	return {
		"season_name": season.name,
		"first_day": season.first,
		"last_day": season.last,
		"hours": format_hours(season.hours),
		"estimated": int(season.estimated),
	}


def holiday_row(holiday: Holiday) -> dict:
	return {
		"day": holiday.day,
		"holiday_name": holiday.name,
		"estimated": int(holiday.estimated),
		"source": LIBRARY,
	}


def exception_row(exception: DayException) -> dict:
	hours = format_hours(exception.hours)
	kind = "Own Hours" if hours else "Day Off"
	return {"day": exception.day, "kind": kind, "hours": hours, "reason": exception.reason}
