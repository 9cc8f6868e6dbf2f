"""A group that moves takes along what others ask of it: a request carries the group's place without asking for it.

Otherwise the next Change Group that is implemented would move the group back to where it was when that was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.governance import governed_records
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.requests import CLOSED, DOCTYPE

if TYPE_CHECKING:
	from frappe.model.document import Document

PLACE = {"ch_department": "department", "ch_country": "country"}


def follow(team: Document) -> None:
	"""Gives the open requests that were to leave the group where it stood its new place.

	Policy: CORE-10
	"""
	before = team.get_doc_before_save()
	if not before or governed_records.is_away():
		return
	for column, field in PLACE.items():
		was, is_now = placed(before, column), placed(team, column)
		if was and was != is_now:
			left_there = {"kind": kinds.CHANGE_GROUP, "team": team.name, field: was}
			still_open = {**left_there, "workflow_state": ("not in", CLOSED)}
			# Their timestamps move: a form that was opened before would save the former place back.
			frappe.db.set_value(DOCTYPE, still_open, field, is_now or None)


def placed(team: Document, column: str) -> str:
	"""Where the group counts as standing: a group that says nothing has the site's default."""
	settings = config.settings()
	defaults = {"ch_department": settings.default_department, "ch_country": settings.default_country}
	return team.get(column) or defaults[column] or ""
