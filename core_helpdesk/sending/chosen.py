"""What an admin sets for reports, checked when it is saved: the size of a mail, and who gets a report besides."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import cint, get_system_timezone

from core_helpdesk import config, shown
from core_helpdesk.documents import WEEKDAYS, weekdays_of
from core_helpdesk.domain.report_schedule import Rhythm, Schedule, WeekdayFrom, change_weekday, local_date
from core_helpdesk.sending import catalogue

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

FEWEST, MOST = 1, 200
# No run that is asked for lies so far back.
REMEMBERED = timedelta(days=400)


def check_rows(rows: int | None) -> None:
	"""Raises: ValidationError unless a mail can hold so many rows; none given stands for the usual number."""
	if rows and not FEWEST <= cint(rows) <= MOST:
		message = _("A mail holds from {0} to {1} rows of a report: the rest stands behind its link.")
		frappe.throw(message.format(FEWEST, MOST), title=_("Rows in a Mail"))


def check_recipients(rows: Iterable[Document]) -> None:
	"""Raises: ValidationError for a person who is named twice, cannot be reached or is no reader of the report.

	Policy: CORE-13, TSM-09
	"""
	known = set()
	for row in rows:
		if (row.report, row.user) in known:
			_refuse(_("{0} is named twice for the report {1}.").format(row.user, _(row.report)))
		known.add((row.report, row.user))
		_check_reader(row.report, row.user)


# --- The day of weekly reports


def keep_weekdays(settings: Document, now: int) -> None:
	"""Notes with another weekly day from when on it ends a week, and says so; before any report was due, from always on.

	Every day belongs to one weekly report, however often the day is changed.
	Units: epoch seconds.
	Policy: TSM-14
	"""
	before = settings.get_doc_before_save()
	if not before or _day(before) == _day(settings):
		return
	if not config.report_settings().reports_from:
		settings.weekdays = None
		return
	zone = ZoneInfo(get_system_timezone())
	weekdays = weekdays_of(settings.weekdays) or (WeekdayFrom(date.min, _day(before)),)
	first, *later = weekdays
	schedule = Schedule("", Rhythm.WEEKLY, 0, zone, weekday=first.weekday, weekdays=tuple(later))
	today = local_date(zone, now)
	changed = change_weekday(schedule, _day(settings), today).weekdays
	settings.weekdays = _as_kept(_remembered((first, *changed), today))
	if changed and changed[-1].start > today:
		message = _("The week that is running ends before {0}. From then on weeks end before the new day.")
		frappe.msgprint(message.format(shown.day(changed[-1].start)), title=_("Weekly Reports"))


def _day(document: Document) -> int:
	# Stored before there was such a day, none stands for the usual one.
	return WEEKDAYS.index(document.weekly_report_day or "Sunday")


def _remembered(weekdays: tuple[WeekdayFrom, ...], today: date) -> list[WeekdayFrom]:
	kept = list(weekdays)
	while len(kept) > 1 and kept[1].start < today - REMEMBERED:
		kept.pop(0)
	return kept


def _as_kept(weekdays: Iterable[WeekdayFrom]) -> str:
	return json.dumps([(each.start.isoformat(), each.weekday) for each in weekdays])


# --- Further recipients


def _check_reader(report: str, user: str) -> None:
	sent = catalogue.of(report)
	if sent is None:
		_refuse(_("There is no report {0} that is sent.").format(report))
	found = frappe.db.get_value("User", user, ["email", "enabled"], as_dict=True)
	if not found or not found.enabled:
		_refuse(_("The user {0} is disabled.").format(user))
	if not found.email or user in frappe.STANDARD_USERS:
		_refuse(_("The user {0} has no e-mail address.").format(user))
	if not catalogue.may_read(sent, user):
		able = ", ".join(_(role) for role in sent.readers)
		message = _("{0} may not read the report {1}. Its readers have one of the roles: {2}.")
		_refuse(message.format(user, _(report), able))


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Further Recipients"))
