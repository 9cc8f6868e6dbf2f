"""Keeps tickets out of groups that take none, whoever or whatever chooses them: hidden, not open yet, or retired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core_helpdesk.hosts import group_stages, hd_team, tsm_guard

if TYPE_CHECKING:
	from frappe.model.document import Document


def keep_out(ticket: Document) -> None:
	"""Leaves a ticket outside such groups, unless the engine itself is moving it.

	Raises: ValidationError where a person chose the group by form, list, bulk edit, API or import.
	Policy: TSM-12, CORE-01
	"""
	team, previous = ticket.get("agent_group"), group_before(ticket)
	if not team or ticket.flags.ch_engine:
		return
	if team == previous:
		# Those that a retired group still has stay until they go.
		tsm_guard.give_back_if_reopened(ticket)
		return
	door = hd_team.door(team)
	if door.is_hidden:
		tsm_guard.keep_out(ticket, team, previous)
	elif door.stage:
		group_stages.keep_out(ticket, team, previous, door.stage)


def group_before(ticket: Document) -> str:
	before = ticket.get_doc_before_save()
	return (before.get("agent_group") or "") if before else ""
