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
from core_helpdesk.tracing import confirmation, records, rules, silence, staleness, work_lists

if TYPE_CHECKING:
	from frappe.model.document import Document

STEP, FIRST_STEP = "remind the customer", "ask the customer"


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


def ask() -> list[str]:
	"""Asks about solutions of which nobody could be told when they were found; returns the cases.

	Policy: TRC-12, TRC-22, CX-3.9
	"""
	if config.stored_mode() != config.LIVE or not rules.is_live():
		return []
	text = _("The customer of the tracing case {0} could not be asked.")

	def ask_about(name: str) -> bool:
		case = records.locked(name)
		is_silent = case.status == records.SOLVED and not (case.answer or case.confirmation_asked_epoch)
		return is_silent and not confirmation.ask(case)

	return carrying_out.each(records.DOCTYPE, _unasked(), ask_about, FIRST_STEP, text)


def _unasked() -> list[str]:
	"""The solved cases of which no mail has asked the customer, the oldest solution first."""
	unasked = {"status": records.SOLVED, "answer": ("is", "not set"), "confirmation_asked_epoch": 0}
	return frappe.get_all(records.DOCTYPE, unasked, pluck="name", order_by="solved_on, name")


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
	if not case.confirmation_asked_epoch or case.status != records.SOLVED or case.answer:
		return False
	if cint(case.reminders_sent) >= cint(settings.reminders):
		return False
	over = silence.days_after(case, silence.last_asked(case), max(1, cint(settings.reminder_days)), site)
	return over <= now and not silence.has_written(case)
