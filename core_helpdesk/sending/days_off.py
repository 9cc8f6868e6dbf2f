"""When a report goes to a person in whose country nobody works for a year: at once, and the calendar is found fault with.

Policy: QA-12, TSM-14
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.errors import CoreError
from core_helpdesk.domain.report_schedule import local_date, next_workday
from core_helpdesk.escalations import findings
from core_helpdesk.mail import notices
from core_helpdesk.sending.heartbeat import STANDSTILL

if TYPE_CHECKING:
	from core_helpdesk.sending.catalogue import Sent
	from core_helpdesk.sending.timetable import Timetable

CALENDAR = "Working Calendar"


def due(timetable: Timetable, sent: Sent, user: str, ready: int) -> int:
	"""When a report that is ready goes to a person; one person's calendar must not keep it from the others.

	Units: epoch seconds.
	"""
	try:
		return timetable.due(sent, user, ready, ready)
	except CoreError:
		_alarm(user)
		return ready


def _alarm(user: str) -> None:
	if findings.is_open(STANDSTILL, _key(user)):
		return
	details = _("When reports go to {0} is not known: nobody works for a year in the Working Calendar.")
	remedy = _("Correct the days off of the Working Calendar. Until then reports go out at once.")
	notices.alarm(STANDSTILL, _key(user), details.format(user), remedy, config.SETTINGS, config.SETTINGS)


def close_mended(timetable: Timetable, now: int) -> None:
	"""Closes the findings on people in whose country there are working days again.

	Units: epoch seconds.
	"""
	for finding in findings.open_of((STANDSTILL,)):
		kind, _colon, user = finding.subject_key.partition(":")
		if kind == CALENDAR and _works(timetable, user, now):
			findings.close(STANDSTILL, finding.subject_key)


def _works(timetable: Timetable, user: str, now: int) -> bool:
	try:
		calendar = timetable.of_person(user)
		next_workday(calendar, local_date(timetable.zone, now))
	except CoreError:
		return False
	return True


def _key(user: str) -> str:
	return f"{CALENDAR}:{user}"
