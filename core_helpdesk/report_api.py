"""What the reports on tickets call: the records behind a figure. Every function asks first who may."""

from typing import Any

import frappe
from frappe import _

from core_helpdesk.reports import ticket_month


@frappe.whitelist()
def tickets(filters: str | dict[str, Any], figure: str, part: str) -> dict[str, Any]:
	"""The stays or escalations that make a figure of the QA Monthly Report, for its reader: as many as it says.

	Raises: PermissionError; ValidationError for more than a list can be narrowed to.
	Policy: QA-12
	"""
	wanted = frappe.parse_json(filters)
	if not isinstance(wanted, dict):
		frappe.throw(_("There is no such figure: {0}").format(figure), title=_(ticket_month.REPORT))
	return ticket_month.tickets(wanted, figure, part)
