"""The policies in force as a file for `core-helpdesk replay`, the most specific first.

The file's rule is the first match, the site's the most specific scope. A scope by category or country of groups is
written as the groups that it matches now; hidden groups are under no policy, on the site as in the file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.utils import get_system_timezone

from core_helpdesk import config
from core_helpdesk.documents import calendar_rules
from core_helpdesk.domain.clock import Kind
from core_helpdesk.domain.escalation import Subject
from core_helpdesk.exports import calendars, toml_text
from core_helpdesk.governance.library_dates import country_code
from core_helpdesk.hosts import ticket_history

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.config import Group, SiteRules
	from core_helpdesk.domain.clock import Level, Policy
	from core_helpdesk.domain.escalation import Scope


class Exported(NamedTuple):
	"""The text of a policy file, and in words what such a file cannot say about this site."""

	text: str
	notes: tuple[str, ...]


class CountryCalendar(NamedTuple):
	"""The calendar that a file gives to a country."""

	code: str
	calendar: str


class Site(NamedTuple):
	"""What is exported: the rules as they are at a moment, all groups, and the calendars by country."""

	rules: SiteRules
	at: int
	groups: list[Group]
	calendars: dict[str, CountryCalendar]

	@property
	def in_force(self) -> list[Scope]:
		"""The scopes in force, the most specific first; of equal ones the one that the site would take first."""
		scopes = [scope for scope in self.rules.scopes if scope.is_in_force(self.at)]
		return sorted(scopes, key=lambda scope: scope.rank, reverse=True)


def export(at: int) -> Exported:
	"""The policies in force at a moment, with the groups and calendars as they are now.

	Raises: ValidationError when no policy is in force.
	Policy: CORE-17, QA-02
	"""
	site = read(at)
	if not site.in_force:
		frappe.throw(_("No escalation policy is active."))
	notes = tuple(_notes(site))
	blocks = [_top(site, notes), _states(), *_calendars(site), _defaults(site)]
	blocks += [_group(group, site) for group in site.groups]
	blocks += [_entry(scope, site) for scope in site.in_force]
	return Exported("\n\n".join("\n".join(block) for block in blocks) + "\n", notes)


def read(at: int) -> Site:
	rules = config.site_rules()
	teams = frappe.get_all("HD Team", pluck="name", order_by="name asc")
	groups = [rules.group(team) for team in teams]
	return Site(rules, at, groups, calendars_by_country(groups, rules))


def calendars_by_country(groups: list[Group], rules: SiteRules) -> dict[str, CountryCalendar]:
	"""For each country of a group the calendar that most of its groups count by, its own one where equal.

	A country that the library of holidays does not know is left out: a file cannot have a calendar for it.
	"""
	from core_helpdesk.calendars import supported_countries

	used: dict[str, Counter[str]] = defaultdict(Counter)
	for group in groups:
		if group.country and group.calendar:
			used[group.country][group.calendar] += 1
	home = rules.general.default_country
	if home in rules.calendars:
		used[home][rules.calendars[home]] += 0
	known = supported_countries()
	return {
		country: CountryCalendar(code, _favourite(counts, rules.calendars.get(country)))
		for country, counts in sorted(used.items())
		if (code := country_code(country)) in known
	}


def _favourite(counts: Counter[str], own: str | None) -> str:
	return min(counts, key=lambda name: (-counts[name], name != own, name))


def matched_groups(scope: Scope, site: Site) -> list[str]:
	"""The groups whose tickets, of the scope's category where it names one, the scope is for."""
	return [
		group.name
		for group in site.groups
		if not group.hidden
		and scope.matches(Subject(group.name, group.category, scope.ticket_category, group.country))
	]


