"""Whether the clock of the machine can be right: what is made for good, or mailed, by a clock that is ahead is made too
early, and stands in the way of what is due when the clock is put right.

Policy: QA-12
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import format_datetime

from core_helpdesk import config, shown
from core_helpdesk.domain.calendar_rules import DAY
from core_helpdesk.escalations import findings
from core_helpdesk.mail import notices

KIND, KEY = "Reports at a Standstill", "Clock"
# The machines of a site are seldom further apart, and a site seldom stands still for longer.
APART, STANDSTILL = 3600, 7 * DAY


def is_right(now: int) -> bool:
	"""Whether months may be closed, and reports made, by this moment; if not, it is said once.

	It is not right more than an hour ahead of the database's, whatever anybody says, nor more than a week after the last
	run for reports, until whoever closes the finding says that it is.
	Units: epoch seconds.
	Policy: QA-12
	"""
	last = last_run()
	is_ahead = now - of_database() > APART
	key = f"{KEY}:Ahead" if is_ahead else f"{KEY}:{last}"
	if not is_ahead and (not last or now - last <= STANDSTILL):
		for finding in findings.open_of((KIND,)):
			if finding.subject_key.startswith(f"{KEY}:"):
				findings.close(KIND, finding.subject_key)
		return True
	# Closed by a person, and by nobody opened again since.
	if not is_ahead and not findings.is_open(KIND, key) and findings.was_put_aside(KIND, key):
		return True
	_alarm(key, now, last, _apart() if is_ahead else _at_a_standstill())
	return False


def last_run() -> int:
	"""When the run for reports last came to its end; 0 if it never did."""
	# Not by `get_single_value`: newer frameworks make a date of the year 1 of none.
	return config.to_epoch(frappe.db.get_singles_dict(config.SETTINGS).get("last_report_run"))


def of_database() -> int:
	"""What time it is for the database."""
	return int(frappe.db.sql("select unix_timestamp()")[0][0])  # nosemgrep: of no table


def _at_a_standstill() -> str:
	return _("Put the clock right; if it is right, close this finding: then what is due is made.")


def _apart() -> str:
	return _("Let the clocks of the server and of its database agree: then what is due is made.")


def _alarm(key: str, now: int, last: int, remedy: str) -> None:
	if findings.is_open(KIND, key):
		return
	details = _(
		"The clock of the server says {0}; the last run for reports was on {1}. Nothing is made until it is sure which is right."
	)
	said = (
		shown.isolated(format_datetime(config.from_epoch(moment))) if moment else "–"
		for moment in (now, last)
	)
	notices.alarm(KIND, key, details.format(*said), remedy, config.SETTINGS, config.SETTINGS)
