"""The hidden group Ticketing System Management: seeded once, its assignment rule off; and who its members are."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists
from frappe.utils import get_fullname

from core_helpdesk.hosts import hd_team
from core_helpdesk.setup import ledger, roles

TEAM_NAME = "Ticketing System Management"
SETTINGS = "Core Helpdesk Settings"


def seed() -> None:
	if ledger.made("HD Team") or frappe.db.get_single_value(SETTINGS, "tsm_team"):
		return
	# A hidden group of an earlier install stays where tickets still name it: it serves again.
	team = frappe.db.get_value("HD Team", {"ch_hidden": 1}) or insert_team().name
	ledger.remember("HD Team", team)
	frappe.db.set_single_value(SETTINGS, "tsm_team", team)
	rest_rule(team)


def insert_team() -> Document:
	make_base_rotation()
	team = frappe.get_doc({"doctype": "HD Team", "ch_hidden": 1})
	# A group of this name that is somebody's already is left alone.
	team.team_name = append_number_if_name_exists("HD Team", TEAM_NAME)
	# Later hosts ask for a member at least; who they are is for the admin to say.
	team.flags.ignore_mandatory = True
	team.flags.ch_setup = True
	return team.insert(ignore_permissions=True)


def make_base_rotation() -> None:
	"""Hosts that keep a base rotation look it up on every change of members and fail without one."""
	settings = frappe.get_doc("HD Settings")
	if hasattr(settings, "get_base_support_rotation"):
		settings.get_base_support_rotation()


def rest_rule(team: str) -> None:
	"""The rule is kept, since the host expects one, but never assigns anybody."""
	rule = frappe.db.get_value("HD Team", team, "assignment_rule")
	if not rule:
		return
	ledger.remember("Assignment Rule", rule)
	if not frappe.db.get_value("Assignment Rule", rule, "disabled"):
		document = frappe.get_doc("Assignment Rule", rule)
		document.disabled = 1
		document.save(ignore_permissions=True)  # setup runs as whoever installs or migrates


def check_permission() -> None:
	"""Raises: PermissionError unless the present user is one to whom the hidden group exists and who owns all groups.

	Policy: TSM-12, CORE-02
	"""
	if frappe.session.user != "Administrator" and not roles.holds(roles.QA_SPECIALIST):
		message = _("Only a {0} may do this: {1}").format(
			_(roles.QA_SPECIALIST), _("choose the members of TSM")
		)
		frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


def members() -> dict[str, list[dict[str, str]]]:
	"""The agents of the site, and those of them who are members."""
	check_permission()
	present = hd_team.members(frappe.db.get_single_value(SETTINGS, "tsm_team"))
	agents = frappe.get_all("HD Agent", {"is_active": 1}, pluck="user", order_by="user")
	return {"members": _named(present), "agents": _named(agents)}


def _named(users: list[str]) -> list[dict[str, str]]:
	people = frappe.get_all(
		"User", {"name": ("in", users or [""]), "enabled": 1}, ["name", "full_name"], order_by="full_name"
	)
	return [{"user": person.name, "full_name": person.full_name or person.name} for person in people]


def set_members(users: list[str]) -> None:
	"""Makes these agents, and nobody else, the members of Ticketing System Management.

	The host lets only its own managers change a group, and the hidden one is not theirs.
	Raises: PermissionError; ValidationError naming who is no agent.
	Policy: TSM-12
	"""
	check_permission()
	agents = set(frappe.get_all("HD Agent", {"is_active": 1, "user": ("in", users or [""])}, pluck="user"))
	others = [user for user in users if user not in agents]
	if others:
		message = _("Not an agent of Helpdesk: {0}. Make them agents first, under Agents in Helpdesk.")
		frappe.throw(message.format(", ".join(others)), title=_("Members of TSM"))
	team = frappe.get_doc("HD Team", frappe.db.get_single_value(SETTINGS, "tsm_team"))
	kept = [row for row in team.users if row.user in agents]
	new = [user for user in dict.fromkeys(users) if user not in {row.user for row in kept}]
	team.set("users", kept)
	team.extend("users", [{"user": user} for user in new])
	hd_team.save_as_host(team)
	team.add_comment("Info", _("{0} chose the members.").format(get_fullname()))
