"""One document → one domain value: the settings, a Working Calendar's rules, an Escalation Policy's levels.

What is odd in a document is refused here by the domain's own checks, before anything counts with it.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

from frappe.utils import cint, flt, get_time, getdate

from core_helpdesk.domain.calendar_rules import checked_hours
from core_helpdesk.domain.clock import Kind, Level, Policy
from core_helpdesk.domain.errors import CalendarError
from core_helpdesk.domain.escalation import Scope
from core_helpdesk.domain.groups import EscalationTime
from core_helpdesk.domain.report_schedule import WeekdayFrom
from core_helpdesk.domain.settings import Pause, ReportSettings, Settings, Stand
from core_helpdesk.domain.working_time import (
	CalendarRules,
	DayException,
	Holiday,
	Season,
	Weekend,
	parse_hours,
)
from core_helpdesk.site_time import to_epoch

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

	from core_helpdesk.domain.working_time import Hours

WORKING_DAYS = "Working Days"
# What is counted in hours; a level of a tracing policy may count days besides.
KINDS = {"Elapsed Time": Kind.ELAPSED, "Working Time": Kind.WORKING}
LEVEL_KINDS = {**KINDS, WORKING_DAYS: Kind.WORKING_DAYS}
CLOCKS = {kind: clock for clock, kind in KINDS.items()}
DEFAULT_CLOCK = CLOCKS[Kind.ELAPSED]
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOUR = 3600
DAY = 24 * HOUR
NO_ATTACHMENT = "None"
# The least with which every second is a number of hours of its own; the fields for hours take as many.
DECIMALS = 4


class NoCalendar(CalendarError):
	"""Working time is to be counted where no Working Calendar is known."""

	def __init__(self, calendar: str) -> None:
		self.calendar = calendar
		super().__init__(f"There is no Working Calendar {calendar!r}")


def settings_of(doc: Document) -> Settings:
	return Settings(
		mode=doc.mode or "Off",
		confirmed_host=doc.confirmed_host or "",
		governed_from=to_epoch(doc.governed_from),
		default_department=doc.default_department or "",
		default_country=doc.default_country or "",
		tsm_team=doc.tsm_team or "",
		general_manager=_stand(doc, "general_manager"),
		customer_service_manager=_stand(doc, "customer_service_manager"),
		reply_to=doc.reply_to or "",
		storm_threshold=cint(doc.storm_threshold),
		support_phone=doc.support_phone or "",
		support_email=doc.support_email or "",
		procedure_url=doc.procedure_url or "",
		export_on_uninstall=bool(cint(doc.export_on_uninstall)),
	)


def _stand(doc: Document, role: str) -> Stand:
	absent_from, absent_until = doc.get(f"{role}_absent_from"), doc.get(f"{role}_absent_until")
	return Stand(
		user=doc.get(role) or "",
		deputy=doc.get(f"{role}_deputy") or "",
		absent_from=getdate(absent_from) if absent_from else None,
		absent_until=getdate(absent_until) if absent_until else None,
	)


def report_settings_of(doc: Document) -> ReportSettings:
	"""What the settings say of reports; what they leave open is as they come.

	Times are chosen from a list: into a field for times Frappe 15 writes the present one when it makes the record.
	"""
	attachment = doc.report_attachment or "Excel"
	return ReportSettings(
		daily_time=_second_of_day(doc.daily_report_time or "07:00"),
		weekly_time=_second_of_day(doc.weekly_report_time or "08:00"),
		monthly_time=_second_of_day(doc.monthly_report_time or "08:00"),
		weekly_day=WEEKDAYS.index(doc.weekly_report_day or "Sunday"),
		rows_in_mail=cint(doc.rows_in_mail) or 20,
		attachment="" if attachment == NO_ATTACHMENT else attachment,
		reports_from=to_epoch(doc.reports_from),
		pauses=pauses_of(doc.report_pauses),
		weekdays=weekdays_of(doc.weekdays),
		further=tuple((row.report, row.user) for row in doc.get("report_recipients") or ()),
	)


def pauses_of(text: str | None) -> tuple[Pause, ...]:
	"""When nothing was sent, the earliest first, as the settings keep it."""
	return tuple(Pause(*each) for each in json.loads(text or "[]"))


def weekdays_of(text: str | None) -> tuple[WeekdayFrom, ...]:
	"""The weekdays before which weeks have ended, each with the date from which on, as the settings keep them."""
	return tuple(WeekdayFrom(date.fromisoformat(start), day) for start, day in json.loads(text or "[]"))


def policy_of(doc: Document) -> Policy:
	"""The levels and the warning of an Escalation Policy.

	Policy: CORE-04, TSM-08, TRC-03
	"""
	return Policy(
		name=doc.name,
		levels=tuple(_level(row) for row in doc.levels),
		warn_share=flt(doc.warn_percent) / 100,
		total_cap=_seconds(doc.total_cap_hours),
		is_tracing=bool(cint(doc.is_tracing)),
	)


def _level(row: Document) -> Level:
	kind = LEVEL_KINDS[row.clock_kind or DEFAULT_CLOCK]
	return Level(
		seconds=cint(row.after_days) if kind is Kind.WORKING_DAYS else _seconds(row.after_hours),
		target=row.target or "",
		kind=kind,
		pauses=bool(cint(row.pauses)),
		pause_cap=_seconds(row.pause_cap_hours),
		acknowledge_within=_seconds(row.acknowledge_within_hours),
		moves_ticket=bool(cint(row.move_ticket)),
	)


def _seconds(hours: float | None) -> int:
	return round(flt(hours) * HOUR)


def time_given(hours: float | None, clock_kind: str | None) -> EscalationTime | None:
	"""An Escalation Time as a document has it; none without hours.

	In whole seconds: two times are compared by these alone, for hours that are fractions are cut by their columns.
	"""
	seconds = _seconds(hours)
	return EscalationTime(seconds, KINDS[clock_kind or DEFAULT_CLOCK]) if seconds > 0 else None


def hours_of(time: EscalationTime | None) -> float:
	"""Hours for a document, from which `time_given` makes the very time again; 0 without one."""
	return round(time.seconds / HOUR, DECIMALS) if time else 0


def calendar_rules(doc: Document) -> CalendarRules:
	"""What a Working Calendar says, as the domain counts with it.

	Raises: CalendarError for hours that overlap or run backwards, and for an unknown time zone.
	"""
	hours = _intervals(row for row in doc.intervals if not row.weekday)
	by_weekday = {
		WEEKDAYS.index(day): _intervals(row for row in doc.intervals if row.weekday == day)
		for day in {row.weekday for row in doc.intervals if row.weekday}
	}
	return CalendarRules(
		zone=doc.time_zone,
		hours=hours,
		weekday_hours=by_weekday,
		weekends=tuple(_weekend(row) for row in doc.weekends),
		seasons=tuple(
			Season(
				row.season_name,
				getdate(row.first_day),
				getdate(row.last_day),
				parse_hours(row.hours),
				bool(row.estimated),
			)
			for row in doc.seasons
		),
		holidays=tuple(
			Holiday(getdate(row.day), row.holiday_name, bool(row.estimated)) for row in doc.holidays
		),
		exceptions=tuple(_exception(row, hours, by_weekday) for row in doc.exceptions),
	)


def _intervals(rows: Iterable[Document]) -> Hours:
	return checked_hours((_second_of_day(row.from_time), _second_of_day(row.to_time) or DAY) for row in rows)


def _second_of_day(value: timedelta | str) -> int:
	if isinstance(value, timedelta):
		return int(value.total_seconds())
	time = get_time(value)
	return time.hour * HOUR + time.minute * 60 + time.second


def _weekend(row: Document) -> Weekend:
	days = frozenset(WEEKDAYS.index(day.strip()) for day in (row.days or "").split(",") if day.strip())
	half_days = {WEEKDAYS.index(row.half_day): parse_hours(row.half_day_hours)} if row.half_day else {}
	return Weekend(getdate(row.in_force_from) if row.in_force_from else None, days, half_days)


def _exception(row: Document, hours: Hours, by_weekday: dict[int, Hours]) -> DayException:
	day = getdate(row.day)
	if row.kind == "Day Off":
		return DayException(day, (), row.reason)
	if row.kind == "Own Hours":
		return DayException(day, parse_hours(row.hours), row.reason)
	return DayException(day, by_weekday.get(day.weekday(), hours), row.reason)


def scope_of(doc: Document) -> Scope:
	"""The tickets an Escalation Policy is for, and when it is in force."""
	return Scope(
		policy=doc.name,
		group=doc.team or "",
		group_category=doc.group_category or "",
		ticket_category=doc.ticket_type or "",
		country=doc.country or "",
		default=bool(cint(doc.is_default)),
		from_epoch=to_epoch(doc.starts_on),
		until_epoch=to_epoch(doc.ended_on),
	)