def _notes(site: Site) -> Iterator[str]:
	for group in site.groups:
		given = site.calendars.get(group.country)
		if group.calendar and not given:
			yield _("{0}: the file can have no calendar for {1}; the default country's is used.").format(
				group.name, group.country or _("(empty)")
			)
		elif given and given.calendar != group.calendar:
			yield _("{0} counts by the calendar {1}; the file has one for each country, here {2}.").format(
				group.name, group.calendar, given.calendar
			)
	for scope in site.rules.scopes:
		if scope.from_epoch > site.at:
			begins = config.from_epoch(scope.from_epoch)
			yield _("{0} begins on {1} and is not in the file.").format(scope.policy, begins)
	yield from _notes_of_tracing(site)
	for scope in site.in_force:
		if any(level.acknowledge_within for level in site.rules.policy(scope.policy).levels):
			yield _(
				"{0} asks for acknowledgements; a replay knows none and gives every level its full time."
			).format(scope.policy)


def _notes_of_tracing(site: Site) -> Iterator[str]:
	for scope in site.rules.tracing_scopes:
		if scope.is_in_force(site.at):
			yield _("{0} is for tracing cases and is not in the file.").format(scope.policy)


def _top(site: Site, notes: tuple[str, ...]) -> Iterator[str]:
	yield toml_text.comment(f"{frappe.local.site}, {config.from_epoch(site.at)}")
	yield "# The first policy that matches applies: the most specific ones come first."
	yield from (toml_text.comment(f"! {note}") for note in notes)
	yield from ("", f"timezone = {toml_text.text(get_system_timezone())}")


def _states() -> Iterator[str]:
	yield "[states]"
	for status, state in ticket_history.states().items():
		yield f"{toml_text.key(status)} = {toml_text.text(state.value.lower())}"


def _calendars(site: Site) -> Iterator[list[str]]:
	year = config.from_epoch(site.at).year
	for code, calendar in site.calendars.values():
		rules = calendar_rules(frappe.get_cached_doc("Working Calendar", calendar))
		yield [toml_text.comment(calendar), *calendars.lines(rules, code, year)]


def _defaults(site: Site) -> list[str]:
	general = site.rules.general
	return ["[defaults]", *_place(general.default_country, general.default_department, site)]


def _group(group: Group, site: Site) -> list[str]:
	heading = f"[groups.{toml_text.key(group.name)}]"
	# The file knows groups by name only; what their category decides stands at the policies.
	category = [toml_text.comment(f"{_('Category')}: {group.category}")] if group.category else []
	return [heading, *category, *_place(group.country, group.department, site)]


def _place(country: str, department: str, site: Site) -> Iterator[str]:
	if country in site.calendars:
		yield f"country = {toml_text.text(site.calendars[country].code)}"
	if department:
		yield f"department = {toml_text.text(department)}"


def _entry(scope: Scope, site: Site) -> list[str]:
	policy = site.rules.policy(scope.policy)
	levels = [line for level in policy.levels for line in _level(level)]
	return [*_heading(policy, scope, site), *levels]


def _heading(policy: Policy, scope: Scope, site: Site) -> Iterator[str]:
	yield "[[policies]]"
	yield f"name = {toml_text.text(policy.name)}"
	yield f"groups = {toml_text.texts(matched_groups(scope, site))}"
	yield f"categories = {toml_text.texts([scope.ticket_category or '*'])}"
	if 0 < policy.warn_share < 1:
		yield f"warn_share = {policy.warn_share!r}"
	if policy.total_cap:
		yield f"total_cap_hours = {toml_text.hours(policy.total_cap)}"


def _level(level: Level) -> Iterator[str]:
	yield from ("", "[[policies.levels]]", f"after_hours = {toml_text.hours(level.seconds)}")
	yield f"clock = {toml_text.text('working' if level.kind is Kind.WORKING else 'elapsed')}"
	yield f"pauses = {toml_text.flag(level.pauses)}"
	if level.pause_cap:
		yield f"pause_cap_hours = {toml_text.hours(level.pause_cap)}"
	yield f"target = {toml_text.text(level.target)}"
