"""Groups as the Standard sees them at a moment: their place, their Escalation Time, and the times approved for them.

Read in a few queries for all groups.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.documents import time_given
from core_helpdesk.domain.errors import ScopesOverlap
from core_helpdesk.domain.escalation import ScopeTable, Subject
from core_helpdesk.governance import deviations
from core_helpdesk.governance.group_documents import time_of
from core_helpdesk.hosts import group_stages

if TYPE_CHECKING:
	from collections.abc import Iterator, Mapping
	from datetime import date

	from core_helpdesk.domain.groups import EscalationTime

TEAM = "HD Team"


class Place(NamedTuple):
	"""What has one Standard in every country: a department, a category of groups, and a ticket category or all."""

	department: str
	category: str
	ticket_type: str


class Standing(NamedTuple):
	"""A group with its place, its country, and its Escalation Time by the policy named, if there is one."""

	team: str
	place: Place
	country: str
	time: EscalationTime | None
	policy: str


def groups_at(at: int) -> list[Standing]:
	"""Every group that takes tickets and has a department, a category and a country, as it stands at a moment.

	Units: `at` is seconds since the epoch.
	"""
	rules = config.site_rules()
	rows = frappe.get_all(TEAM, fields=[*config.GROUP_COLUMNS, "ch_ticket_type", "ch_stage"], order_by="name")
	rules.take_groups(rows)
	return list(_standing(rules, rows, ScopeTable(rules.scopes, at)))


def _standing(rules: config.SiteRules, rows: list[frappe._dict], table: ScopeTable) -> Iterator[Standing]:
	for row in rows:
		group, ticket_type = rules.group(row.name), row.ch_ticket_type or ""
		is_placed = group.department and group.category and group.country
		if row.ch_stage == group_stages.RETIRED or group.hidden or not is_placed:
			continue
		policy = _policy_for(table, Subject(row.name, group.category, ticket_type, group.country))
		place = Place(group.department, group.category, ticket_type)
		yield Standing(row.name, place, group.country, time_of(rules, policy), policy)


def _policy_for(table: ScopeTable, subject: Subject) -> str:
	"""Empty if there is none, or if two of them collide."""
	try:
		scope = table.choose(subject)
	except ScopesOverlap:
		return ""
	return scope.policy if scope else ""


def approved_on(day: date) -> dict[str, list[EscalationTime]]:
	"""The times that deviations in force allow groups on a day, by group."""
	rows = frappe.get_all(
		deviations.DOCTYPE,
		{"state": deviations.IN_FORCE, "ends_on": (">=", day)},
		["team", "hours", "clock_kind"],
	)
	found: dict[str, list[EscalationTime]] = defaultdict(list)
	for row in rows:
		time = time_given(row.hours, row.clock_kind)
		if time:
			found[row.team].append(time)
	return found


def is_off(other: Standing, own: Standing, approved: Mapping[str, list[EscalationTime]]) -> bool:
	"""Whether a group abroad has another time than headquarters, and no approved deviation allows it."""
	return bool(own.time) and other.time not in (own.time, *approved.get(other.team, ()))
