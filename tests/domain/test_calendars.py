"""The calendars of countries: weekends by law, public holidays, Ramadan, zones; against literal dates and the library."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from core_helpdesk.calendars import (
	COUNTRIES_SEEDED,
	MOVED_WORKING_DAY,
	compiled,
	country_rules,
	holidays_of,
	ramadan,
	supported_countries,
	weekends,
	zone_of,
)
from core_helpdesk.domain.errors import UnknownCountry, UnknownTimeZone
from core_helpdesk.domain.working_time import DayException, Holiday, Season, parse_hours

NINE_TO_FIVE = parse_hours("09:00-17:00")

# The last day off of the old weekend that the new one works, and the first that it has off.
LAWS = [
	("SA", "2013-06-27", "2013-07-04", "2013-06-22", "2013-06-29"),
	("KW", "2007-08-30", "2007-09-06", "2007-08-25", "2007-09-01"),
	("BH", "2006-08-31", "2006-09-07", "2006-08-26", "2006-09-02"),
	("QA", "2003-07-31", "2003-08-07", "2003-07-26", "2003-08-02"),
	("OM", "2013-04-25", "2013-05-02", "2013-04-27", "2013-05-04"),
	("AE", "2021-12-31", "2022-01-07", "2021-12-26", "2022-01-02"),
]


def days_between(first: date, last: date) -> list[date]:
	return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize(("code", "last_off", "first_worked", "last_worked", "first_off"), LAWS)
def test_weekend_changes_when_the_law_does(code, last_off, first_worked, last_worked, first_off):
	rules = country_rules(code, [], plain=True)
	kinds = [
		rules.day(date.fromisoformat(day)).kind for day in (last_off, first_worked, last_worked, first_off)
	]
	assert kinds == ["weekend", "working", "working", "weekend"]


@pytest.mark.parametrize("code", COUNTRIES_SEEDED)
def test_plain_calendar_works_when_the_library_says_neither_weekend_nor_public_holiday(code):
	# The library does not know that Bahrain had Thursday and Friday off until 2006-08-31.
	first = date(2006, 9, 1) if code == "BH" else date(1990, 1, 1)
	rules = country_rules(code, range(first.year, 2041), plain=True)
	library = holidays.country_holidays(code, years=range(first.year, 2041))
	different = [
		day
		for day in days_between(first, date(2040, 12, 31))
		if bool(rules.day(day).hours) == (library.is_weekend(day) or day in library)
	]
	assert different == []


@pytest.mark.parametrize(
	("code", "expected"),
	[
		("DE", [(None, {5, 6})]),
		("YE", [(None, {3, 4}), (date(2013, 8, 15), {4, 5})]),
		("SD", [(None, {4}), (date(2008, 1, 26), {4, 5})]),
		("IR", [(None, {4})]),
		("IL", [(None, {4, 5})]),
	],
)
def test_weekends_of_other_countries_come_from_the_library_with_their_dates(code, expected):
	assert [(weekend.first, set(weekend.days)) for weekend in weekends(code)] == expected


def test_estimated_holidays_are_marked_and_lose_the_label_of_the_library():
	by_day = {holiday.day: holiday for holiday in holidays_of("SA", [2024, 2040])}
	assert by_day[date(2024, 4, 10)] == Holiday(date(2024, 4, 10), "Eid al-Fitr Holiday")
	assert by_day[date(2024, 4, 14)] == Holiday(date(2024, 4, 14), "Eid al-Fitr Holiday (observed)")
	assert by_day[date(2040, 2, 22)] == Holiday(date(2040, 2, 22), "Founding Day Holiday")
	feasts = [holiday for holiday in by_day.values() if holiday.day.year == 2040 and "Eid" in holiday.name]
	assert all(holiday.estimated for holiday in feasts)
	assert {holiday.name.removesuffix(" (observed)") for holiday in feasts} == {
		"Eid al-Adha Holiday",
		"Eid al-Fitr Holiday",
	}


@pytest.mark.parametrize("code", COUNTRIES_SEEDED)
def test_holidays_have_arabic_names_where_people_read_arabic(code):
	found = holidays_of(code, [2024, 2040], "ar")
	assert all(any("\u0600" <= letter <= "\u06ff" for letter in holiday.name) for holiday in found)
	assert not any("تقدير" in holiday.name for holiday in found)
	english = holidays_of(code, [2024, 2040])
	assert [(holiday.day, holiday.estimated) for holiday in found] == [
		(holiday.day, holiday.estimated) for holiday in english
	]
	assert not any("estimated" in holiday.name for holiday in english)


def test_date_is_certain_if_one_of_its_holidays_is():
	# In Jordan Isra' and Mi'raj of 1448 is expected on Christmas Day.
	christmas = next(holiday for holiday in holidays_of("JO", [2027]) if holiday.day == date(2027, 12, 25))
	assert christmas == Holiday(date(2027, 12, 25), "Christmas Day; Isra' and Mi'raj")


def test_only_public_holidays_stop_work():
	# A visit in 2019 was an optional day off in the UAE, four days in 2022 were the government's only.
	days = {holiday.day for holiday in holidays_of("AE", [2019, 2022])}
	assert date(2019, 2, 5) not in days
	assert date(2022, 5, 6) not in days
	assert date(2022, 5, 2) in days


def test_country_without_translations_has_the_names_of_the_library():
	assert Holiday(date(2024, 12, 25), "Christmas Day") in holidays_of("NZ", [2024], "ar")


def test_years_that_the_library_does_not_know_have_no_holidays():
	assert holidays_of("AE", [1960]) == ()
	assert holidays_of("SA", []) == ()


def test_ramadan_is_estimated_until_the_feast_after_it_is_known():
	hours = parse_hours("10:00-15:00")
	first, last = date(2024, 3, 11), date(2024, 4, 9)
	known = tuple(Holiday(date(2024, 4, day), "Eid al-Fitr") for day in (10, 11, 12))
	guessed = tuple(Holiday(date(2024, 4, day), "Eid al-Fitr", estimated=True) for day in (10, 11, 12))
	assert ramadan([2024], hours, known) == (Season("Ramadan", first, last, hours, estimated=False),)
	assert ramadan([2024], hours, guessed) == (Season("Ramadan", first, last, hours, estimated=True),)
	assert ramadan([2024], hours) == (Season("Ramadan", first, last, hours, estimated=True),)


def test_year_with_two_ramadans_has_both_and_years_beyond_the_calendar_none():
	assert [season.first for season in ramadan([2030], NINE_TO_FIVE)] == [
		date(2030, 1, 5),
		date(2030, 12, 26),
	]
	assert [season.first for season in ramadan([2031], NINE_TO_FIVE)] == [
		date(2030, 12, 26),
		date(2031, 12, 15),
	]
	assert ramadan([1900, 2090], NINE_TO_FIVE) == ()


def test_seeded_calendar_has_ramadan_hours_and_the_half_day_of_the_country():
	rules = country_rules("AE", [2026])
	# 2026-03-04 is a Wednesday in Ramadan, 2026-04-03 a Friday, 2026-04-01 a Wednesday.
	assert rules.day(date(2026, 3, 4)).hours == parse_hours("09:00-16:00")
	assert rules.day(date(2026, 4, 3)).hours == parse_hours("08:00-12:00")
	assert rules.day(date(2026, 4, 1)).hours == parse_hours("08:00-17:00")
	assert rules.zone == "Asia/Dubai"


def test_hours_given_are_those_of_every_working_day():
	rules = country_rules("AE", [2026], hours=NINE_TO_FIVE)
	hours = {rules.day(day).hours for day in days_between(date(2026, 1, 1), date(2026, 12, 31))}
	assert hours == {NINE_TO_FIVE, ()}
	with_ramadan = country_rules("AE", [2026], hours=NINE_TO_FIVE, ramadan_hours=parse_hours("10:00-15:00"))
	assert with_ramadan.day(date(2026, 3, 6)).hours == parse_hours("10:00-15:00")


def test_plain_calendar_has_neither_ramadan_nor_half_days_nor_moved_working_days():
	emirates = country_rules("AE", [2026], plain=True)
	assert emirates.day(date(2026, 3, 4)).hours == emirates.day(date(2026, 4, 3)).hours == emirates.hours
	assert emirates.seasons == emirates.exceptions == ()
	assert country_rules("HU", [2024], plain=True).day(date(2024, 8, 3)).kind == "weekend"


def test_weekend_day_that_is_worked_in_exchange_is_a_working_day():
	rules = country_rules("HU", [2024])
	assert DayException(date(2024, 8, 3), rules.hours, MOVED_WORKING_DAY) in rules.exceptions


@pytest.mark.parametrize(
	("code", "zone"),
	[
		("SA", "Asia/Riyadh"),
		("AE", "Asia/Dubai"),
		("EG", "Africa/Cairo"),
		("BH", "Asia/Bahrain"),
		("KW", "Asia/Kuwait"),
		("QA", "Asia/Qatar"),
		("OM", "Asia/Muscat"),
		("JO", "Asia/Amman"),
		("US", "America/New_York"),
		("RU", "Europe/Moscow"),
		("AU", "Australia/Sydney"),
	],
)
def test_country_has_the_zone_of_most_of_its_people(code, zone):
	assert zone_of(code) == zone


def test_every_supported_country_has_a_name_and_makes_a_calendar():
	names = supported_countries()
	assert names["SA"] == "Saudi Arabia"
	assert len(names) > 200
	assert set(COUNTRIES_SEEDED) < set(names)
	for code in names:
		rules = country_rules(code, [2026], plain=True)
		assert any(not rules.day(day).hours for day in days_between(date(2026, 1, 5), date(2026, 1, 11))), (
			code
		)


@pytest.mark.parametrize("code", ["ZZ", "", "sa", "Saudi Arabia", "__class__"])
def test_unknown_country_is_refused(code):
	with pytest.raises(UnknownCountry, match="No calendar is known for the country"):
		country_rules(code, [2026])


def test_unknown_zone_is_refused():
	with pytest.raises(UnknownTimeZone, match="Asia/Riyad"):
		country_rules("SA", [2026], zone="Asia/Riyad")


def test_calendar_is_compiled_once_for_the_same_rules():
	calendar = compiled(country_rules("SA", [2026]), 2026, 2026)
	assert compiled(country_rules("SA", [2026]), 2026, 2026) is calendar
	assert compiled(country_rules("SA", [2026], hours=NINE_TO_FIVE), 2026, 2026) is not calendar
