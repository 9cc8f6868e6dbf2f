"""Writes groups on the host the way each of its releases needs it: the only writer of HD Team and HD Agent.

The callers have checked who may; the host's own rules for its assignment rules hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import get_fullname

from core_helpdesk import at_work
from core_helpdesk.hosts import hd_team
from core_helpdesk.setup.tsm_team import make_base_rotation

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

TEAM, AGENT, AGENT_ROLE = "HD Team", "HD Agent", "Agent"


def make(values: dict[str, Any], users: Iterable[str]) -> str:
	team = frappe.new_doc(TEAM)
	team.update(values)
	team.set("users", [{"user": user} for user in users])
	with at_work.the_app(), at_work.as_administrator():
		make_base_rotation()
		_prepare(team)
		team.insert(ignore_permissions=True)  # a request that was approved
	return team.name


def change(name: str, values: dict[str, Any]) -> None:
	_save(frappe.get_doc(TEAM, name), values)


def set_members(name: str, users: Iterable[str]) -> None:
	"""Gives a group these members, and lets its rule rest if there is none: an empty rule fails on every ticket."""
	team = frappe.get_doc(TEAM, name)
	kept = {row.user: row for row in team.users}
	wanted = list(dict.fromkeys(users))
	team.set("users", [kept.get(user, {"user": user}) for user in wanted])
	_save(team, {})
	if not wanted:
		hd_team.rest_rule(frappe.db.get_value(TEAM, name, "assignment_rule"))


def members(name: str) -> list[str]:
	"""Everybody in the group, disabled users too."""
	return frappe.get_all(
		"HD Team Member", {"parenttype": TEAM, "parent": name}, pluck="user", order_by="idx"
	)


def rename(old: str, new: str) -> None:
	with at_work.the_app(), at_work.as_administrator():
		frappe.rename_doc(TEAM, old, new, force=True, show_alert=False)


def delete(name: str) -> None:
	"""Takes a group and its rule away without the host's own step, which would end the transaction."""
	rule = frappe.db.get_value(TEAM, name, "assignment_rule")
	with at_work.the_app(), at_work.as_administrator():
		frappe.delete_doc(TEAM, name, force=True, ignore_permissions=True, ignore_on_trash=True)
		if rule:
			frappe.delete_doc(
				"Assignment Rule", rule, force=True, ignore_permissions=True, ignore_on_trash=True
			)


def _save(team: Document, values: dict[str, Any]) -> None:
	with at_work.the_app(), at_work.as_administrator():
		make_base_rotation()
		if not team.assignment_rule and hasattr(team, "get_assignment_rule"):
			team.get_assignment_rule()
		team.update(values)
		_prepare(team)
		team.save(ignore_permissions=True)  # a request that was approved


def _prepare(team: Document) -> None:
	# What the host finds missing on its own group, as members of a retired one, is not for us to refuse.
	team.flags.ignore_mandatory = True
	# Not somebody's change on the group itself.
	team.flags.ch_governed = True


def make_agent(user: str) -> bool:
	"""Makes a user an agent of the host, active; False if they are one."""
	found = frappe.db.get_value(AGENT, {"user": user}, ["name", "is_active"], as_dict=True)
	if found and found.is_active:
		return False
	with at_work.as_administrator():
		agent = frappe.get_doc(AGENT, found.name) if found else frappe.new_doc(AGENT)
		agent.update({"user": user, "agent_name": agent.agent_name or get_fullname(user), "is_active": 1})
		agent.save(ignore_permissions=True)  # a request that was approved
	return True


def rest_agent(user: str) -> None:
	"""Puts back that an agent was at rest."""
	with at_work.as_administrator():
		agent = frappe.get_doc(AGENT, {"user": user})
		agent.is_active = 0
		agent.save(ignore_permissions=True)  # undo has asked who may


def unmake_agent(user: str, *, had_role: bool) -> None:
	"""Puts back that a user was no agent."""
	with at_work.as_administrator():
		frappe.delete_doc(AGENT, user, force=True, ignore_permissions=True)
		if not had_role:
			frappe.get_doc("User", user).remove_roles(AGENT_ROLE)
