"""Documents → domain values: the only reader of settings, groups, policies and calendars.

Everything returned is frozen; nothing here writes. Seconds since the epoch inside, the site's own time in documents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.utils import cstr

from core_helpdesk.documents import (
	NoCalendar,
	calendar_rules,
	policy_of,
	report_settings_of,
	scope_of,
	settings_of,
)
from core_helpdesk.domain.clock import Terms
from core_helpdesk.domain.errors import ScopesOverlap
from core_helpdesk.domain.escalation import Subject, choose
from core_helpdesk.domain.settings import Group, ReportSettings, Settings, Stand
from core_helpdesk.domain.working_time import WorkCalendar
from core_helpdesk.site_time import from_epoch, now_epoch, to_epoch

if TYPE_CHECKING:
	from collections.abc import Iterable, Mapping

	from frappe.model.document import Document

	from core_helpdesk.domain.clock import Policy
	from core_helpdesk.domain.escalation import Scope
	from core_helpdesk.domain.working_time import Timer

# Imported here for all who read configuration.
__all__ = [
	"Group",
	"NoCalendar",
	"ReportSettings",
	"Settings",
	"Stand",
	"calendar_rules",
	"from_epoch",
	"now_epoch",
	"policy_of",
	"scope_of",
	"to_epoch",
]

SETTINGS = "Core Helpdesk Settings"
OFF, OBSERVE, LIVE = "Off", "Observe", "Live"
IN_USE = ("Active", "Superseded")
# What a group is made of.
GROUP_COLUMNS = (
	"name",
	"ch_category",
	"ch_department",
	"ch_country",
	"ch_calendar",
	"ch_hidden",
	"ch_governed_from",
)
# A count that began before the first of these years, or ends after the last, is put aside with the reason.
YEARS_BACK, YEARS_AHEAD = 8, 12


def settings() -> Settings:
	return settings_of(frappe.get_cached_doc(SETTINGS))


def report_settings() -> ReportSettings:
	"""Policy: TSM-09, TSM-13, TSM-14, QA-12"""
	return report_settings_of(frappe.get_cached_doc(SETTINGS))


def this_host() -> str:
	"""What a mode is confirmed for: a restored copy on another site or address must not mail real people."""
	return f"{frappe.local.site} {frappe.conf.get('host_name') or ''}".strip()


def refresh() -> None:
	"""Forgets cached settings that a request which began before a change has put back after it."""
	table = frappe.qb.DocType("Singles")
	ours = (table.doctype == SETTINGS) & (table.field == "modified")
	stored = frappe.qb.from_(table).select(table.value).where(ours).run(pluck=True)
	if stored != [str(frappe.get_cached_doc(SETTINGS).modified)]:
		frappe.clear_document_cache(SETTINGS, SETTINGS)


def tsm_team() -> str:
	return frappe.get_cached_doc(SETTINGS).tsm_team or ""


def mode() -> str:
	"""Off, Observe or Live; Live only on the site that it was confirmed for."""
	doc = frappe.get_cached_doc(SETTINGS)
	return _mode_here(doc.mode, doc.confirmed_host)


def stored_mode() -> str:
	"""The same as the database has it now, for whoever runs on while others change it."""
	stored = frappe.db.get_value(SETTINGS, None, ["mode", "confirmed_host"], as_dict=True) or {}
	return _mode_here(stored.get("mode"), stored.get("confirmed_host"))


def _mode_here(mode: str | None, confirmed_host: str | None) -> str:
	if mode == LIVE and confirmed_host != this_host():
		return OBSERVE
	return mode or OFF


def group(team: str) -> Group:
	"""The group with its defaults applied."""
	return _group(team, settings(), _stamp().by_country)


def _team(name: str) -> Document | frappe._dict:
	try:
		return frappe.get_cached_doc("HD Team", name)
	except frappe.DoesNotExistError:
		# The host deletes groups that tickets still name: those tickets escalate by the defaults.
		frappe.clear_last_message()
		return frappe._dict()


def _group(
	team: str, general: Settings, calendars: Mapping[str, str], doc: Document | frappe._dict | None = None
) -> Group:
	doc = _team(team) if doc is None else doc
	country = doc.get("ch_country") or general.default_country
	found = {
		"category": doc.get("ch_category") or "",
		"department": doc.get("ch_department") or general.default_department,
		"country": country,
		"calendar": doc.get("ch_calendar")
		or calendars.get(country)
		or calendars.get(general.default_country, ""),
	}
	return Group(
		name=team,
		hidden=bool(doc.get("ch_hidden")) or team == general.tsm_team,
		governed_from=to_epoch(doc.get("ch_governed_from")) or general.governed_from,
		gaps=tuple(f"No {what.title()}" for what, value in found.items() if not value),
		**found,
	)


@dataclass(frozen=True)
class SiteRules:
	"""The domain's `Rules` over the site's documents, as they are at one moment; kept for one batch at most.

	`scopes` choose for groups, `tracing_scopes` for tracing cases: no policy is in both. `policies` has all.
	"""

	general: Settings
	policies: Mapping[str, Policy]
	scopes: tuple[Scope, ...]
	tracing_scopes: tuple[Scope, ...]
	calendars: Mapping[str, str]
	versions: Mapping[str, str]
	groups: dict[str, Group] = field(default_factory=dict)
	timers: dict[str, WorkCalendar] = field(default_factory=dict)

	def terms(self, group: str, category: str, at: int) -> Terms | None:
		place = self.group(group)
		if not place.is_governed(at):
			return None
		scope = _chosen(self.scopes, Subject(group, place.category, category, place.country), at)
		return Terms(self.policy(scope), place.calendar) if scope else None

	def tracing_terms(self, group: str, category: str, at: int) -> Terms | None:
		"""What the tracing case of a ticket in this group counts under; None without a tracing policy in force.

		Policy: TRC-03
		"""
		place = self.group(group)
		subject = Subject(group, place.category, category, place.country)
		scope = _chosen(self.tracing_scopes, subject, at)
		return Terms(self.policy(scope), place.calendar) if scope else None

	def in_force_since(self, group: str, category: str, at: int) -> int:
		"""When the policy began that is for this group's tickets at `at`; 0 if it always was."""
		place = self.group(group)
		chosen = _chosen(self.scopes, Subject(group, place.category, category, place.country), at)
		return next((scope.from_epoch for scope in self.scopes if scope.policy == chosen), 0)

	def group(self, team: str) -> Group:
		if team not in self.groups:
			self.groups[team] = _group(team, self.general, self.calendars)
		return self.groups[team]

	def take_groups(self, rows: Iterable[frappe._dict]) -> None:
		"""Takes groups that were read all at once, with GROUP_COLUMNS, where each would be read on its own."""
		for row in rows:
			self.groups[row.name] = _group(row.name, self.general, self.calendars, row)

	def policy(self, name: str) -> Policy:
		# A policy that was put back to Draft still ends the counts that began under it.
		return self.policies.get(name) or policy_of(frappe.get_cached_doc("Escalation Policy", name))

	def calendar_of(self, group: str) -> str:
		return self.group(group).calendar if group else self.calendars.get(self.general.default_country, "")

	def timer(self, calendar: str) -> Timer:
		if calendar not in self.timers:
			changed = self.calendar_changed(calendar)
			self.timers[calendar] = _work_calendar(frappe.local.site, calendar, changed)
		return self.timers[calendar]

	def calendar_changed(self, calendar: str) -> str:
		"""When a calendar was last changed, as its document says.

		Raises: NoCalendar if there is none of this name.
		"""
		if calendar not in self.versions:
			raise NoCalendar(calendar)
		return self.versions[calendar]


