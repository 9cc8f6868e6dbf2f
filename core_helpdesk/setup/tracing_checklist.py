"""What is still missing before shipments can be traced, once somebody has begun to set tracing up."""

from collections.abc import Iterator

import frappe
from frappe import _

from core_helpdesk.hosts import hd_team
from core_helpdesk.setup import roles
from core_helpdesk.setup.checklist import Step, some, step
from core_helpdesk.tracing import rules

SETTINGS_ROUTE = "tracing-settings"


def steps() -> Iterator[Step]:
	"""Every step of tracing; none while no group is marked as a tracing group and no headquarters are named.

	Policy: TRC-09, TRC-15, TRC-19
	"""
	settings = rules.settings()
	countries = _countries(settings.headquarters_team)
	if not countries:
		return
	yield headquarters(settings.headquarters_team)
	yield customer_care(settings.customer_care_team)
	yield policy()
	yield own_countries(countries)
	yield officers(countries)
	yield supervisor()
	yield standards(settings.standards)


def _countries(headquarters: str | None) -> dict[str, str]:
	"""The tracing groups that take tickets, headquarters among them, with their own countries."""
	marked = {rules.FIELD: 1, "name": headquarters or ""}
	rows = frappe.get_all(hd_team.TEAM, or_filters=marked, fields=["name", "ch_country"], order_by="name")
	return {row.name: row.ch_country or "" for row in rows if _takes_tickets(row.name)}


def _takes_tickets(team: str) -> bool:
	"""Not one that is hidden, not open yet, retired or disabled."""
	has_switch = frappe.get_meta(hd_team.TEAM).has_field("disabled")
	is_off = has_switch and frappe.db.get_value(hd_team.TEAM, team, "disabled")
	return bool(frappe.db.exists(hd_team.TEAM, team)) and hd_team.door(team) == hd_team.Door() and not is_off


def headquarters(team: str | None) -> Step:
	detail = team or _(
		"Choose the Headquarters Tracing Group in Tracing Settings: nothing is traced without it."
	)
	return _group(_("Headquarters Tracing Group"), team, detail)


def customer_care(team: str | None) -> Step:
	detail = team or _("Choose the Customer Care Group in Tracing Settings: approved claims go there.")
	return _group(_("Customer Care Group"), team, detail)


def _group(label: str, team: str | None, detail: str) -> Step:
	is_open = bool(team) and _takes_tickets(team)
	closed = _("The group {0} takes no tickets.").format(team)
	return step(label, is_open, closed if team and not is_open else detail, SETTINGS_ROUTE)


def policy() -> Step:
	active = {"workflow_state": "Active", "is_tracing": 1}
	names = frappe.get_all("Escalation Policy", active, pluck="name", order_by="name")
	detail = some(names) or _("Activate a policy for tracing cases: without one, none of them escalates.")
	return step(_("A tracing policy in force"), bool(names), detail, "escalation-policy")


def own_countries(countries: dict[str, str]) -> Step:
	without = [team for team, country in countries.items() if not country]
	detail = _("No country has been given to: {0}").format(some(without))
	done = _("Every tracing group has its country.")
	return step(
		_("A country for every tracing group"), not without, detail if without else done, "core-groups"
	)


def officers(countries: dict[str, str]) -> Step:
	known = set(roles.holders(roles.TRACING_OFFICER))
	without = [team for team in countries if not known.intersection(hd_team.members(team))]
	detail = _("No member with the role Tracing Officer: {0}").format(some(without))
	done = _("Every tracing group has one.")
	return step(
		_("A Tracing Officer in every tracing group"), not without, detail if without else done, "hd-team"
	)


def supervisor() -> Step:
	names = roles.holders(roles.SUPPORT_SUPERVISOR)
	detail = some(names) or _("Give a user the role Support Supervisor: they answer for all tracing.")
	return step(_("Support Supervisor"), bool(names), detail, "user")


def standards(linked: list) -> Step:
	titles = [row.title for row in linked]
	detail = some(titles) or _("Link the tracing standards in Tracing Settings: officers have them at hand.")
	return step(_("Tracing standards linked"), bool(titles), detail, SETTINGS_ROUTE)
