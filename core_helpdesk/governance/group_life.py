"""What happens to groups when their day comes: a new one opens, a retired one closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import at_work
from core_helpdesk.escalations.transactions import is_lost
from core_helpdesk.governance import notices, policies
from core_helpdesk.hosts import group_stages
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
	return each(ready, group_stages.open_group, "opened")


def request_of(team: str) -> str | None:
	"""The request that made a group."""
	return frappe.db.get_value(REQUEST, {"result_team": team, "kind": "New Group"})


def retire_due(now: datetime) -> list[str]:
	"""Closes the groups whose last day has come, and ends the policies that are for them alone."""
	due = dict(group_stages.due_to_retire(now.date()))

	def retire(team: str) -> None:
		group_stages.retire(team, due[team], today=now.date())
		end_policies(team, now)

	return each(due, retire, "retired")


def end_policies(team: str, now: datetime) -> None:
	for name in frappe.get_all(POLICY, {"team": team, "workflow_state": ACTIVE}, pluck="name"):
		policy = frappe.get_doc(POLICY, name)
		policy.flags.ignore_permissions = True  # a date that an approved request named
		policies.end(policy, now)


def each(teams: Iterable[str], step: Callable[[str], None], what: str) -> list[str]:
	"""One group after the other, each committed: one that fails is logged and keeps no other back."""
	done = []
	for team in teams:
		try:
			with at_work.the_app():
				step(team)
			frappe.db.commit()  # nosemgrep: one group is done
			done.append(team)
		except Exception as error:
			frappe.db.rollback()
			if not is_lost(error):
				frappe.log_error(title=f"Group {team} not {what}", message=frappe.get_traceback())
	return done
