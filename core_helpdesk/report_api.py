"""What the reports on tickets call: the records behind a figure. Every function asks first who may."""

from typing import Any

import frappe

from core_helpdesk import config
from core_helpdesk.reports import (
	behind,
	days,
	department_escalations,
	department_performance,
	readers,
	ticket_month,
	weekly_performance,
)

OF_DAYS = {
	of.REPORT: of.records for of in (department_performance, weekly_performance, department_escalations)
}
"""The records behind a figure, by the report that tells it."""


@frappe.whitelist()
def tickets(filters: str | dict[str, Any], figure: str, part: str) -> dict[str, Any]:
	"""The stays or escalations that make a figure of the QA Monthly Report, for its reader: as many as it says.

	Raises: PermissionError; ValidationError for more than a list can be narrowed to.
	Policy: QA-12
	"""
	wanted = frappe.parse_json(filters)
	if not isinstance(wanted, dict):
		behind.refuse_unknown(figure, ticket_month.REPORT)
	return ticket_month.tickets(wanted, figure, part)


@frappe.whitelist()
def records(report: str, filters: str | dict[str, Any], figure: str, part: str) -> dict[str, Any]:
	"""The stays or escalations that make a figure of a report of days, for its reader: as many as it says.

	Raises: PermissionError; ValidationError for more than a list can be narrowed to, and for what is no figure.
	Policy: QA-16, TSM-14, TSM-M2, CORE-13
	"""
	wanted = frappe.parse_json(filters)
	if report not in OF_DAYS or not isinstance(wanted, dict):
		behind.refuse_unknown(figure, "Reports")
	return OF_DAYS[report](wanted, figure, part)


@frappe.whitelist()
def last_week() -> dict[str, str]:
	"""The week that is over, as filters of a report of days.

	Raises: PermissionError for anybody who is no reader.
	Policy: TSM-14
	"""
	readers.reader(readers.OF_TICKETS)
	return days.last_week(config.now_epoch()).since_until
