"""A courier's site that sends reports, the runs of its job, and what then stands in the ledger and in the mail queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import jobs
from core_helpdesk.reports.answer import Answer, column
from core_helpdesk.sending import catalogue, content
from tests.site import courier as couriers

if TYPE_CHECKING:
	import pytest

	from core_helpdesk.sending.catalogue import Asked
	from tests.site.moments import Moment

DAILY, WEEKLY, DEPARTMENTS = "Escalated Tickets", "Weekly Performance", "Department Escalations"
# A Sunday at noon: Fridays and Saturdays are days off in Saudi Arabia, and no holiday is near.
SUNDAY = "2026-04-05 12:00"
TICK = {"minutes": 5}
OF_A_ROW = ("language", "tries", "edition", "is_replaced", "capacity", "first_shown_on")


def open_desk(*, mode: str = "Live", since: str = SUNDAY, language: str = "en") -> couriers.Courier:
	"""Reports are due from `since` on."""
	courier = couriers.open_courier(mode=mode, language=language)
	couriers.set_settings(default_country="Saudi Arabia", reports_from=since)
	return courier


def simple(asked: Asked) -> Answer:
	"""A report that says who reads it and of which days."""
	row = {"reader": frappe.session.user, "days": f"{asked.first} {asked.last}"}
	return Answer([column("reader", "Reader"), column("days", "Days")], [row])


def send_only(patch: pytest.MonkeyPatch, *names: str, **changes: object) -> None:
	"""Only these reports are sent, with these changes to each; without another content they answer simply."""
	kept = [sent for sent in catalogue.REPORTS if sent.name in names]
	patch.setattr(catalogue, "REPORTS", [sent._replace(**{"answer": simple, **changes}) for sent in kept])


def tick() -> None:
	"""One run of the jobs; what a step could not do is not passed over."""
	before = steps_failed()
	jobs.ch_send_reports()
	jobs.ch_report()
	failed = [error for name, error in steps_failed().items() if name not in before]
	assert not failed, failed[0]


def steps_failed() -> dict[str, str]:
	rows = frappe.get_all("Error Log", {"method": "A step of the watch failed"}, ["name", "error"])
	return {row.name: row.error for row in rows}


def pass_time(moment: Moment, *, hours: int) -> None:
	"""The job runs every half an hour."""
	for _half in range(hours * 2):
		moment.later(minutes=30)
		tick()


def ledger(**wanted: object) -> list[frappe._dict]:
	fields = ["name", "report", "period_key", "recipient", "state", "due_at", "why_not", "email_queue"]
	order = "due_epoch, report, period_key, recipient"
	rows = frappe.get_all("Report Delivery", wanted, [*fields, *OF_A_ROW], order_by=order)
	packed = frappe.get_all("Report Content", fields=["delivery", "content"], as_list=True)
	contents = {delivery: content.unpacked(text) for delivery, text in packed}
	return [row.update(content=contents.get(row.name)) for row in rows]


def states(**wanted: object) -> list[str]:
	return [row.state for row in ledger(**wanted)]


def runs(**wanted: object) -> list[frappe._dict]:
	fields = ["name", "report", "period_key", "state", "tries", "error", "due_at", "made_on"]
	return frappe.get_all("Report Run", wanted, fields, order_by="due_epoch, report")


def mails(address: str = "") -> list[frappe._dict]:
	"""Our mails in the queue, in the order in which they came."""
	named = {"recipient": address} if address else {}
	names = frappe.get_all("Email Queue Recipient", named, pluck="parent", order_by="creation")
	fields = ["name", "reference_name", "status", "message"]
	wanted = {"reference_doctype": "Report Delivery", "name": ("in", names or [""])}
	return frappe.get_all("Email Queue", wanted, fields, order_by="creation")


def mails_arrive() -> None:
	"""What waits in the queue is sent."""
	for mail in mails():
		frappe.db.set_value("Email Queue", mail.name, "status", "Sent")
	frappe.db.commit()


def open_gaps() -> list[str]:
	"""What is missing, as the findings say it."""
	kinds = ("Report Not Made", "Report Not Delivered", "Reports at a Standstill")
	wanted = {"kind": ("in", kinds), "state": "Open"}
	return frappe.get_all("Escalation Finding", wanted, pluck="subject_key", order_by="subject_key")
