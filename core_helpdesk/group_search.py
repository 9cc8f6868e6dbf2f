"""Finding groups without finding a hidden one: the link search, and answers of the host past its own permissions."""

from typing import Any

import frappe

from core_helpdesk import permissions, record_search
from core_helpdesk.hosts import group_stages
from core_helpdesk.hosts.hd_team import TEAM

HOST_MEMBERS = "helpdesk.helpdesk.doctype.hd_team.hd_team.get_team_members"
HOST_RULES = "helpdesk.api.assignment_rule.get_assignment_rules_list"
HOST_FILTERS = "helpdesk.api.search.get_filter_options"


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def groups(
	doctype: str,
	txt: str,
	searchfield: str,
	start: int,
	page_len: int,
	filters: dict | list | str | None = None,
	as_dict: bool = False,
	**kwargs: Any,
) -> list:
	"""Groups whose name contains the text, as far as the user may see them.

	Policy: TSM-12
	"""
	wanted = [
		*record_search.conditions(TEAM, filters),
		*record_search.only_enabled(frappe.get_meta(TEAM)),
	]
	if txt:
		wanted.append([TEAM, "name", "like", f"%{txt}%"])
	if not chooses_any():
		wanted.append([TEAM, "name", "not in", list(group_stages.closed_groups()) or [""]])
	found = frappe.get_list(
		TEAM, filters=wanted, fields=["name"], order_by="name asc", limit=start + page_len
	)
	return [row if as_dict else (row.name,) for row in found[start:]]


def chooses_any() -> bool:
	"""Whether groups that take no tickets are offered too: to those who govern groups."""
	return bool({"QA Specialist", "Customer Service Manager"}.intersection(frappe.get_roles()))


@frappe.whitelist()
def team_members(team: str) -> list[str]:
	"""The host's answer, for groups that the user may see."""
	# The host takes other letters and blanks behind for the same name.
	stored = frappe.db.get_value(TEAM, team)
	if not stored or stored in permissions.concealed_from():
		return []
	return frappe.get_attr(HOST_MEMBERS)(stored)


@frappe.whitelist()
def assignment_rules() -> list[dict[str, Any]]:
	concealed = permissions.concealed_rules()
	return [rule for rule in frappe.get_attr(HOST_RULES)() if rule.get("name") not in concealed]


@frappe.whitelist()
def filter_options() -> dict[str, Any]:
	options = frappe.get_attr(HOST_FILTERS)()
	concealed = permissions.concealed_from()
	teams = options.get("teams")
	if isinstance(teams, dict):
		options["teams"] = {team: count for team, count in teams.items() if team not in concealed}
	elif isinstance(teams, list):
		options["teams"] = [team for team in teams if _named(team) not in concealed]
	return options


def _named(team: Any) -> Any:
	return team.get("value") or team.get("name") if isinstance(team, dict) else team
