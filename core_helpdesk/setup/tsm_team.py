"""The hidden group Ticketing System Management: seeded once, without members, its assignment rule off."""

import frappe
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists

from core_helpdesk.setup import ledger

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
