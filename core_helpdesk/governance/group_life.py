"""What happens to groups when their day comes: a new one opens, one that retires closes, and is empty in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import at_work
from core_helpdesk.governance import carrying_out, notices, policies, requests
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.hosts import group_stages, group_tickets, team_writer
from core_helpdesk.setup.workflow_states import ACTIVE

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable
	from datetime import datetime

REQUEST, POLICY = "Group Request", "Escalation Policy"


def open_due(now: datetime) -> list[str]:
	"""Opens the groups whose start has come and whose notice has gone out; returns their names.

	Policy: CORE-08
	"""
	ready = [team for team in group_stages.due_to_open(now) if notices.is_out(request_of(team))]
	text = _("The group {0} could not be opened on its day.")
	return each(ready, group_stages.open_group, "open", text)


def request_of(team: str) -> str | None:
	"""The request that made a group."""
	return frappe.db.get_value(REQUEST, {"result_team": team, "kind": "New Group"})


def retire_due(now: datetime) -> list[str]:
	"""Closes the groups whose day has come, ends the policies that are for them alone, and takes closed groups their people.

	Those stay as long as tickets are open with which the Customer Service Manager has not let the group go. Tickets
	that came while a group was being closed are seen, since that is committed before. Returns the groups closed now.
	Policy: CORE-09, CORE-10, QA-02
	"""

	def close(team: str) -> None:
		group_stages.close(team)
		end_policies(team, now)

	due = [team for team, _day in group_stages.due_to_retire(now.date())]
	closed = each(due, close, "retire", _("The group {0} could not be closed on its last day."))
	text = _("The group {0} takes no new tickets any more, but still has its members.")
	each(group_stages.leaving(now.date()), let_go, carrying_out.EMPTY, text)
	return closed


def let_go(team: str) -> None:
	"""Takes a closed group its people.

	Raises: NotYet while they still have to solve its tickets.
	"""
	if group_tickets.open_count(team) and not may_leave_tickets(team):
		raise carrying_out.NotYet(
			_("It has open tickets, and the Customer Service Manager has not decided on them."),
			_(
				"Have the open tickets solved or given to another group: then the members are removed by themselves. "
				"Or make another request to retire the group: the Customer Service Manager decides on it."
			),
		)
	team_writer.set_members(team, [])


def may_leave_tickets(team: str) -> bool:
	"""Whether the Customer Service Manager approved the request by which a group retires."""
	done = {
		"kind": kinds.RETIRE_GROUP,
		"result_team": team,
		"implemented_on": ("is", "set"),
		"undone_on": ("is", "not set"),
	}
	# Moments of implementing are whole seconds: of two in one second, the request made later counts.
	names = frappe.get_all(
		REQUEST, done, pluck="name", order_by="implemented_on desc, creation desc", limit=1
	)
	return bool(names) and requests.is_approved_by_manager(frappe.get_doc(REQUEST, names[0]))


def end_policies(team: str, now: datetime) -> None:
	for name in frappe.get_all(POLICY, {"team": team, "workflow_state": ACTIVE}, pluck="name"):
		policy = frappe.get_doc(POLICY, name)
		policy.flags.ignore_permissions = True  # a date that an approved request named
		policies.end(policy, now)


def each(teams: Iterable[str], step: Callable[[str], None], what: str, failure: str) -> list[str]:
	"""One group after the other, each committed: one that fails is told once, and keeps no other back."""
	with at_work.the_app():
		return carrying_out.each(group_stages.TEAM, teams, step, what, failure)
