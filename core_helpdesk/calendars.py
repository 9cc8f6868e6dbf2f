"""Gives each country its calendar: weekends by law, public holidays, Ramadan, usual hours, time zone.

Reads the libraries `holidays` and `hijridate`; whatever is decided from these facts is decided in `domain`.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import holidays
from hijridate import Gregorian, Hijri
from holidays.registry import EntityLoader

from core_helpdesk.domain.errors import UnknownCountry
from core_helpdesk.domain.working_time import (
	CalendarRules,
	DayException,
	Holiday,
	Hours,
	Season,
	Weekend,
	WorkCalendar,
	parse_hours,
)

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

COUNTRIES_SEEDED = ("SA", "AE", "EG", "BH", "KW", "QA", "OM", "JO")

USUAL_HOURS = parse_hours("08:00-17:00")

RAMADAN = "Ramadan"
RAMADAN_HOURS = parse_hours("09:00-16:00")
"""Two hours less than usual: so the labour laws of the Gulf states, and the custom in Egypt and Jordan."""

MOVED_WORKING_DAY = "Working day moved to the weekend"

FRIDAY_HALF_DAY: dict[int, Hours] = {4: parse_hours("08:00-12:00")}
"""The public sector of the UAE closes at noon on Friday."""

_THURSDAY_FRIDAY = frozenset({3, 4})
_FRIDAY_SATURDAY = frozenset({4, 5})
_SATURDAY_SUNDAY = frozenset({5, 6})

# As the library has them on every date, but for Bahrain, whose change in 2006 the library does not know. That
# offices in the UAE closed on Thursday and Friday until 2006 is left out here as it is there.
_WEEKENDS = {
	"SA": (Weekend(None, _THURSDAY_FRIDAY), Weekend(date(2013, 6, 28), _FRIDAY_SATURDAY)),
	"AE": (Weekend(None, _FRIDAY_SATURDAY), Weekend(date(2022, 1, 1), _SATURDAY_SUNDAY, FRIDAY_HALF_DAY)),
	"EG": (Weekend(None, _FRIDAY_SATURDAY),),
	"BH": (Weekend(None, _THURSDAY_FRIDAY), Weekend(date(2006, 9, 1), _FRIDAY_SATURDAY)),
	"KW": (Weekend(None, _THURSDAY_FRIDAY), Weekend(date(2007, 9, 1), _FRIDAY_SATURDAY)),
	"QA": (Weekend(None, _THURSDAY_FRIDAY), Weekend(date(2003, 8, 1), _FRIDAY_SATURDAY)),
	"OM": (Weekend(None, _THURSDAY_FRIDAY), Weekend(date(2013, 5, 1), _FRIDAY_SATURDAY)),
	"JO": (Weekend(None, _THURSDAY_FRIDAY), Weekend(date(2000, 1, 6), _FRIDAY_SATURDAY)),
}

# Countries with several zones whose first one in the zone table is not that of most people.
_MAIN_ZONES = {
	"AU": "Australia/Sydney",
	"BR": "America/Sao_Paulo",
	"CA": "America/Toronto",
	"FM": "Pacific/Pohnpei",
	"RU": "Europe/Moscow",
	"UA": "Europe/Kyiv",
	"UZ": "Asia/Tashkent",
	"XK": "Europe/Belgrade",
}

_HISTORY = range(1970, 2100)


def country_rules(
	code: str,
	years: Iterable[int],
	*,
	hours: Hours | None = None,
	ramadan_hours: Hours | None = None,
	zone: str | None = None,
	language: str = "en",
	plain: bool = False,
) -> CalendarRules:
	"""The calendar of a country as it is seeded.

	With `hours` every working day has exactly these: no half day, and no Ramadan unless `ramadan_hours` are
	given too. With `plain` there are weekends by law and public holidays, and nothing else that is not given.

	Raises: UnknownCountry, UnknownTimeZone, OverlappingIntervals, BadInterval.
	"""
	years = sorted(set(years))
	as_seeded = hours is None and not plain
	hours = USUAL_HOURS if hours is None else hours
	days_off = holidays_of(code, years, language)
	if ramadan_hours is None and as_seeded and code in COUNTRIES_SEEDED:
		ramadan_hours = RAMADAN_HOURS
	return CalendarRules(
		zone=zone or zone_of(code),
		hours=hours,
		weekends=weekends(code) if as_seeded else _without_half_days(weekends(code)),
		seasons=ramadan(years, ramadan_hours, days_off) if ramadan_hours else (),
		holidays=days_off,
		exceptions=() if plain else _moved_working_days(code, years, hours),
	)


def _without_half_days(by_law: tuple[Weekend, ...]) -> tuple[Weekend, ...]:
	return tuple(Weekend(weekend.first, weekend.days) for weekend in by_law)


@cache
def weekends(code: str) -> tuple[Weekend, ...]:
	"""The weekends of a country, each from the date on which it came into force.

	Raises: UnknownCountry.
	"""
	return _WEEKENDS.get(code) or tuple(_weekends_in_library(_known(code)(expand=False)))


def _weekends_in_library(country: holidays.HolidayBase) -> Iterator[Weekend]:
	"""The library answers for single dates; a year in which the answer changes is searched for the date."""
	present = _week_of(country, date(_HISTORY[0], 1, 1))
	yield Weekend(None, present)
	for year in _HISTORY:
		if _week_of(country, date(year + 1, 1, 1)) == present:
			continue
		first = _first_difference(country, date(year, 1, 1), present)
		present = _week_of(country, first)
		yield Weekend(first, present)


def _week_of(country: holidays.HolidayBase, first: date) -> frozenset[int]:
	week = [first + timedelta(days=n) for n in range(7)]
	return frozenset(day.weekday() for day in week if country.is_weekend(day))


def _first_difference(country: holidays.HolidayBase, day: date, present: frozenset[int]) -> date:
	while country.is_weekend(day) == (day.weekday() in present):
		day += timedelta(days=1)
	return day


def holidays_of(code: str, years: Iterable[int], language: str = "en") -> tuple[Holiday, ...]:
	"""The public holidays of a country, observed and estimated ones included, named in the language if known.

	Raises: UnknownCountry.
	"""
	known = _library_calendar(code, years, language)
	estimated = [_label(known, "observed_estimated_label"), _label(known, "estimated_label")]
	observed = known.tr(getattr(known, "observed_label", "%s"))
	found = []
	for day in sorted(known):
		# One name may stand there twice, with and without the label; the date is certain if another name is.
		names: dict[str, bool] = {}
		for name, is_estimated in (_unlabelled(name, estimated, observed) for name in known.get_list(day)):
			names[name] = names.get(name, False) or is_estimated
		found.append(Holiday(day, "; ".join(names), all(names.values())))
	return tuple(_of_one_moon(found))


def _of_one_moon(found: list[Holiday]) -> Iterator[Holiday]:
	"""Older releases of the library leave the label off the first day of a feast: all its days hang on one moon."""
	estimated = {(holiday.name, holiday.day) for holiday in found if holiday.estimated}
	for holiday in found:
		next_day = (holiday.name, holiday.day + timedelta(days=1))
		yield replace(holiday, estimated=holiday.estimated or next_day in estimated)


def _label(known: holidays.HolidayBase, which: str) -> re.Pattern[str] | None:
	"""What recognises a name that carries this label of the library, such as "%s (estimated)"."""
	label = getattr(known, which, None)
	return re.compile(re.escape(known.tr(label)).replace("%s", "(.+)")) if label else None


def _unlabelled(name: str, estimated: list[re.Pattern[str] | None], observed: str) -> tuple[str, bool]:
	both, only_estimated = estimated
	if both and (match := both.fullmatch(name)):
		return observed % match.group(1), True
	if only_estimated and (match := only_estimated.fullmatch(name)):
		return match.group(1), True
	return name, False


def _library_calendar(code: str, years: Iterable[int], language: str) -> holidays.HolidayBase:
	country = _known(code)
	options = {"language": _language_of(country, language)}
	# Saudi Arabia says only on request which of its holidays are estimated.
	if "islamic_show_estimated" in inspect.signature(country.__init__).parameters:
		options["islamic_show_estimated"] = True
	return country(years=[y for y in years if country.start_year <= y <= country.end_year], **options)


def _language_of(country: type[holidays.HolidayBase], language: str) -> str | None:
	"""The library's own code for a language, such as en_US or ar_EG; None where it does not have it."""
	spoken = country.supported_languages or ()
	fitting = [name for name in spoken if name.split("_")[0] == language.split("_")[0]]
	return "en_US" if "en_US" in fitting else next(iter(fitting), None)


