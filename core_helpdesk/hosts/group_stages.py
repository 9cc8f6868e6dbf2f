"""Groups that take no tickets: new ones before their start, and retired ones. Nobody is offered them, nothing comes in.

A person's choice is refused; what a job, mail or host rule sends there is put back and reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, getdate

from core_helpdesk.escalations import findings, transactions
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
	return hd_team.door(team).stage


def unseen_by(user: str) -> list[str]:
	"""Groups before their start, which exist for the QA Specialist and for their own members only."""
	if user == "Administrator" or "QA Specialist" in frappe.get_roles(user):
		return []
	waiting = [team for team, stage in closed_groups().items() if stage == NOT_OPEN_YET]
	own = hd_team.teams_of(user) if waiting else ()
	return [team for team in waiting if team not in own]


def keep_out(ticket: Document, team: str, previous: str, stage: str) -> None:
	"""Leaves a ticket outside a group of this stage.

	Raises: ValidationError where a person chose the group by form, list, bulk edit, API or import.
	"""
	# A part of a ticket that the group still has stays with it.
	if tsm_guard.split_from(ticket, team):
		return
	if is_chosen(ticket, team):
		refuse(team, stage)
	put_back(ticket, team, previous)


def is_chosen(ticket: Document, team: str) -> bool:
	"""Customers choose no group: where a default or a host's rule chose one for them, their ticket must not be lost."""
	if not tsm_guard.chosen_by_a_person() or tsm_guard.set_by_host_rule(ticket, team):
		return False
	return frappe.db.get_value("User", frappe.session.user, "user_type") == "System User"


def refuse(team: str, stage: str) -> None:
	messages = {
		NOT_OPEN_YET: _("The group {0} takes no tickets before its start."),
		RETIRED: _("The group {0} is retired and takes no tickets."),
	}
	frappe.throw(messages[stage].format(frappe.bold(escape_html(team))), title=_("Group Not Available"))


def put_back(ticket: Document, team: str, previous: str) -> None:
	"""Undoes the change in the save that is under way; the rest of the save goes on."""
	tsm_guard.choose(ticket, previous)
	# The finding must not cost the host its save.
	with transactions.logged_on_failure("Core Helpdesk: put-back not reported"):
		report_put_back(ticket.name, ticket.get("subject"), team, previous)


def report_put_back(name: str | int | None, subject: str | None, team: str, previous: str) -> None:
	details = _("Ticket {0} was assigned to the group {1}, which takes no tickets, and put back to {2}.")
	findings.open_once(
		PUT_BACK,
		f"{TICKET}:{name or subject or ''}",
		TICKET,
		cstr(name),
		details.format(name or _("new"), team, previous or _("no group")),
		_("Find the job, assignment rule or host rule that chooses this group, and correct it."),
	)


def open_group(team: str) -> None:
	"""Lets a group take tickets."""
	team_writer.change(team, {FIELD: ""})


def retire(team: str, day: date, *, today: date) -> None:
	"""Closes a group from a day on: at once if the day has come, and takes it its people."""
	has_come = getdate(day) <= getdate(today)
	team_writer.change(team, {"ch_retired_on": day, **({FIELD: RETIRED} if has_come else {})})
	if has_come:
		team_writer.set_members(team, [])


def close(team: str) -> None:
	"""Lets a group take no new tickets; its people stay, and nothing is assigned to them by itself."""
	team_writer.change(team, {FIELD: RETIRED})
	hd_team.rest_rule(frappe.db.get_value(TEAM, team, "assignment_rule"))


def due_to_retire(today: date) -> list[tuple[str, date]]:
	due = {"ch_retired_on": ("<=", today), FIELD: ("!=", RETIRED)}
	rows = frappe.get_all(TEAM, due, ["name", "ch_retired_on"])
	return [(row.name, row.ch_retired_on) for row in rows if row.ch_retired_on]


def leaving(today: date) -> list[str]:
	"""Closed groups that still have their people."""
	closed = dict.fromkeys(
		row.name
		for row in frappe.get_all(TEAM, {FIELD: RETIRED}, ["name", "ch_retired_on"], order_by="name")
		if row.ch_retired_on and row.ch_retired_on <= today
	)
	in_any = {"parenttype": TEAM, "parent": ("in", list(closed) or [""])}
	manned = set(frappe.get_all(hd_team.MEMBER, in_any, pluck="parent"))
	return [team for team in closed if team in manned]


def is_leaving(team: str) -> bool:
	return stage_of(team) == RETIRED and bool(team_writer.members(team))


def due_to_open(now: datetime) -> list[str]:
	return frappe.get_all(TEAM, {FIELD: NOT_OPEN_YET, "ch_opens_on": ("<=", now)}, pluck="name")
