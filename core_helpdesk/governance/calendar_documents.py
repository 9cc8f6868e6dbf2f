"""What a Working Calendar document must be: rules that compile, one default per country, dates confirmed until when."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from core_helpdesk import config
from core_helpdesk.documents import calendar_rules
from core_helpdesk.domain.errors import CalendarError
from core_helpdesk.domain.working_time import CalendarRules, parse_hours
from core_helpdesk.governance import library_dates, wording
from core_helpdesk.shown import country, day, isolated, listed

DOCTYPE = "Working Calendar"
WARN_DAYS = 60
FINDING = "Holidays Run Out"


def rules(calendar: Document) -> CalendarRules:
	"""The document as the domain sees it.

	Raises: ValidationError with what is wrong, in words.
	"""
	try:
		return calendar_rules(calendar)
	except CalendarError as error:
		wording.throw(error, title=_("Working Calendar"))


def check_working_time(calendar: Document, year: int) -> None:
	"""Raises: ValidationError if the calendar has no working time in the years around this one."""
	from core_helpdesk.calendars import compiled

	try:
		compiled(rules(calendar), year - library_dates.YEARS_BACK, year + library_dates.YEARS_AHEAD)
	except CalendarError as error:
		wording.throw(error, title=_("Working Calendar"))


def check_rows(calendar: Document) -> None:
	"""Raises: ValidationError naming the row that is wrong or there twice."""
	check_weekend_days(calendar)
	refuse_repeated(_("Weekends"), [row.in_force_from or "" for row in calendar.weekends])
	refuse_repeated(
		_("Holidays", context="Working Calendar"), [getdate(row.day) for row in calendar.holidays]
	)
	refuse_repeated(_("Exceptions"), [getdate(row.day) for row in calendar.exceptions])
	for row in calendar.exceptions:
		if row.kind == "Own Hours" and not (row.hours or "").strip():
			message = _("Exceptions, row {0}: own hours need to be given.")
			frappe.throw(message.format(row.idx), title=_("Working Calendar"))
	check_hours(calendar)
	check_seasons(calendar)


def check_hours(calendar: Document) -> None:
	"""Says in which row hours are wrong: the compiler of all rules knows no rows."""
	written = (
		*((_("Weekends"), row, row.half_day_hours) for row in calendar.weekends if row.half_day),
		*((_("Seasons"), row, row.hours) for row in calendar.seasons),
		*((_("Exceptions"), row, row.hours) for row in calendar.exceptions if row.kind == "Own Hours"),
	)
	for table, row, hours in written:
		try:
			parse_hours(hours or "")
		except CalendarError as error:
			name = row.get("season_name") or ""
			place = listed(
				part for part in (table, _("Row {0}").format(row.idx), _(name) if name else "") if part
			)
			frappe.throw(f"{place}: {wording.wording(error)}", title=_("Working Calendar"))


def check_weekend_days(calendar: Document) -> None:
	for row in calendar.weekends:
		names = [name.strip().title() for name in (row.days or "").split(",") if name.strip()]
		unknown = [name for name in names if name not in library_dates.WEEKDAYS]
		if unknown or not names:
			message = _("Weekends, row {0}: {1} is no day of the week. Write them as in: Friday, Saturday")
			frappe.throw(
				message.format(row.idx, listed(unknown) or _("(empty)")), title=_("Working Calendar")
			)
		row.days = ", ".join(names)
		if bool(row.half_day) != bool((row.half_day_hours or "").strip()):
			message = _("Weekends, row {0}: a half day needs its day and its hours.")
			frappe.throw(message.format(row.idx), title=_("Working Calendar"))


def check_seasons(calendar: Document) -> None:
	seasons = sorted(calendar.seasons, key=lambda row: getdate(row.first_day))
	for earlier, later in pairwise(seasons):
		if getdate(later.first_day) <= getdate(earlier.last_day):
			message = _("The seasons {0} and {1} share days from {2}.")
			names = (earlier.season_name, later.season_name, day(later.first_day))
			frappe.throw(message.format(*names), title=_("Working Calendar"))


def refuse_repeated(table: str, values: Iterable[date | str]) -> None:
	repeated = [value for value, times in Counter(values).items() if times > 1]
	if repeated:
		shown = listed(day(value) if value else _("(empty)") for value in repeated)
		frappe.throw(_("{0}: more than one row for {1}.").format(table, shown), title=_("Working Calendar"))


def check_default(calendar: Document) -> None:
	if not (calendar.is_country_default and calendar.country):
		return
	filters = {"country": calendar.country, "is_country_default": 1, "name": ["!=", calendar.name or ""]}
	other = frappe.db.get_value(DOCTYPE, filters)
	if other:
		message = _("{0} is the calendar of {1} already: untick Calendar of the Country in one of the two.")
		frappe.throw(
			message.format(isolated(other), isolated(country(calendar.country))), title=_("Working Calendar")
		)


def confirmed_until(calendar: Document, today: date) -> date | None:
	"""The day before the first estimated holiday from today on, else the end of the last year with a holiday."""
	days = [getdate(row.day) for row in calendar.holidays]
	estimated = [getdate(row.day) for row in calendar.holidays if row.estimated]
	ahead = [day for day in estimated if day >= today]
	if ahead:
		return min(ahead) - timedelta(days=1)
	return date(max(days).year, 12, 31) if days else None


def warn_of_unconfirmed(today: date) -> list[str]:
	"""Reports each calendar in use whose confirmed holidays end within 60 days, and ends the reports of the others.

	Returns: the names of the calendars reported.
	"""
	from core_helpdesk.escalations import findings

	running_out = {name: until for name in in_use() if (until := ending(name, today)) is not None}
	for name, until in running_out.items():
		details = _("The holidays of the calendar {0} are confirmed until {1} only.").format(name, day(until))
		remedy = _("Confirm or move the estimated holidays, or take over the new dates of the library.")
		findings.report(FINDING, name, DOCTYPE, name, details, remedy)
	open_findings = frappe.get_all(
		"Escalation Finding", {"kind": FINDING, "state": "Open"}, pluck="subject_key"
	)
	for name in set(open_findings) - running_out.keys():
		findings.close(FINDING, name)
	return sorted(running_out)


def ending(name: str, today: date) -> date | None:
	until = confirmed_until(frappe.get_doc(DOCTYPE, name), today) or today
	return until if until <= today + timedelta(days=WARN_DAYS) else None


def in_use() -> list[str]:
	"""The calendars of groups: a seeded calendar of a country without an office warns nobody."""
	rules = config.site_rules()
	groups = [rules.group(team) for team in frappe.get_all("HD Team", pluck="name")]
	return sorted({group.calendar for group in groups if group.calendar})
