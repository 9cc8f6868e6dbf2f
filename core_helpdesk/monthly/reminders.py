"""Reminds of monthly reports that wait for a step, of tracing months to be signed, and of actions that are overdue.

Each time so many working days of headquarters are over; only in the mode Live.
Policy: QA-M1, QA-M3, TSM-M2, TRC-M1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config, months
from core_helpdesk.mail import language, notices
from core_helpdesk.monthly import actions, acts, steps
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.tracing import staleness

if TYPE_CHECKING:
	from collections.abc import Callable
	from datetime import date

WORKING_DAYS = 3
"""After so many working days a step that was not taken is asked for again."""
TRACING = "Tracing Month"


def remind(now: int) -> list[str]:
	"""Reminds those whose turn it is; returns the names of what they were reminded of.

	Units: seconds since the epoch.
	"""
	if config.stored_mode() != config.LIVE:
		return []
	before, today = waited_since(now), config.from_epoch(now).date()
	return [
		*_each(acts.DOCTYPE, _waiting_reports(before), lambda name: _of_report(name, today), now),
		*_each(TRACING, _waiting_months(before), lambda name: _of_month(name, today), now),
		*_each(actions.DOCTYPE, _overdue_actions(now, before), _of_action, now),
	]


def waited_since(now: int) -> int:
	"""What waits since before this moment has waited long enough.

	Units: seconds since the epoch.
	"""
	home = config.site_rules().calendar_of("")
	return staleness.cutoffs([home], WORKING_DAYS, now).of(home)


def _each(doctype: str, names: list[str], remind_of: Callable[[str], None], now: int) -> list[str]:
	for name in names:
		remind_of(name)
		frappe.db.set_value(doctype, name, "reminded_on", config.from_epoch(now), update_modified=False)
	return names


def _waiting_reports(before: int) -> list[str]:
	unfinished = {"workflow_state": ("not in", (flow.FORWARDED, flow.SIGNED))}
	names = frappe.get_all(acts.DOCTYPE, unfinished, pluck="name", order_by="month, name")
	found = [frappe.get_doc(acts.DOCTYPE, name) for name in names]
	return [report.name for report in found if _since(report) < before]


def _since(report: frappe._dict) -> int:
	return config.to_epoch(report.reminded_on or steps.waiting_since(report))


def _of_report(name: str, today: date) -> None:
	report = frappe.get_doc(acts.DOCTYPE, name)
	acts.tell(report, acts.turn_of(report, today), lambda: _("{0} still waits for you."))


def _waiting_months(before: int) -> list[str]:
	unsigned = {"status": "Sent", "signed_by": ("is", "not set")}
	found = frappe.get_all(TRACING, unsigned, ["name", "sent_on", "reminded_on"], order_by="month")
	# It may have been reminded of before it was sent.
	return [row.name for row in found if max(map(config.to_epoch, (row.sent_on, row.reminded_on))) < before]


def _of_month(name: str, today: date) -> None:
	from core_helpdesk.tracing import month_signing

	month = frappe.get_doc(TRACING, name)
	for user in month_signing.signers(month, today):
		with language.speaking(language.language_of(user)):
			text = _("The tracing report of {0} waits for your signature.")
			notices.insert(user, text.format(months.in_words(month.month, frappe.local.lang)), TRACING, name)


def _overdue_actions(now: int, before: int) -> list[str]:
	names = actions.overdue(now)
	fields = ["name", "reminded_on"]
	found = frappe.get_all(actions.DOCTYPE, {"name": ("in", names or [""])}, fields, order_by="due_on, name")
	return [row.name for row in found if not row.reminded_on or config.to_epoch(row.reminded_on) < before]


def _of_action(name: str) -> None:
	action = frappe.get_doc(actions.DOCTYPE, name)
	with language.speaking(language.language_of(action.responsible)):
		text = _("A corrective action is overdue since {0}: {1}")
		said = text.format(frappe.utils.formatdate(action.due_on), action.what[:100])
		notices.insert(action.responsible, said, actions.DOCTYPE, name)
