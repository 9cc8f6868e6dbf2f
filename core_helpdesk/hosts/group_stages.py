"""Groups that take no tickets: new ones before their start, and retired ones. Nobody is offered them, nothing comes in.

A person's choice is refused; what a job, mail or host rule sends there is put back and reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, getdate

from core_helpdesk.escalations import findings
from core_helpdesk.hosts import hd_team, team_writer, tsm_guard

if TYPE_CHECKING:
	from datetime import date, datetime

	from frappe.model.document import Document

TEAM, TICKET = "HD Team", "HD Ticket"
FIELD = "ch_stage"
NOT_OPEN_YET, RETIRED = "Not Open Yet", "Retired"
PUT_BACK = "Assignment Put Back"


def closed_groups() -> dict[str, str]:
	"""Groups that take no tickets now, each with its stage."""
	# Hooks run from the first step of an install on, before the field is there.
	if not frappe.get_meta(TEAM).has_field(FIELD):
		return {}
	found = frappe.get_all(TEAM, {FIELD: ("in", (NOT_OPEN_YET, RETIRED))}, ["name", FIELD])
	return {row.name: row[FIELD] for row in found}


def stage_of(team: str | None) -> str:
	if not team or not frappe.get_meta(TEAM).has_field(FIELD):
		return ""
	return frappe.db.get_value(TEAM, team, FIELD) or ""


def unseen_by(user: str) -> list[str]:
	"""Groups before their start, which exist for the QA Specialist and for their own members only."""
	if user == "Administrator" or "QA Specialist" in frappe.get_roles(user):
		return []
	waiting = [team for team, stage in closed_groups().items() if stage == NOT_OPEN_YET]
	return [team for team in waiting if not hd_team.is_member(team, user)]


def keep_out(ticket: Document) -> None:
	"""Leaves a ticket outside groups that take none; tickets that a retired group still has stay until they go.

	Raises: ValidationError where a person chose the group by form, list, bulk edit, API or import.
	"""
	team, previous = ticket.get("agent_group"), _previous(ticket)
	if not team or team == previous or ticket.flags.ch_engine:
		return
	stage = stage_of(team)
	if not stage:
		return
	if tsm_guard.chosen_by_a_person():
		refuse(team, stage)
	put_back(ticket, team, previous)


def _previous(ticket: Document) -> str:
	before = ticket.get_doc_before_save()
	return (before.get("agent_group") or "") if before else ""


def refuse(team: str, stage: str) -> None:
	messages = {
		NOT_OPEN_YET: _("The group {0} takes no tickets before its start."),
		RETIRED: _("The group {0} is retired and takes no tickets."),
	}
	frappe.throw(messages[stage].format(frappe.bold(escape_html(team))), title=_("Group Not Available"))


def put_back(ticket: Document, team: str, previous: str) -> None:
	"""Undoes the change in the save that is under way; the rest of the save goes on."""
	ticket.agent_group = previous or None
	# The host has just chosen a service level by the group that is undone.
	if callable(getattr(ticket, "set_sla", None)):
		ticket.set_sla()
	details = _("Ticket {0} was assigned to the group {1}, which takes no tickets, and put back to {2}.")
	findings.open_once(
		PUT_BACK,
		f"{TICKET}:{ticket.name or ticket.get('subject') or ''}",
		TICKET,
		cstr(ticket.name),
		details.format(ticket.name or _("new"), team, previous or _("no group")),
		_("Find the job, assignment rule or host rule that chooses this group, and correct it."),
	)


def open_group(team: str) -> None:
	"""Lets a group take tickets."""
	team_writer.change(team, {FIELD: ""})


def retire(team: str, day: date, *, today: date) -> None:
	"""Closes a group from a day on: at once if the day has come."""
	has_come = getdate(day) <= getdate(today)
	team_writer.change(team, {"ch_retired_on": day, **({FIELD: RETIRED} if has_come else {})})
	if has_come:
		team_writer.set_members(team, [])
		hd_team.rest_rule(frappe.db.get_value(TEAM, team, "assignment_rule"))


def due_to_retire(today: date) -> list[tuple[str, date]]:
	due = {"ch_retired_on": ("<=", today), FIELD: ("!=", RETIRED)}
	rows = frappe.get_all(TEAM, due, ["name", "ch_retired_on"])
	return [(row.name, row.ch_retired_on) for row in rows if row.ch_retired_on]


def due_to_open(now: datetime) -> list[str]:
	return frappe.get_all(TEAM, {FIELD: NOT_OPEN_YET, "ch_opens_on": ("<=", now)}, pluck="name")
