"""Working Calendar rows from the library of holidays, and what a newer release of it would change.

Dates once stored stay as they are until somebody chooses the changes.
"""

from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from core_helpdesk.domain.working_time import format_hours

YEARS_BACK = 1
YEARS_AHEAD = 3
LIBRARY = "Library"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def years_around(year: int) -> range:
	return range(year - YEARS_BACK, year + YEARS_AHEAD + 1)


def country_code(country: str) -> str:
	"""The ISO code of a Country record, in capitals."""
	return (frappe.db.get_value("Country", country, "code") or "").upper()


def fill(document: Document, year: int) -> None:
	"""Time zone, hours, weekends, Ramadan and holidays of the document's country, from last year for five years.

	Raises: UnknownCountry if the library does not know it.
	"""
	from core_helpdesk.calendars import country_rules  # the library takes half a second to load

	rules = country_rules(country_code(document.country), years_around(year))
	document.time_zone = rules.zone
	document.set("intervals", interval_rows(rules))
	document.set("weekends", [weekend_row(weekend) for weekend in rules.weekends])
	document.set("seasons", [season_row(season) for season in rules.seasons])
	document.set("holidays", [holiday_row(holiday) for holiday in rules.holidays])
	document.set("exceptions", [exception_row(exception) for exception in rules.exceptions])


def interval_rows(rules) -> list[dict]:
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


def weekend_row(weekend) -> dict:
	half_days = sorted(weekend.half_days.items())
	half_day, hours = half_days[0] if half_days else (None, ())
	return {
		"in_force_from": weekend.first,
		"days": ", ".join(WEEKDAYS[day] for day in sorted(weekend.days)),
		"half_day": WEEKDAYS[half_day] if half_days else "",
		"half_day_hours": format_hours(hours),
	}


def season_row(season) -> dict:
	return {
		"season_name": season.name,
		"first_day": season.first,
		"last_day": season.last,
		"hours": format_hours(season.hours),
		"estimated": int(season.estimated),
	}


def holiday_row(holiday) -> dict:
	return {
		"day": holiday.day,
		"holiday_name": holiday.name,
		"estimated": int(holiday.estimated),
		"source": LIBRARY,
	}


def exception_row(exception) -> dict:
	hours = format_hours(exception.hours)
	kind = "Own Hours" if hours else "Day Off"
	return {"day": exception.day, "kind": kind, "hours": hours, "reason": exception.reason}


def compare(document: Document, year: int) -> list[dict]:
	"""Where the stored library dates of these years differ from what the library says now, oldest first.

	A date entered or confirmed by a person is never called wrong: it only keeps the library's from being added.
	"""
	from core_helpdesk.calendars import holidays_of

	years = years_around(year)
	library = {holiday.day: holiday for holiday in holidays_of(country_code(document.country), years)}
	stored = {getdate(row.day): row for row in document.holidays if getdate(row.day).year in years}
	changes = [*added(library, stored), *removed(library, stored), *altered(library, stored)]
	return sorted(changes, key=lambda change: change["day"])


def added(library: dict, stored: dict) -> Iterable[dict]:
	for day in library.keys() - stored.keys():
		yield change("Add", day, library[day].name, library[day].estimated)


def removed(library: dict, stored: dict) -> Iterable[dict]:
	for day in stored.keys() - library.keys():
		if stored[day].source == LIBRARY and stored[day].estimated:
			yield change("Remove", day, stored[day].holiday_name, True)


def altered(library: dict, stored: dict) -> Iterable[dict]:
	for day in library.keys() & stored.keys():
		row, holiday = stored[day], library[day]
		became_certain = row.estimated and not holiday.estimated
		renamed = row.source == LIBRARY and row.estimated and row.holiday_name != holiday.name
		if became_certain or renamed:
			yield change("Change", day, holiday.name, holiday.estimated)


def change(kind: str, day: date, name: str, estimated: bool) -> dict:
	return {"kind": kind, "day": day, "holiday_name": name, "estimated": int(estimated)}


def apply(document: Document, year: int, days: set[date]) -> list[dict]:
	"""Carries the chosen changes into the document's rows, which the caller saves; returns them."""
	chosen = [item for item in compare(document, year) if item["day"] in days]
	unknown = days - {item["day"] for item in chosen}
	if unknown:
		message = _("The library proposes no change on {0}.").format(", ".join(map(str, sorted(unknown))))
		frappe.throw(message, title=_("Nothing to Change"))
	replaced = {item["day"] for item in chosen}
	kept = [row for row in document.holidays if getdate(row.day) not in replaced]
	new = [
		{
			"day": item["day"],
			"holiday_name": item["holiday_name"],
			"estimated": item["estimated"],
			"source": LIBRARY,
		}
		for item in chosen
		if item["kind"] != "Remove"
	]
	document.set("holidays", [])
	for row in sorted([*map(plain, kept), *new], key=lambda row: getdate(row["day"])):
		document.append("holidays", row)
	return chosen


def plain(row: Document) -> dict:
	return {key: row.get(key) for key in ("name", "day", "holiday_name", "estimated", "source")}
