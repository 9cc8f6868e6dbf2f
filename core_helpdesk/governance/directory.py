"""The group directory as values: every group that a reader may know of, with what is in force for it at one moment.

Read live, in a number of queries that does not grow with the groups; nothing is kept from one reading to the next.
Policy: QA-01
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.utils import cint

from core_helpdesk import config, permissions
from core_helpdesk.domain.escalation import ScopeTable, Subject
from core_helpdesk.escalations import people
from core_helpdesk.governance.group_documents import member_counts, policy_for
from core_helpdesk.hosts import group_stages, hd_team
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from collections import Counter
	from datetime import date, datetime

	from core_helpdesk.domain.policy import Policy

COLUMNS = (
	*config.GROUP_COLUMNS,
	"ch_ticket_type",
	"ch_purpose",
	"ch_process",
	"ch_stage",
	"ch_opens_on",
	"ch_retired_on",
)


class Head(NamedTuple):
	"""Who answers for a department in a country; `deputy` acts while the head is away. Empty where nobody does."""

	user: str = ""
	deputy: str = ""
	is_away: bool = False


class Ladder(NamedTuple):
	"""A policy in force for a group's tickets: of one ticket category, or (empty) of all that have none of their own.

	Units: `since` is seconds since the epoch, 0 for always.
	"""

	policy: Policy
	since: int
	ticket_category: str


@dataclass(frozen=True, slots=True)
class Entry:
	"""One group as the directory has it; `counts` says whether its tickets have clocks now."""

	group: config.Group
	ticket_category: str
	purpose: str
	process: str
	head: Head
	members: int
	ladders: tuple[Ladder, ...]
	counts: bool
	opens_on: datetime | None
	retires_on: date | None
	is_waiting: bool
	is_retired: bool

	@property
	def name(self) -> str:
		return self.group.name

	@property
	def is_for_everybody(self) -> bool:
		"""False for a group that is hidden, or not announced to all yet."""
		return not (self.group.hidden or self.is_waiting)


@dataclass(frozen=True, slots=True)
class Directory:
	"""The groups of one reading, by name; `rules` knows their calendars."""

	entries: tuple[Entry, ...]
	rules: config.SiteRules
	at: int

	def find(self, name: str) -> Entry | None:
		return next((entry for entry in self.entries if entry.name == name), None)


def read(user: str, at: int) -> Directory:
	"""Every group that the user may know of.

	Units: seconds since the epoch.
	Policy: QA-01, TSM-12
	"""
	rules = config.site_rules()
	concealed = set(permissions.concealed_from(user))
	rows = [row for row in _rows() if row.name not in concealed]
	rules.take_groups(rows)
	reading = _Reading(rules, at, _heads(config.from_epoch(at).date()), member_counts())
	return Directory(tuple(map(reading.entry, rows)), rules, at)


def _rows() -> list[frappe._dict]:
	fields = list(COLUMNS)
	if frappe.get_meta(hd_team.TEAM).has_field("disabled"):
		fields.append("disabled")
	return frappe.get_all(hd_team.TEAM, fields=fields, order_by="name")


def _heads(today: date) -> dict[tuple[str, str], Head]:
	"""The head of each department and country as of today; an empty country is every other one."""
	rows = frappe.get_all(
		"Department Head",
		{"parenttype": "Core Department"},
		["parent", "country", "all_countries", *people.STAND_FIELDS],
		order_by="parent, idx desc",
	)
	users = {user for row in rows for user in (row.head, row.deputy) if user}
	enabled = set(frappe.get_all("User", {"name": ("in", sorted(users) or [""]), "enabled": 1}, pluck="name"))
	return {
		(row.parent, "" if row.all_countries else row.country or ""): _head(people.stand(row), enabled, today)
		for row in rows
		if row.head
	}


def _head(stand: config.Stand, enabled: set[str], today: date) -> Head:
	is_away = people.is_absent(stand, today) or stand.user not in enabled
	return Head(stand.user, stand.deputy if is_away and stand.deputy in enabled else "", is_away)


class _Reading:
	"""What one reading knows of policies, heads and members, to make entries from rows."""

	def __init__(
		self,
		rules: config.SiteRules,
		at: int,
		heads: dict[tuple[str, str], Head],
		members: Counter[str],
	) -> None:
		self.rules, self.at, self.heads, self.members = rules, at, heads, members
		self.table = ScopeTable(rules.scopes, at)
		in_force = [scope for scope in rules.scopes if scope.is_in_force(at)]
		self.since = {scope.policy: scope.from_epoch for scope in in_force}
		self.ticket_categories = sorted({scope.ticket_category for scope in in_force} - {""})

	def entry(self, row: frappe._dict) -> Entry:
		group = self.rules.group(row.name)
		is_waiting = row.ch_stage == group_stages.NOT_OPEN_YET
		is_retired = row.ch_stage == group_stages.RETIRED or bool(cint(row.get("disabled")))
		return Entry(
			group=group,
			ticket_category=row.ch_ticket_type or "",
			purpose=as_written(row.ch_purpose).strip(),
			process=as_written(row.ch_process).strip(),
			head=self.head_of(group),
			members=self.members[row.name],
			ladders=() if is_retired else self.ladders(group, row.ch_ticket_type or ""),
			counts=group.is_governed(self.at),
			opens_on=row.ch_opens_on if is_waiting else None,
			retires_on=row.ch_retired_on,
			is_waiting=is_waiting,
			is_retired=is_retired,
		)

	def head_of(self, group: config.Group) -> Head:
		own = self.heads.get((group.department, group.country))
		return own or self.heads.get((group.department, ""), Head())

	def ladders(self, group: config.Group, ticket_category: str) -> tuple[Ladder, ...]:
		"""The policy for all of the group's tickets, then those that single ticket categories have instead."""
		main = self.policy_for(group, ticket_category)
		kinds = () if ticket_category else self.ticket_categories
		own = [(kind, self.policy_for(group, kind)) for kind in kinds]
		found = [("", main), *((kind, policy) for kind, policy in own if policy != main)]
		return tuple(
			Ladder(self.rules.policy(policy), self.since[policy], kind) for kind, policy in found if policy
		)

	def policy_for(self, group: config.Group, ticket_category: str) -> str:
		subject = Subject(group.name, group.category, ticket_category, group.country)
		return policy_for(self.table, subject)
