"""Reminds of monthly reports that wait for a step, of tracing months to be signed, and of actions that are overdue.

Each time so many working days of headquarters are over, for a month at most: then the next report shows what waits. Only
in the mode Live.
Policy: QA-M1, QA-M3, TSM-M2, TRC-M1
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.utils import get_datetime

from core_helpdesk import config, months
from core_helpdesk.domain.calendar_rules import DAY
from core_helpdesk.escalations import people, transactions
from core_helpdesk.mail import monthly_letters
from core_helpdesk.monthly import action_acts, actions, acts, steps
from core_helpdesk.tracing import staleness

if TYPE_CHECKING:
	from collections.abc import Callable
	from datetime import date

	from frappe.model.document import Document

WORKING_DAYS = 3
"""After so many working days a step that was not taken is asked for again."""
LONGEST = 31 * DAY
"""What has waited for longer is not asked for any more."""
TRACING = "Tracing Month"


def remind(now: int) -> list[str]:
	"""Reminds those whose turn it is; returns the names of what they were reminded of.

	Units: seconds since the epoch.
	"""
	if config.stored_mode() != config.LIVE:
		return []
	before, today = Waited(waited_since(now), now - LONGEST), config.from_epoch(now).date()
	return [
		*_each(
			acts.DOCTYPE,
			_waiting_reports(before),
			lambda name: _of_report(name, today),
			now,
		),
		*_each(TRACING, _waiting_months(before), lambda name: _of_month(name, today), now),
		*_each(actions.DOCTYPE, _overdue_actions(now, before), _of_action, now),
	]


class Waited(NamedTuple):
	"""Who was asked last before `asked`, for what has waited since after `since`, is asked again.

	Units: seconds since the epoch.
	"""

	asked: int
	since: int

	def enough(self, since: object, reminded_on: object) -> bool:
		"""`reminded_on` may be of an earlier step."""
		began = config.to_epoch(since)
		return began > self.since and max(began, config.to_epoch(reminded_on)) < self.asked


def waited_since(now: int) -> int:
	"""What waits since before this moment has waited long enough.

	Units: seconds since the epoch.
	"""
	home = config.site_rules().calendar_of("")
	return staleness.cutoffs([home], WORKING_DAYS, now).of(home)


def _each(doctype: str, names: list[str], remind_of: Callable[[str], None], now: int) -> list[str]:
	"""Those of which somebody was reminded: one that fails keeps none of the others back."""
	done = []
	for name in names:
		with transactions.logged_on_failure(f"Nobody was reminded of {doctype} {name}"):
			remind_of(name)
			frappe.db.set_value(doctype, name, "reminded_on", config.from_epoch(now), update_modified=False)
			done.append(name)
		frappe.db.commit()  # nosemgrep: who was reminded is not reminded again, whatever becomes of the next
	return done


def _waiting_reports(waited: Waited) -> list[str]:
	return [
		report.name
		for report in acts.unfinished()
		if waited.enough(steps.waiting_since(report), report.reminded_on)
	]


def _of_report(name: str, today: date) -> None:
	report = frappe.get_doc(acts.DOCTYPE, name)
	acts.tell(report, acts.turn_of(report, today), lambda: _("{0} still waits for you."))


def _waiting_months(waited: Waited) -> list[str]:
	unsigned = {"status": "Sent", "signed_by": ("is", "not set")}
	found = frappe.get_all(TRACING, unsigned, ["name", "sent_on", "reminded_on"], order_by="month")
	return [row.name for row in found if waited.enough(row.sent_on, row.reminded_on)]


def _of_month(name: str, today: date) -> None:
	from core_helpdesk.tracing import month_signing

	month = frappe.get_doc(TRACING, name)

	def in_words() -> str:
		return months.in_words(month.month, frappe.local.lang or "en")

	message = monthly_letters.Message(
		lambda: _("The tracing report of {0} waits for your signature.").format(in_words()),
		lambda: _("Open the report to read its figures and to take the step that it waits for."),
		lambda: [(_("Report", context="Monthly Report"), _("{0}: {1}").format(_(TRACING), in_words()))],
		(TRACING, name),
	)
	for user in month_signing.signers(month, today):
		monthly_letters.tell(user, message)


def _overdue_actions(now: int, waited: Waited) -> list[str]:
	names = actions.overdue(now)
	fields = ["name", "due_on", "reminded_on"]
	found = frappe.get_all(actions.DOCTYPE, {"name": ("in", names or [""])}, fields, order_by="due_on, name")
	return [row.name for row in found if _is_to_be_asked(row, waited)]


def _is_to_be_asked(action: frappe._dict, waited: Waited) -> bool:
	"""The first time at once when its day is over."""
	if config.to_epoch(get_datetime(action.due_on)) <= waited.since:
		return False
	return not action.reminded_on or config.to_epoch(action.reminded_on) < waited.asked


def _of_action(name: str) -> None:
	action = frappe.get_doc(actions.DOCTYPE, name)
	for user in _asked_of(action):
		monthly_letters.tell(user, action_acts.message(action, action_acts.overdue))


def _asked_of(action: Document) -> list[str]:
	"""Who is to do it; whoever decided on it where that person has gone, and the QA Specialists where both have."""
	named = (action.responsible, action.decided_by)
	present = (user for user in named if user and frappe.db.get_value("User", user, "enabled"))
	found = next(present, "")
	return [found] if found else [person.user for person in people.qa_specialists()]
