"""Reminds customers who were asked whether their case is solved and have not said.

Policy: TRC-22 (silence is no answer: it is asked again, and never counted as satisfied)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cint

from core_helpdesk import config
from core_helpdesk.governance import carrying_out
from core_helpdesk.tracing import confirmation, records, rules, staleness, timing, work_lists

if TYPE_CHECKING:
	from frappe.model.document import Document

STEP = "remind the customer"


def remind(now: int) -> list[str]:
	"""Asks once more where the working days between reminders are over; returns the cases.

	Each in a transaction of its own: one with which that fails keeps no other back.
	Units: `now` is seconds since the epoch.
	Policy: TRC-22
	"""
	if config.stored_mode() != config.LIVE or not rules.is_live():
		return []
	site = config.site_rules()
	text = _("The customer of the tracing case {0} could not be reminded.")

	def remind_of(name: str) -> bool:
		case = records.locked(name)
		return is_due(case, now, site) and not confirmation.remind(case, now)

	return carrying_out.each(records.DOCTYPE, _waiting(now), remind_of, STEP, text)


def _waiting(now: int) -> list[str]:
	"""The cases whose customers were last asked so many working days ago, the longest waiting first."""
	settings = rules.settings()
	values = {"solved": records.SOLVED, "reminders": cint(settings.reminders)}
	over = staleness.cutoffs(work_lists.calendars(), max(1, cint(settings.reminder_days)), now)
	asked = "greatest(confirmation_asked_epoch, ifnull(reminded_epoch, 0))"
	# Columns from the code, values as parameters; the query builder knows no `case` over a column.
	return frappe.db.sql_list(  # nosemgrep
		f"""select `name` from `tabTracing Case` where status = %(solved)s and ifnull(answer, '') = ''
			and confirmation_asked_epoch > 0 and reminders_sent < %(reminders)s
			and {over.condition(asked, "calendar", values, "asked")}
			order by confirmation_asked_epoch, `name`""",
		values,
	)


def is_due(case: Document, now: int, site: config.SiteRules) -> bool:
	"""Whether the customer of a case is to be reminded by now."""
	settings = rules.settings()
	asked = cint(case.confirmation_asked_epoch)
	if not asked or case.status != records.SOLVED or case.answer:
		return False
	if cint(case.reminders_sent) >= cint(settings.reminders):
		return False
	timer = timing.timer(site, case.calendar or rules.home_calendar(site))
	last, days = max(asked, cint(case.reminded_epoch)), max(1, cint(settings.reminder_days))
	# Without a calendar nothing is due: then days by the clock, as in the list above.
	return (timer.add_working_days(last, days) or last + days * staleness.DAY) <= now