def _moved_working_days(code: str, years: Iterable[int], hours: Hours) -> tuple[DayException, ...]:
	moved = sorted(_library_calendar(code, years, "en").weekend_workdays)
	return tuple(DayException(day, hours, MOVED_WORKING_DAY) for day in moved)


def ramadan(years: Iterable[int], hours: Hours, days_off: tuple[Holiday, ...] = ()) -> tuple[Season, ...]:
	"""Ramadan by the Umm al-Qura calendar, wherever it touches one of the years.

	Estimated, unless the holidays that follow it (Eid al-Fitr) are known and none of them is estimated. The
	library's calendar runs from 1924 to 2077; other years have no Ramadan.
	"""
	asked = {year for year in years if 1925 <= year <= 2076}
	if not asked:
		return ()
	first_hijri = Gregorian(min(asked), 1, 1).to_hijri().year
	last_hijri = Gregorian(max(asked), 12, 31).to_hijri().year
	months = [_ramadan_of(year) for year in range(first_hijri, last_hijri + 1)]
	certain = {holiday.day for holiday in days_off if not holiday.estimated}
	estimated = {holiday.day for holiday in days_off if holiday.estimated}
	seasons = []
	for first, last in months:
		eid = {last + timedelta(days=n) for n in range(1, 4)}
		confirmed = bool(eid & certain) and not eid & estimated
		seasons.append(Season(RAMADAN, first, last, hours, estimated=not confirmed))
	return tuple(season for season in seasons if {season.first.year, season.last.year} & asked)


