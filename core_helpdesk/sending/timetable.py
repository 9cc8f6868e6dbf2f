"""When each report is due: the set times, the weekly day, and the calendars of makers and recipients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from frappe.utils import get_system_timezone, getdate

from core_helpdesk import config, months
from core_helpdesk.domain.calendar_rules import DAY, CalendarRules
from core_helpdesk.domain.report_schedule import (
	Rhythm,
	Schedule,
	WeekdayFrom,
	delivery_due,
	local_date,
)
from core_helpdesk.mail import moments

if TYPE_CHECKING:
	from core_helpdesk.domain.report_schedule import Calendar
	from core_helpdesk.sending.catalogue import Sent

# What is sent so much later than it was due is late: on a day off it may as well wait for the next working day.
LATE = 3600


class EveryDay(NamedTuple):
	"""A calendar without a day off, where a site has none: a report on a Friday is better than none."""

	rules: CalendarRules


@dataclass(frozen=True)
class Timetable:
	"""The settings and calendars as they are at one moment; kept for one run at most."""

	settings: config.ReportSettings
	zone: ZoneInfo
	rules: config.SiteRules

	@classmethod
	def present(cls) -> Timetable:
		zone = ZoneInfo(get_system_timezone())
		return cls(config.report_settings(), zone, config.site_rules())

	def schedule(self, sent: Sent) -> Schedule:
		times = {
			Rhythm.DAILY: self.settings.daily_time,
			Rhythm.WEEKLY: self.settings.weekly_time,
			Rhythm.MONTHLY: self.settings.monthly_time,
		}
		first, *later = self.settings.weekdays or (WeekdayFrom(date.min, self.settings.weekly_day),)
		return Schedule(
			sent.name,
			sent.rhythm,
			times[sent.rhythm],
			self.zone,
			weekday=first.weekday,
			every_day=sent.every_day,
			weekdays=tuple(later),
		)

	def expects(self, sent: Sent, due: int) -> bool:
		"""Whether a run that is due at this moment is made.

		A document that people hand on is made all the same when a pause is over: making it mails nothing.
		Units: epoch seconds.
		Policy: QA-12, TSM-13, TSM-M2
		"""
		return 0 < self.settings.reports_from < due if sent.make else self.settings.sends(due)

	def makers(self) -> Calendar:
		"""The calendar of the default country."""
		return self._of_country(self.rules.general.default_country)

	def of_person(self, user: str) -> Calendar:
		"""The calendar of the country that a person answers for, else that of the default country."""
		return self._of_country(moments.country_headed(user) or self.rules.general.default_country)

	def _of_country(self, country: str) -> Calendar:
		calendars = self.rules.calendars
		name = calendars.get(country) or calendars.get(self.rules.general.default_country)
		return self.rules.timer(name) if name else EveryDay(CalendarRules(self.zone.key, ((0, DAY),)))

	def due(self, sent: Sent, user: str, ready: int, now: int) -> int:
		"""When a report that is ready goes to a person; what has become late waits for a working day.

		Units: epoch seconds.
		Raises: NoWorkingTime if nobody works there for a year.
		"""
		schedule, calendar = self.schedule(sent), self.of_person(user)
		due = delivery_due(schedule, ready, calendar)
		return due if now - due < LATE else max(due, _next_chance(schedule, calendar, now))

	def today(self, now: int) -> date:
		return local_date(self.zone, now)


def _next_chance(schedule: Schedule, calendar: Calendar, now: int) -> int:
	"""0 on a working day: then it goes out at once, as late as it is."""
	later = delivery_due(schedule, now, calendar)
	return later if later > now else 0


def days_of(period_key: str) -> tuple[date, date]:
	"""The first and the last day of a period: of 2026-11-22, 2026-11-15..2026-11-21 or 2026-10."""
	if months.is_month(period_key):
		first = getdate(f"{period_key}-01")
		return first, getdate(f"{months.after(period_key)}-01") - timedelta(days=1)
	first, _dots, last = period_key.partition("..")
	return getdate(first), getdate(last or first)
