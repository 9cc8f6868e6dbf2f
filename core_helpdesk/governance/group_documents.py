"""Documents → domain values about groups: what is known of each, which policies and rules serve them.

Everything is read in a few queries for all groups; nothing here writes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.utils import cint, get_datetime

from core_helpdesk import config
from core_helpdesk.documents import time_given
from core_helpdesk.domain.errors import ScopesOverlap
from core_helpdesk.domain.escalation import ScopeTable, Subject
from core_helpdesk.domain.groups import EscalationTime, GroupFacts, Hours
from core_helpdesk.domain.parity import Deviation
from core_helpdesk.hosts import assignment_routes, hd_team

if TYPE_CHECKING:
	from core_helpdesk.domain.escalation import Scope
	from core_helpdesk.domain.groups import Route

DAY = 86_400


class Place(NamedTuple):
	"""Where a group stands among the others."""

	department: str
	country: str
	category: str


@dataclass(frozen=True)
class KnownGroups:
	"""All groups of the site as they are at one moment, with what serves them."""

	rules: config.SiteRules
	groups: dict[str, GroupFacts]
	scopes: tuple[Scope, ...]
	hours: Hours
	at: int
	routes: tuple[Route, ...] = ()

	def policy_of(self, name: str, place: Place, ticket_category: str = "") -> str:
		"""The policy that would be for tickets of a group in this place; empty if there is none."""
		table = ScopeTable(self.scopes, self.at)
		return policy_for(table, Subject(name, place.category, ticket_category, place.country))


def known_groups(at: int) -> KnownGroups:
	"""Every group but those that have retired.

	Units: seconds since the epoch.
	Policy: QA-02, QA-05
	"""
	rules = config.site_rules()
	rules.take_groups(frappe.get_all(hd_team.TEAM, fields=list(config.GROUP_COLUMNS)))
	scopes = tuple(scope for scope in rules.scopes if not 0 < scope.until_epoch <= at)
	table = ScopeTable(scopes, at)
	heads, members = heads_by_place(), member_counts()
	facts = {}
	for name, ticket_category in ticket_categories().items():
		group = rules.group(name)
		place = Place(group.department, group.country, group.category)
		policy = policy_for(table, Subject(name, place.category, ticket_category, place.country))
		facts[name] = GroupFacts(
			name=name,
			department=place.department,
			country=place.country,
			category=place.category,
			ticket_categories=frozenset({ticket_category} - {""}),
			head=head_among(heads, place),
			members=members[name],
			policy=policy,
			time=time_of(rules, policy),
			targets=targets_of(rules, policy),
			calendar=group.calendar,
			hidden=group.hidden,
		)
	return KnownGroups(rules, facts, scopes, Hours(rules.timer, at), at, assignment_routes.routes())


def ticket_categories() -> dict[str, str]:
	"""The groups that take tickets, each with its ticket category; none means all."""
	meta = frappe.get_meta(hd_team.TEAM)
	fields = [
		"name",
		*(field for field in ("ch_ticket_type", "ch_retired_on", "disabled") if meta.has_field(field)),
	]
	rows = frappe.get_all(hd_team.TEAM, fields=fields, order_by="name")
	return {
		row.name: row.get("ch_ticket_type") or ""
		for row in rows
		if not (row.get("ch_retired_on") or cint(row.get("disabled")))
	}


def member_counts() -> Counter[str]:
	"""How many enabled people each group has."""
	rows = frappe.get_all(hd_team.MEMBER, {"parenttype": hd_team.TEAM}, ["parent", "user"])
	enabled = set(frappe.get_all("User", {"enabled": 1}, pluck="name"))
	return Counter(row.parent for row in rows if row.user in enabled)


def heads_by_place() -> dict[tuple[str, str], str]:
	"""The head of each department and country; an empty country is every other one."""
	rows = frappe.get_all(
		"Department Head", {"parenttype": "Core Department"}, ["parent", "country", "all_countries", "head"]
	)
	return {
		(row.parent, "" if row.all_countries else row.country or ""): row.head for row in rows if row.head
	}


def head_among(heads: dict[tuple[str, str], str], place: Place) -> str:
	return heads.get((place.department, place.country)) or heads.get((place.department, ""), "")


def policy_for(table: ScopeTable, subject: Subject) -> str:
	try:
		scope = table.choose(subject)
	except ScopesOverlap as conflict:
		return conflict.first
	return scope.policy if scope else ""


def time_of(rules: config.SiteRules, policy: str) -> EscalationTime | None:
	if not policy:
		return None
	first = rules.policy(policy).levels[0]
	return EscalationTime(first.seconds, first.kind)


def targets_of(rules: config.SiteRules, policy: str) -> tuple[str, ...]:
	return tuple(level.target for level in rules.policy(policy).levels) if policy else ()


def deviations() -> list[Deviation]:
	"""Approved deviations, in force or not any more.

	Policy: CORE-09
	"""
	rows = frappe.get_all(
		"Parity Deviation",
		{"state": ("in", ("In Force", "Lapsed"))},
		["name", "team", "hours", "clock_kind", "starts_on", "ends_on"],
		order_by="starts_on",
	)
	found = []
	for row in rows:
		time = time_given(row.hours, row.clock_kind)
		if time and row.ends_on:
			begins = config.to_epoch(row.starts_on) if row.starts_on else 0
			# The last day is included.
			ends = config.to_epoch(get_datetime(row.ends_on)) + DAY
			found.append(Deviation(row.name, row.team, time, begins, ends))
	return found


def category_standard(category: str) -> EscalationTime | None:
	"""The standard that a Group Category carries.

	Policy: CORE-04
	"""
	fields = ["standard_hours", "standard_clock"]
	found = frappe.db.get_value("Group Category", category, fields, as_dict=True) if category else None
	return time_given(found.standard_hours, found.standard_clock) if found else None
