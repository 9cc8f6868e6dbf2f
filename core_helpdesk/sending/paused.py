"""Times in which the mode was not Live: what they leave out of the reports stands in the ledger.

Policy: QA-12, TSM-09, TSM-14
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from frappe import _
from frappe.utils import format_datetime

from core_helpdesk import config, shown
from core_helpdesk.domain.calendar_rules import DAY
from core_helpdesk.domain.report_schedule import runs_due
from core_helpdesk.domain.settings import Pause
from core_helpdesk.escalations import transactions
from core_helpdesk.mail import notices
from core_helpdesk.sending import catalogue, ledger
from core_helpdesk.sending.heartbeat import STANDSTILL
from core_helpdesk.sending.making import OVERLAP
from core_helpdesk.sending.timetable import Timetable

if TYPE_CHECKING:
	from collections.abc import Iterable

# Of what was due before, nothing waits any more.
REMEMBERED = 366 * DAY


def begun(now: int) -> dict[str, Any]:
	"""The settings of a site that leaves the mode Live.

	Units: epoch seconds.
	"""
	known = config.report_settings()
	if not known.reports_from or _lasting(known):
		return {}
	return {"report_pauses": _as_kept([*known.pauses, Pause(now)], now)}


def ended(now: int) -> dict[str, Any]:
	"""The settings of a site that comes to the mode Live: reports begin, or the pause is over and what it left out noted.

	Where no pause was begun, the site was Live at another address: what was due there until now is not this one's.
	Units: epoch seconds.
	"""
	known = config.report_settings()
	if not known.reports_from:
		return {"reports_from": config.from_epoch(now)}
	pause = (_lasting(known) or Pause(known.reports_from))._replace(until=now)
	with transactions.logged_on_failure("What was due in a pause is not in the ledger of reports"):
		note(pause)
	return {"report_pauses": _as_kept([*(each for each in known.pauses if each.until), pause], now)}


def _lasting(settings: config.ReportSettings) -> Pause | None:
	return next((pause for pause in settings.pauses if not pause.until), None)


def _as_kept(pauses: Iterable[Pause], now: int) -> str:
	return json.dumps([pause for pause in pauses if not pause.until or pause.until > now - REMEMBERED])


def note(pause: Pause) -> int:
	"""Notes what was due in a pause and is not made, so that the hole stands in the ledger; returns how many runs."""
	timetable, found = Timetable.present(), []
	for sent in (each for each in catalogue.REPORTS if not each.make):
		known = ledger.runs_of(sent.name, pause.since - OVERLAP)
		runs = runs_due(timetable.schedule(sent), timetable.makers(), pause.since, pause.until)
		found += [(sent.rhythm, run) for run in runs if run.period_key not in known]
	return ledger.note_paused(found)


def alarm(pause: Pause) -> None:
	"""Says once of a pause that reports which were made for people are not sent any more; counts how many."""
	details = _("Reports that were due to people between {0} and {1} are not sent: the mode was not Live.")
	said = (shown.isolated(format_datetime(config.from_epoch(end))) for end in pause)
	remedy = _("Look into the ledger for those that failed, and tell their readers; then close the finding.")
	key = f"Pause:{pause.since}"
	notices.alarm(STANDSTILL, key, details.format(*said), remedy, config.SETTINGS, config.SETTINGS)
