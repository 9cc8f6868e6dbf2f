"""Calendars and schedules that the tests of reports share."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from core_helpdesk.calendars import compiled, country_rules
from core_helpdesk.domain.report_schedule import Rhythm, Schedule
from core_helpdesk.domain.working_time import Holiday, Weekend
from tests.domain.working_time_cases import make_calendar

MINUTE, HOUR, DAY = 60, 3600, 86_400

# Zones, each with a date near which its clock is changed.
CHANGES = [
	("Asia/Riyadh", date(2026, 3, 1)),
	("Asia/Dubai", date(2026, 12, 31)),
	("Africa/Cairo", date(2026, 4, 24)),
	("Africa/Cairo", date(2026, 10, 30)),
	("Asia/Amman", date(2021, 10, 29)),
	("Asia/Beirut", date(2026, 3, 29)),
	("Europe/Berlin", date(2026, 10, 25)),
	("America/St_Johns", date(2010, 11, 7)),
	("Australia/Lord_Howe", date(2026, 4, 5)),
]
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def country(code):
	return compiled(country_rules(code, range(2021, 2029)), 2021, 2028)


@st.composite
def some_calendar(draw, near):
	"""Weekends of up to three days, and holidays near a date."""
	days_off = draw(st.sets(st.integers(-20, 20), max_size=25))
	return make_calendar(
		f"{near.year - 1}-01-01",
		f"{near.year + 1}-12-31",
		zone=draw(st.sampled_from([zone for zone, _ in CHANGES])),
		weekends=(Weekend(None, draw(st.frozensets(st.integers(0, 6), max_size=3))),),
		holidays=tuple(Holiday(near + timedelta(days=n), "Holiday") for n in sorted(days_off)),
	)


times = st.sampled_from([0, 1800, 5400, 9000, 84_600, 86_340]) | st.integers(0, 1439).map(lambda n: n * 60)


@st.composite
def some_schedule(draw):
	zone, near = draw(st.sampled_from(CHANGES))
	return near, Schedule(
		"report",
		draw(st.sampled_from(Rhythm)),
		draw(times),
		ZoneInfo(zone),
		draw(st.integers(0, 6)),
		draw(st.booleans()),
	)


def moments_near(draw, near, count):
	midday = int(datetime(near.year, near.month, near.day, 12, tzinfo=timezone.utc).timestamp())
	minutes = st.integers(-20 * 1440, 20 * 1440)
	return sorted(midday + 60 * n for n in draw(st.lists(minutes, min_size=count, max_size=count + 6)))
