"""Moments as a reader takes them: in the zone of their country, the zone named."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import frappe
from babel.core import UnknownLocaleError
from babel.dates import format_datetime, get_timezone_name
from frappe.utils import get_system_timezone

from core_helpdesk import calendars, config
from core_helpdesk.domain.errors import CalendarError

PATTERN = "EEE d MMM y, HH:mm"
ARABIC_PATTERN = "EEE d MMM y، HH:mm"


def zone_for(user: str, department: str = "") -> ZoneInfo:
	"""The zone of the country that a person answers for, else the person's own, the default country's, the site's."""
	names = (
		_zone_of_country(country_headed(user, department)),
		_own_zone(user),
		_zone_of_country(config.settings().default_country),
		get_system_timezone(),
	)
	return next(zone for zone in map(_zone, names) if zone)


def zone_of_place(country: str | None) -> ZoneInfo:
	"""The zone of a country, for what no one person reads; the site's where no country is named."""
	return _zone(_zone_of_country(country)) or _zone(get_system_timezone())


def _own_zone(user: str) -> str | None:
	"""The zone that the user chose: the framework fills in the site's for everybody who did not."""
	own = frappe.get_cached_value("User", user, "time_zone") if user else None
	return own if own != get_system_timezone() else None


def country_headed(user: str, department: str = "") -> str | None:
	"""The country that a person answers for, that of this department first; None for who answers for no one country."""
	if not user:
		# Rows without a deputy would all be nobody's.
		return None
	rows = frappe.get_all(
		"Department Head",
		filters={"parenttype": "Core Department", "all_countries": 0},
		or_filters={"head": user, "deputy": user},
		fields=["parent", "country"],
	)
	rows.sort(key=lambda row: row.parent != department)
	return rows[0].country if rows else None


def _zone_of_country(country: str | None) -> str | None:
	code = frappe.get_cached_value("Country", country, "code") if country else None
	try:
		return calendars.zone_of(code.upper()) if code else None
	except CalendarError:
		return None


def _zone(name: str | None) -> ZoneInfo | None:
	try:
		return ZoneInfo(name) if name else None
	except (ZoneInfoNotFoundError, ValueError):
		return None


def shown(epoch: int, zone: ZoneInfo, language: str) -> str:
	"""A moment in words of the language; empty for none."""
	if not epoch:
		return ""
	pattern, moment = PATTERN, datetime.fromtimestamp(epoch, zone)
	if language.split("-")[0] != "ar":
		return format_datetime(moment, pattern, locale=_locale(language))
	# Kept together: inside text from right to left its parts would change places.
	return f"\u2068{format_datetime(moment, ARABIC_PATTERN, locale=_locale(language))}\u2069"


def zone_named(zone: ZoneInfo, epoch: int, language: str) -> str:
	"""The zone's name in the language, with its place, e.g. "Arabian Standard Time (Asia/Riyadh)"."""
	moment = datetime.fromtimestamp(epoch, zone)
	return f"{get_timezone_name(moment, locale=_locale(language))} ({zone.key})"


def _locale(language: str) -> str:
	name = language.replace("-", "_")
	try:
		format_datetime(datetime(2026, 1, 1), "y", locale=name)
	except (UnknownLocaleError, ValueError):
		return "en"
	return name
