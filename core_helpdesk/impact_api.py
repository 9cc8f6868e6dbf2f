"""What the form of a Group Request calls for its impact study. Reading the request is not enough for either: see impact_rights.

The writer is POST only: a GET is rolled back by the framework.
"""

from typing import Any

import frappe

from core_helpdesk.governance import impact_reading, request_impact
from core_helpdesk.governance.requests import DOCTYPE


@frappe.whitelist()
def read(name: str) -> dict[str, Any]:
	"""The study of a request: its state and progress, and its figures in the reader's language.

	Raises: PermissionError unless the user may read the request.
	Policy: QA-03, TSM-12
	"""
	return impact_reading.as_seen(_readable(name), frappe.session.user)


@frappe.whitelist(methods=["POST"])
def start(name: str, days: int) -> dict[str, Any]:
	"""Studies the tickets of so many days: at once if they are few, in the background if they are many.

	Raises: PermissionError unless the user may read the request and have it studied; ValidationError where there is
	nothing to study, and while another study of this user is under way.
	Policy: QA-03
	"""
	request = _readable(name)
	request_impact.start(request, days)
	return impact_reading.as_seen(request, frappe.session.user)


def _readable(name: str) -> Any:
	request = frappe.get_doc(DOCTYPE, name)
	request.check_permission("read")
	return request
