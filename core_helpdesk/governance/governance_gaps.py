"""What a group lacks before it can be governed: read once for all groups, said of each in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.errors import ScopesOverlap
from core_helpdesk.domain.escalation import ScopeTable, Subject
from core_helpdesk.governance.group_documents import Place, head_among, heads_by_place, member_counts
from core_helpdesk.setup.workflow_states import ACTIVE

if TYPE_CHECKING:
	from collections import Counter

	from frappe.model.document import Document

TEAM, CATEGORY = "HD Team", "Group Category"
NEEDED = ("ch_category", "ch_department", "ch_country", "ch_purpose")


@dataclass(frozen=True)
class Surroundings:
	"""What groups need beside their own rows: heads, members, active categories, and policies now or to come."""

	rules: config.SiteRules
	heads: dict[tuple[str, str], str]
	members: Counter[str]
	categories: frozenset[str]
	policies: tuple[ScopeTable, ...]

	def has_policy(self, place: config.Group) -> bool:
		"""Whether some policy, now or from its start, is for the group's tickets."""
		subject = Subject(place.name, place.category, "", place.country)
		return any(chooses(table, subject) for table in self.policies)


def surroundings() -> Surroundings:
	rules, now = config.site_rules(), config.now_epoch()
	moments = sorted({now, *(scope.from_epoch for scope in rules.scopes if scope.from_epoch > now)})
	return Surroundings(
		rules,
		heads_by_place(),
		member_counts(),
		frozenset(frappe.get_all(CATEGORY, {"workflow_state": ACTIVE}, pluck="name")),
		tuple(ScopeTable(rules.scopes, moment) for moment in moments),
	)


def chooses(table: ScopeTable, subject: Subject) -> bool:
	try:
		return bool(table.choose(subject))
	except ScopesOverlap:
		return False


def gaps(team: str, around: Surroundings | None = None) -> list[str]:
	"""What a group lacks before it can be governed, in words; none if it is complete.

	Policy: QA-01, QA-02
	"""
	return gaps_of(frappe.get_doc(TEAM, team), around or surroundings())


def gaps_of(team: Document, around: Surroundings) -> list[str]:
	if around.rules.group(team.name).hidden:
		return [_("A hidden group is kept by the app and cannot be governed.")]
	own = [
		_("{0} is not set.").format(_(team.meta.get_label(field), context=TEAM))
		for field in NEEDED
		if not team.get(field)
	]
	return own + gaps_around(team, around)


def gaps_around(team: Document, around: Surroundings) -> list[str]:
	"""What is missing beside the group's own row: a head, members, hours to count with, a policy, its category."""
	place = around.rules.group(team.name)
	head = head_among(around.heads, Place(team.ch_department or "", team.ch_country or "", ""))
	found = {
		_("The department has no head for this country."): bool(head) or not team.ch_department,
		_("The group has no members."): bool(around.members[team.name]),
		_("There is no working calendar for this country."): bool(place.calendar),
		_("The group category is not active."): team.get("ch_category") in (None, "", *around.categories),
		_("No escalation policy is in force for the group."): around.has_policy(place),
	}
	return [text for text, is_there in found.items() if not is_there]


def gaps_of_all() -> dict[str, list[str]]:
	"""What each group lacks; those that are governed already are left out."""
	around = surroundings()
	governed = set(frappe.get_all(TEAM, {"ch_governed": 1}, pluck="name"))
	names = frappe.get_all(TEAM, {"ch_hidden": 0}, pluck="name", order_by="name")
	return {
		name: gaps_of(frappe.get_cached_doc(TEAM, name), around) for name in names if name not in governed
	}