def _ramadan_of(hijri_year: int) -> tuple[date, date]:
	first = Hijri(hijri_year, 9, 1)
	begin = date.fromisoformat(first.to_gregorian().isoformat())
	return begin, begin + timedelta(days=first.month_length() - 1)


def zone_of(code: str) -> str:
	"""The time zone in which most people of a country live.

	Raises: UnknownCountry.
	"""
	_known(code)
	return _zones()[code]


def supported_countries() -> dict[str, str]:
	"""The countries that can have a calendar, with their English names."""
	names = dict(_table("iso3166.tab")) | {"XK": "Kosovo"}
	# The library's own list of names loads every country, which takes most of a second.
	codes = EntityLoader.get_country_codes(include_aliases=False)
	return {code: names[code] for code in codes if code in names and code in _zones()}


@cache
def _zones() -> dict[str, str]:
	zones: dict[str, str] = {}
	for code, _, zone, *_ in _table("zone.tab"):
		zones.setdefault(code, zone)
	return zones | _MAIN_ZONES


def _table(name: str) -> list[list[str]]:
	text = (files("tzdata.zoneinfo") / name).read_text(encoding="utf-8")
	return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


@cache
def _known(code: str) -> type[holidays.HolidayBase]:
	if code not in supported_countries():
		raise UnknownCountry(code)
	return type(holidays.country_holidays(code))


@lru_cache(maxsize=64)
def compiled(rules: CalendarRules, first_year: int, last_year: int) -> WorkCalendar:
	"""The calendar compiled for whole years, both included; the same object for the same rules.

	Raises: NoWorkingTime, OutOfTable.
	"""
	return WorkCalendar.compile(rules, date(first_year, 1, 1), date(last_year, 12, 31))