def _chosen(scopes: tuple[Scope, ...], subject: Subject, at: int) -> str:
	try:
		scope = choose(scopes, subject, at)
	except ScopesOverlap as conflict:
		# Activation refuses this; where it happened all the same, a ticket without any clock would be worse.
		return conflict.first
	return scope.policy if scope else ""


def site_rules() -> SiteRules:
	"""The rules in force: one query, and compiled again only where a policy changed."""
	stamp = _stamp()
	compiled = _compiled(frappe.local.site, stamp.policies)
	return SiteRules(settings(), *compiled, stamp.by_country, stamp.versions)


class _Stamp(NamedTuple):
	"""What tells that rules changed: each policy in use with its scope and last change, and each calendar's."""

	policies: tuple[tuple[str, ...], ...]
	by_country: Mapping[str, str]
	versions: Mapping[str, str]


def _stamp() -> _Stamp:
	# One query for two tables, since it runs at each change of a ticket; states are parameters. A renamed group or
	# ticket type changes a policy's scope, but not when it was last changed.
	found = frappe.db.sql(  # nosemgrep
		"""select 'policy', name, modified, team, group_category, ticket_type, country from `tabEscalation Policy`
			where workflow_state in %(states)s
			union all
			select 'calendar', name, modified, null, null, null, if(is_country_default = 1, country, null)
			from `tabWorking Calendar`""",
		{"states": IN_USE},
	)
	policies = sorted(tuple(map(cstr, row)) for kind, *row in found if kind == "policy")
	calendars = sorted(row for kind, *row in found if kind == "calendar")
	# A moment made text by the server would have the connection's collation, which a union with names refuses.
	versions = {row[0]: str(row[1]) for row in calendars}
	return _Stamp(tuple(policies), {row[-1]: row[0] for row in calendars if row[-1]}, versions)


@lru_cache(maxsize=16)
def _compiled(
	site: str, stamp: tuple[tuple[str, ...], ...]
) -> tuple[dict[str, Policy], tuple[Scope, ...], tuple[Scope, ...]]:
	# The site and the rest of the stamp are the key only: what is read belongs to the site that is connected.
	docs = [frappe.get_doc("Escalation Policy", name) for name, *_changed in stamp]
	policies = {doc.name: policy_of(doc) for doc in docs}
	of_groups = tuple(scope_of(doc) for doc in docs if not policies[doc.name].is_tracing)
	of_tracing = tuple(scope_of(doc) for doc in docs if policies[doc.name].is_tracing)
	return policies, of_groups, of_tracing


@lru_cache(maxsize=64)
def _work_calendar(site: str, name: str, changed: str) -> WorkCalendar:
	"""A Working Calendar, compiled once for each version and kept; past the cached document, which may be older."""
	year = date.today().year
	rules = calendar_rules(frappe.get_doc("Working Calendar", name))
	return WorkCalendar.compile(rules, date(year - YEARS_BACK, 1, 1), date(year + YEARS_AHEAD, 12, 31))
