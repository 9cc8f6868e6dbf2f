"""Who may see the impact study of a request, who may have one made, and how many at a time.

A study tells the load of every group that a request names, and keeps a worker busy: reading the request is not enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import getdate

from core_helpdesk import config, permissions, request_permissions
from core_helpdesk.governance import requests
from core_helpdesk.governance.requests import DOCTYPE
from core_helpdesk.setup import workflows as flow

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.permissions import Area

Place = tuple[str, str]


def may_read(request: Document, user: str) -> bool:
	"""Who sees all requests, and who answers for every group that this one names, or reads for who does.

	Policy: QA-03, CORE-13
	"""
	if request_permissions.sees_all(user):
		return True
	areas = [*permissions.areas_of(user, getdate()), *permissions.read_areas(user)]
	return covers_all(areas, places_named(request))


def may_start(request: Document, user: str) -> bool:
	"""While it is written, who sees all or answers for every group named; from then on those whose turn it is.

	Policy: QA-03
	"""
	if request.workflow_state in requests.OPEN:
		areas = permissions.areas_of(user, getdate())
		return request_permissions.sees_all(user) or covers_all(areas, places_named(request))
	if request.workflow_state == flow.MANAGER_APPROVAL:
		return requests.may_decide(request, user)
	return request.workflow_state not in requests.CLOSED and requests.may_review(request, user)


def places_named(request: Document) -> set[Place]:
	groups = [config.group(row.team) for row in request.takes_from if row.team]
	return {requests.place_of(request), *((group.department, group.country) for group in groups)}


def covers_all(areas: list[Area], places: set[Place]) -> bool:
	return all(any(area.covers(*place) for area in areas) for place in places)


def check_start(request: Document, user: str) -> None:
	"""Raises: PermissionError for who may not have this study made, ValidationError while another of theirs is made."""
	if request.workflow_state in requests.CLOSED and may_read(request, user):
		return  # whoever may know is told that its study stays
	if not may_start(request, user):
		message = _(
			"The impact of {0} is studied by those who answer for all its groups, and once it is submitted by those whose "
			"turn it is."
		)
		frappe.throw(message.format(request.name), frappe.PermissionError, title=_("Impact Study"))
	for other in under_way(user):
		if other != request.name:
			message = _("Your study of {0} is still under way. Please wait until it is done.")
			frappe.throw(message.format(other), title=_("Impact Study"))


def under_way(user: str) -> list[str]:
	"""The requests whose study this user has asked for and that is not done yet."""
	from core_helpdesk.governance import impact_progress, request_impact

	now = config.now_epoch()
	rows = frappe.get_all(DOCTYPE, {"impact_state": request_impact.RUNNING}, ["name", "impact"])
	asked = {row.name: (frappe.parse_json(row.impact) or {}).get("asked") or {} for row in rows}
	return [
		name
		for name, one in asked.items()
		if one.get("by") == user
		and one.get("by_hand")
		and impact_progress.is_alive(name, one["run"], one["at"], now)
	]
