"""Steps of implementing that concern a group itself: its people, its data, its start and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import escape_html, getdate

from core_helpdesk.governance import announcing, governance_switch, governed, moved_groups
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.governance_gaps import gaps
from core_helpdesk.hosts import group_stages, hd_team, team_writer
from core_helpdesk.setup import department_heads
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from core_helpdesk.governance.act import Act

TEAM = "HD Team"
# Fields of a request and of the group that they are given to; a name is given by renaming.
GIVEN = {field: column for field, column in kinds.ON_TEAM.items() if field != "team_name"}


def check_new_group(act: Act) -> None:
	"""Raises: ValidationError for a name that is taken or that the host cannot use, and for a category not active."""
	name = (act.request.team_name or "").strip()
	check_name(name)
	check_category(act.request.group_category)


def check_name(name: str) -> None:
	if not name or frappe.db.exists(TEAM, name):
		refuse(
			_("There is a group named {0} already.").format(escape_html(name))
			if name
			else _("Name the group.")
		)
	if not hd_team.can_be_named(as_written(name)):
		message = _("Helpdesk cannot work with a group whose name has one of these characters: {0}")
		refuse(message.format(escape_html(hd_team.NOT_IN_NAMES)))


def check_category(category: str | None) -> None:
	if category and not governance_switch.is_active(category):
		refuse(_("The group category {0} is not active.").format(escape_html(category)))


def check_group(act: Act) -> None:
	"""Raises: ValidationError if the group is gone, hidden by the app, or retired."""
	team = act.request.team
	if not frappe.db.exists(TEAM, team or ""):
		refuse(_("There is no group {0}.").format(escape_html(team or "")))
	if hd_team.is_hidden(team):
		refuse(_("A hidden group is kept by the app and cannot be governed."))
	# One that still has people, for its open tickets, may be asked to go without delay.
	may_go = act.request.kind == kinds.RETIRE_GROUP and group_stages.is_leaving(team)
	if group_stages.stage_of(team) == group_stages.RETIRED and not may_go:
		refuse(_("The group {0} is retired.").format(escape_html(team)))


def refuse(message: str) -> None:
	frappe.throw(message, title=_("Not Implemented"))


def asked_people(act: Act) -> list[str]:
	return list(dict.fromkeys(row.user for row in act.request.members if row.user))


def join_agents(act: Act) -> None:
	"""Everybody who comes into the group can work there: an agent of the host, of an enabled user."""
	for user in asked_people(act):
		if not frappe.db.get_value("User", user, "enabled"):
			refuse(_("The user {0} is disabled or does not exist.").format(escape_html(user)))
		had_role = bool(frappe.db.exists("Has Role", {"parenttype": "User", "parent": user, "role": "Agent"}))
		was_agent = bool(frappe.db.exists("HD Agent", {"user": user}))
		was_in = sorted(hd_team.teams_of(user))
		if team_writer.make_agent(user):
			act.note_made("HD Agent", user, had_role=had_role, was_agent=was_agent, was_in=was_in)


def make_team(act: Act) -> None:
	"""The group as it was asked for, hidden from everybody's choice until it starts and its notice is out.

	Policy: CORE-02, CORE-08
	"""
	request = act.request
	values = {column: kinds.for_team(field, request.get(field)) for field, column in GIVEN.items()}
	values |= {
		"team_name": request.team_name.strip(),
		"ch_governed_from": act.starts_on,
		"ch_stage": group_stages.NOT_OPEN_YET,
		"ch_opens_on": act.starts_on,
	}
	name = team_writer.make(values, asked_people(act))
	act.results["result_team"] = name
	act.note_made(TEAM, name)


def name_head(act: Act) -> None:
	"""The head that the request names, where another one or none answers for the place; the former one hears of it."""
	request = act.request
	team = frappe.get_doc(TEAM, act.team)
	place = (team.ch_department or "", team.ch_country or "")
	before = department_heads.head_of(*place)
	if not request.head or not all(place) or before == request.head:
		return
	own_row = department_heads.row_of(*place)
	department_heads.put(*place, request.head)
	stands = department_heads.row_of(*place)
	act.note_changed("Department Head", " / ".join(place), own_row, stands, place=place)
	announcing.tell_former_head(act, before, place)


def change_team(act: Act) -> None:
	"""What the request says anew; what it leaves empty stays."""
	request = act.request
	check_category(request.group_category)
	team = frappe.get_doc(TEAM, act.team)
	asked = {field: request.get(field) for field in GIVEN if request.get(field)}
	wanted = {GIVEN[field]: kinds.for_team(field, value) for field, value in asked.items()}
	# Every request carries the place of its group, also where that is the site's default.
	for column in moved_groups.PLACE:
		if column in wanted and wanted[column] == moved_groups.placed(team, column):
			del wanted[column]
	changes = {column: value for column, value in wanted.items() if team.get(column) != value}
	if changes:
		before = {column: team.get(column) for column in changes}
		team_writer.change(team.name, changes)
		act.note_changed(TEAM, team.name, before, changes)


def rename_team(act: Act) -> None:
	old, new = act.team, (act.request.team_name or "").strip()
	act.results["result_team"] = old
	if not new or new == old:
		return
	check_name(new)
	team_writer.rename(old, new)
	act.results["result_team"] = new
	# What is undone later is undone under the new name, the renaming last.
	for row in act.changed:
		row["name"] = new if row["doctype"] == TEAM else row["name"]
	act.changed.insert(0, {"doctype": TEAM, "name": new, "before": {"name": old}, "after": {"name": new}})


def add_members(act: Act) -> None:
	"""Policy: CORE-12"""
	before = team_writer.members(act.team)
	set_members(act, before, [*before, *(user for user in asked_people(act) if user not in before)])


def remove_members(act: Act) -> None:
	before = team_writer.members(act.team)
	strangers = [user for user in asked_people(act) if user not in before]
	if strangers:
		refuse(_("Not in the group: {0}").format(", ".join(map(escape_html, strangers))))
	set_members(act, before, [user for user in before if user not in asked_people(act)])


def set_members(act: Act, before: list[str], after: list[str]) -> None:
	act.results["result_team"] = act.team
	if before != after:
		team_writer.set_members(act.team, after)
		act.note_changed(TEAM, act.team, {"users": before}, {"users": after})


def retire_team(act: Act) -> None:
	"""No new tickets from the day on, no members, no rule; the group stays, and what it did with it.

	A day that is still to come is written down, and the daily job closes the group then.
	"""
	request = act.request
	day = max(getdate(request.retire_on or act.now), getdate(act.now))
	team = frappe.get_doc(TEAM, act.team)
	fields = ("ch_stage", "ch_retired_on")
	before = {**{field: team.get(field) for field in fields}, "users": team_writer.members(team.name)}
	act.results["result_team"] = team.name
	group_stages.retire(team.name, day, today=getdate(act.now))
	after = {
		**{field: frappe.db.get_value(TEAM, team.name, field) for field in fields},
		"users": team_writer.members(team.name),
	}
	act.note_changed(TEAM, team.name, before, after)


def put_under_governance(act: Act) -> None:
	"""Where governance has begun, a group that came by a request is governed from the start, if nothing is missing.

	It is never this that begins it: the QA Specialist does, group by group.
	"""
	if governed.has_begun() and not gaps(act.team):
		governance_switch.put_under(frappe.get_doc(TEAM, act.team))


def is_governed(act: Act) -> bool:
	return governed.is_governed(act.team)
