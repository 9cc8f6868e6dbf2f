"""The app's reports are made when they are asked for, for whoever asks: nothing of them is kept or sent in another's name.

The framework hands a kept report to anybody who names its maker, and mails reports with the rights of its own jobs.
Policy: CORE-13
"""

from __future__ import annotations

import frappe
from frappe import _

MODULE, SCRIPT = "Core Helpdesk", "Script Report"
# Views saved of views of a report; more than this is no view that a person made.
DEEPEST = 5


def is_ours(report: str | None) -> bool:
	"""Whether a report is one of the app's, or somebody's own view of one."""
	for _step in range(DEEPEST):
		found = frappe.db.get_value(
			"Report", report, ["module", "report_type", "reference_report"], as_dict=True
		)
		if not found:
			return False
		if found.module == MODULE and found.report_type == SCRIPT:
			return True
		report = found.reference_report
	return False


def refuse_keeping(report: str | None) -> None:
	"""Raises: ValidationError for a report of the app."""
	if is_ours(report):
		message = _("{0} is made at once, for whoever asks for it: it cannot be prepared in advance.")
		frappe.throw(message.format(_(report)), title=_("Not Permitted"))


def refuse_sending(report: str | None) -> None:
	"""Raises: ValidationError for a report of the app."""
	if is_ours(report):
		message = _("{0} shows each reader what is theirs to see: it cannot be mailed with another's rights.")
		frappe.throw(message.format(_(report)), title=_("Not Permitted"))


def keep_at_once() -> None:
	"""Puts back what the framework switches on by itself after one slow run."""
	ours = {"module": MODULE, "report_type": SCRIPT, "prepared_report": 1}
	for report in frappe.get_all("Report", ours, pluck="name"):
		frappe.db.set_value("Report", report, "prepared_report", 0)
