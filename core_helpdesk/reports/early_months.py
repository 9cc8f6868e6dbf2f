"""Months that were closed before they were over, by a clock that was ahead: found, and opened again by a person.

Policy: QA-12, QA-M1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config, months
from core_helpdesk.escalations import findings, machine_clock
from core_helpdesk.mail import notices
from core_helpdesk.setup import monthly_workflow as flow

if TYPE_CHECKING:
	from frappe.model.document import Document

DOCTYPE, KEY = "Ticket Month", "Month"
TRACING, UNSENT = "Tracing Month", {"status": "Made"}
RUN = "Report Run"


def find(now: int) -> None:
	"""Opens a finding for each month that is closed and not over; closes that of one that is over by now.

	What such a month lacks shows as its corrections then, like anything that is found late.
	Units: seconds since the epoch.
	"""
	early = {
		*frappe.get_all(DOCTYPE, {"month": (">=", months.of(now))}, pluck="month"),
		*frappe.get_all(TRACING, {"month": (">=", months.of(now)), **UNSENT}, pluck="month"),
	}
	known = {_key(month): month for month in sorted(early)}
	for key, month in known.items():
		if not findings.is_known(machine_clock.KIND, key):
			_alarm(month)
	for finding in findings.open_of((machine_clock.KIND,)):
		if finding.subject_key.startswith(f"{KEY}:") and finding.subject_key not in known:
			findings.close(finding.kind, finding.subject_key)


def _key(month: str) -> str:
	return f"{KEY}:{month}"


def _alarm(month: str) -> None:
	details = _(
		"The figures of {0} are closed, and the month is not over: the clock of the server was ahead."
	)
	remedy = _(
		"If the clock is right now, close this finding: the month is opened again, and closed when it is over. If a report of it was handed on, it stays as it is, and its corrections show what is missing."
	)
	shown = months.in_words(month, frappe.local.lang or "en")
	subject = (config.SETTINGS, config.SETTINGS)
	notices.alarm(machine_clock.KIND, _key(month), details.format(shown), remedy, *subject)


def follow(finding: Document) -> None:
	"""A person has closed a finding: if it is of a month that is not over, the month is opened again.

	Policy: QA-12
	"""
	kind, _colon, month = (finding.subject_key or "").partition(":")
	if (finding.kind, kind) == (machine_clock.KIND, KEY) and months.is_month(month):
		open_again(month, config.now_epoch())


def open_again(month: str, now: int) -> bool:
	"""Takes back that a month was closed, with its reports; False for one that is over, or of which one was handed on: what
	people have read stays, and is corrected.

	Units: seconds since the epoch.
	"""
	if month < months.of(max(now, machine_clock.of_database())):
		return False
	frappe.db.delete(TRACING, {"month": month, **UNSENT})
	drafts = {"workflow_state": flow.MADE, "returned_on": ("is", "not set")}
	reports = set(frappe.get_all(flow.NAME, {"month": month}, pluck="name"))
	if reports - set(frappe.get_all(flow.NAME, {"month": month, **drafts}, pluck="name")):
		return False
	frappe.db.delete(DOCTYPE, {"month": month})
	for name in sorted(reports):
		for field in frappe.get_meta(flow.NAME).get_table_fields():
			frappe.db.delete(field.options, {"parenttype": flow.NAME, "parent": name})
		frappe.db.delete(flow.NAME, {"name": name})
	frappe.db.delete(RUN, {"report": ("in", flow.KINDS), "period_key": month, "due_epoch": (">", now)})
	return True
