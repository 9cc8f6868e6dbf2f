"""What a newer release of the library of holidays would change in a calendar; dates once stored stay until somebody
chooses the changes.
"""

from collections.abc import Iterator
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from core_helpdesk.domain.working_time import Holiday, Season
from core_helpdesk.governance.library_dates import LIBRARY, rules_of, season_row, years_around

MANUAL = "Manual"
# The sighting of the moon, and an authority's bridging days, move a feast by a few days at most.
MOVED_DAYS = 4
SAME_SEASON_DAYS = 20


def compare(calendar: Document, year: int) -> list[dict]:
	"""Where the stored dates of the years around this one differ from the library's, oldest first.

	A date that a person entered, moved or confirmed is never called wrong, and the library's is not offered beside it.
	"""
	rules = rules_of(calendar.country, year)
	library = {holiday.day: holiday for holiday in rules.holidays}
	years = years_around(year)
	stored = {getdate(row.day): row for row in calendar.holidays if getdate(row.day).year in years}
	changes = [
		*added(library, stored),
		*removed(library, stored),
		*altered(library, stored),
		*added_seasons(rules.seasons, calendar),
	]
	return sorted(changes, key=lambda change: change["day"])


def added(library: dict[date, Holiday], stored: dict[date, Document]) -> Iterator[dict]:
	for day in library.keys() - stored.keys():
		if not was_moved_by_hand(library[day], stored):
			yield change("Add", day, library[day].name, library[day].estimated)


def was_moved_by_hand(holiday: Holiday, stored: dict[date, Document]) -> bool:
	return holiday.estimated and any(
		row.source == MANUAL
		and row.holiday_name == holiday.name
		and abs((day - holiday.day).days) <= MOVED_DAYS
		for day, row in stored.items()
	)


def removed(library: dict[date, Holiday], stored: dict[date, Document]) -> Iterator[dict]:
	for day in stored.keys() - library.keys():
		if stored[day].source == LIBRARY and stored[day].estimated:
			yield change("Remove", day, stored[day].holiday_name, True)


def altered(library: dict[date, Holiday], stored: dict[date, Document]) -> Iterator[dict]:
	for day in library.keys() & stored.keys():
		row, holiday = stored[day], library[day]
		became_certain = row.estimated and not holiday.estimated
		renamed = row.source == LIBRARY and row.estimated and row.holiday_name != holiday.name
		if became_certain or renamed:
			yield change("Change", day, holiday.name, holiday.estimated)


def added_seasons(seasons: tuple[Season, ...], calendar: Document) -> Iterator[dict]:
	"""Ramadans of years to come; one that is there, with whatever days and hours, is left alone."""
	for season in seasons:
		begins = [getdate(row.first_day) for row in calendar.seasons if row.season_name == season.name]
		if all(abs((begin - season.first).days) > SAME_SEASON_DAYS for begin in begins):
			yield {**change("Add", season.first, season.name, season.estimated), "season": season_row(season)}


def change(kind: str, day: date, name: str, estimated: bool) -> dict:
	return {"kind": kind, "day": day, "holiday_name": name, "estimated": int(estimated)}


def apply(calendar: Document, year: int, days: set[date]) -> list[dict]:
	"""Carries the chosen changes into the calendar's rows, which the caller saves; returns them."""
	chosen = [item for item in compare(calendar, year) if item["day"] in days]
	unknown = days - {item["day"] for item in chosen}
	if unknown or not days:
		listed = ", ".join(formatdate(day) for day in sorted(unknown)) or _("(empty)")
		frappe.throw(_("The library proposes no change on {0}.").format(listed), title=_("Nothing to Change"))
	put_holidays(calendar, [item for item in chosen if "season" not in item])
	put_seasons(calendar, [item["season"] for item in chosen if "season" in item])
	return chosen


def put_holidays(calendar: Document, chosen: list[dict]) -> None:
	replaced = {item["day"] for item in chosen}
	kept = [row for row in calendar.holidays if getdate(row.day) not in replaced]
	keys = ("day", "holiday_name", "estimated")
	new = [
		{**{key: item[key] for key in keys}, "source": LIBRARY} for item in chosen if item["kind"] != "Remove"
	]
	put_rows(calendar, [*map(plain, kept), *new])


def put_rows(calendar: Document, rows: list[dict]) -> None:
	"""The calendar's holidays in the order of their days."""
	calendar.set("holidays", [])
	for row in sorted(rows, key=lambda row: getdate(row["day"])):
		calendar.append("holidays", row)


def put_seasons(calendar: Document, rows: list[dict]) -> None:
	"""A new season has the hours that the calendar gave the last one of its name."""
	hours = {row.season_name: row.hours for row in calendar.seasons}
	for row in rows:
		calendar.append("seasons", {**row, "hours": hours.get(row["season_name"], row["hours"])})


def plain(row: Document) -> dict:
	return {key: row.get(key) for key in ("name", "day", "holiday_name", "estimated", "source")}
