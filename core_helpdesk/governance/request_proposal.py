"""A Group Request → what the study of past tickets tries: where they would go, by which policies and calendar.

As implementing would leave the site; what the request does not say is assumed, and the assumption is kept to be shown.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe

from core_helpdesk.documents import time_given
from core_helpdesk.domain.escalation import Scope, ScopeTable, Subject
from core_helpdesk.domain.policy import Level, Policy
from core_helpdesk.domain.proposal import NEVER, NewTerms, Proposal, Taking
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.group_documents import KnownGroups, Place, policy_for
from core_helpdesk.governance.policy_acts import GENERAL_MANAGER, TSM
from core_helpdesk.governance.request_facts import PROPOSED, proposed
from core_helpdesk.governance.study_rules import StudyRules, counts_working_time
from core_helpdesk.hosts import hd_team

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

DAY = 86_400
OWN = "(own policy)"
# What a group without any policy would run under: nothing of its own ever escalates.
NO_POLICY = Policy("(no policy)", (Level(NEVER, "-"),))
# As the app makes a policy for a group that no other policy is for (TSM-08).
LEVELS = (Level(DAY, TSM, pauses=True), Level(DAY, GENERAL_MANAGER))

NAMED, OF_COUNTRY, GOES, STAYS = "named", "country", "goes", "stays"
"""How tickets would come to the group or leave it: from groups that are named, or from all of its country; or none do."""


class Study(NamedTuple):
	"""What is tried on past tickets, and how to say what it assumes.

	`involved` are the groups whose whole load is wanted: the group's own, and those that it takes from.
	"""

	group: str
	rules: StudyRules
	proposal: Proposal
	involved: frozenset[str]
	moves: str
	categories: tuple[str, ...]
	country: str

	@property
	def is_empty(self) -> bool:
		"""True if the request changes neither where tickets go nor when they escalate."""
		return not (self.proposal.taking or self.proposal.terms or self.proposal.calendars)

	@property
	def basis(self) -> str:
		"""A mark that is another once what was asked for, or a rule that the study counts by, has changed."""
		known = self.rules.known
		scopes = [scope for scope in known.scopes if scope.is_in_force(known.at)]
		policies = {scope.policy: unwarned(known.rules.policy(scope.policy)) for scope in scopes}
		groups = [known.rules.group(name) for name in sorted(self.involved)]
		calendars = {group.calendar for group in groups} | {*self.proposal.calendars.values()}
		# Whether and since when clocks run there is nothing that a study asks.
		places = [replace(group, governed_from=0, gaps=()) for group in groups]
		versions = {name: str(known.rules.versions.get(name)) for name in sorted(calendars)}
		terms = tuple(new._replace(policy=unwarned(new.policy)) for new in self.proposal.terms)
		proposal = replace(self.proposal, terms=terms)
		counted_by = (proposal, scopes, sorted(policies.items()), places, versions)
		return hashlib.sha256(json.dumps(plain(counted_by), sort_keys=True).encode()).hexdigest()[:16]


def unwarned(policy: Policy) -> Policy:
	"""The policy as far as a study counts by it: nobody is warned of the past."""
	return replace(policy, warn_share=0.0)


def plain(value: Any) -> Any:
	"""A value of the domain as lists and texts, the same in every process."""
	if isinstance(value, (frozenset, set)):
		return sorted(value)
	if isinstance(value, dict):
		return {str(key): plain(each) for key, each in value.items()}
	if isinstance(value, (tuple, list)):
		return [plain(each) for each in value]
	if hasattr(value, "__dataclass_fields__"):
		return [plain(getattr(value, name)) for name in value.__dataclass_fields__]
	return value if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def lacking(request: Document) -> list[str]:
	"""The fields without which there is nothing to try.

	Policy: CORE-04, QA-03
	"""
	wanted = {
		kinds.NEW_GROUP: ("country", "group_category", "ticket_type", "escalation_hours"),
		kinds.CHANGE_ESCALATION: ("team", "escalation_hours"),
		kinds.DEVIATION: ("team", "escalation_hours"),
	}.get(request.kind, ("team",))
	return [field for field in wanted if not request.get(field)]


def study_of(request: Document, known: KnownGroups) -> Study | None:
	"""What the study of this request tries; None for a kind without one, and for a group that is not known.

	Policy: QA-03
	"""
	if request.kind not in kinds.STUDIED or lacking(request):
		return None
	if request.kind != kinds.NEW_GROUP and request.team not in known.groups:
		return None
	return _retiring(request, known) if request.kind == kinds.RETIRE_GROUP else _changing(request, known)


def _retiring(request: Document, known: KnownGroups) -> Study:
	"""The group's tickets would be nobody's: where else they would go, such a request does not say."""
	gone = Proposal(Taking("", frozenset({request.team})))
	return _study(request.team, known, gone, frozenset({request.team}), GOES, (), "")


def _changing(request: Document, known: KnownGroups) -> Study:
	facts = proposed(request, known)
	is_new = request.kind == kinds.NEW_GROUP
	place = Place(facts.department, facts.country, facts.category)
	categories = tuple(sorted(facts.ticket_categories))
	comes = is_new or categories != tuple(sorted(known.groups[facts.name].ticket_categories))
	sources, moves = _sources(request, known, place.country) if comes and categories else (frozenset(), STAYS)
	taking = _taking(facts.name, sources, categories)
	calendar = calendar_of(request, known, place.country)
	present = "" if is_new else known.rules.group(facts.name).calendar
	calendars = {facts.name: calendar} if calendar != present else {}
	terms = tuple(_terms(request, known, facts.name, place, calendar))
	involved = frozenset({facts.name}) | (sources if taking else frozenset())
	return _study(
		facts.name, known, Proposal(taking, terms, calendars), involved, moves, categories, place.country
	)


def _study(
	group: str,
	known: KnownGroups,
	proposal: Proposal,
	involved: frozenset[str],
	moves: str,
	categories: tuple[str, ...],
	country: str,
) -> Study:
	return Study(group, StudyRules.of(known), proposal, involved, moves, categories, country)


def _sources(request: Document, known: KnownGroups, country: str) -> tuple[frozenset[str], str]:
	"""From where tickets would come: the groups that the request names, else all of the country; never hidden ones.

	Policy: TSM-12
	"""
	hidden = frozenset(hd_team.hidden_teams())
	named = frozenset(row.team for row in request.takes_from if row.team) - hidden
	if named:
		return named, NAMED
	of_country = frozenset(facts.name for facts in known.groups.values() if facts.country == country)
	return of_country - hidden - {request.team or PROPOSED}, OF_COUNTRY


def _taking(group: str, sources: frozenset[str], categories: tuple[str, ...]) -> Taking | None:
	# A taking without sources would take from all groups of the site.
	if not sources:
		return None
	return Taking(group, sources, frozenset(categories), never_from=frozenset(hd_team.hidden_teams()))


def calendar_of(request: Document, known: KnownGroups, country: str) -> str:
	"""The calendar that the group would count by: its own, else its country's, else that of the site's own country."""
	own = frappe.db.get_value(hd_team.TEAM, request.team, "ch_calendar") if request.team else None
	by_country = known.rules.calendars
	default = by_country.get(known.rules.general.default_country, "")
	return request.calendar or own or by_country.get(country) or default


def _terms(
	request: Document, known: KnownGroups, group: str, place: Place, calendar: str
) -> Iterable[NewTerms]:
	"""The policies of the group's tickets where they would be others, or by other hours, than now."""
	own = own_policy(request, known, group, place)
	table = ScopeTable(_scopes(known, group, own), known.at)
	present = None if request.kind == kinds.NEW_GROUP else StudyRules.of(known)
	changed: dict[str, list[str]] = defaultdict(list)
	same = []
	for category in ("", *frappe.get_all("HD Ticket Type", pluck="name", order_by="name")):
		name = policy_for(table, Subject(group, place.category, category, place.country))
		name = name if name == OWN or _has_hours(known, name, calendar) else ""
		now = present and _now(present, group, category)
		(same if now == (name, calendar if name else "") else changed[name]).append(category)
	for name, categories in changed.items():
		yield NewTerms(_policy(known, own, name), frozenset({group}), frozenset(categories))
	if changed and not same:
		# Categories that tickets still have and that the site has no more.
		general = next(name for name, categories in changed.items() if "" in categories)
		yield NewTerms(_policy(known, own, general), frozenset({group}))


def _now(rules: StudyRules, group: str, category: str) -> tuple[str, str]:
	terms = rules.terms(group, category, rules.known.at)
	return (terms.policy.name, terms.calendar) if terms else ("", "")


def _has_hours(known: KnownGroups, policy: str, calendar: str) -> bool:
	"""False for a policy that would count working time where there is none."""
	if not policy:
		return False
	return calendar in known.rules.versions or not counts_working_time(known.rules.policy(policy))


def _policy(known: KnownGroups, own: Policy | None, name: str) -> Policy:
	if not name:
		return NO_POLICY
	return own if own and name == OWN else known.rules.policy(name)


def _scopes(known: KnownGroups, group: str, own: Policy | None) -> list[Scope]:
	"""The scopes as they would be: the group's own policy takes the place of the one that it has."""
	if own is None:
		return list(known.scopes)
	mine = Scope(OWN, group=group)
	others = (scope for scope in known.scopes if not (scope.group == group and scope.rank == mine.rank))
	return [*others, mine]


def own_policy(request: Document, known: KnownGroups, group: str, place: Place) -> Policy | None:
	"""The policy that implementing would make for the group alone; None where another gives it the time already.

	Policy: CORE-04, CORE-17
	"""
	time = time_given(request.escalation_hours, request.clock_kind)
	if time is None or request.kind == kinds.CHANGE_GROUP:
		return None
	present = known.groups.get(request.team or "")
	categories = present.ticket_categories if present else {request.ticket_type or ""}
	in_use = known.policy_of(group, place, next(iter(categories), ""))
	first = known.rules.policy(in_use).levels[0] if in_use else None
	if first and (first.seconds, first.kind) == (time.seconds, time.kind):
		return None
	model = known.policy_of(group, place)
	policy = known.rules.policy(model) if model else Policy(OWN, LEVELS)
	levels = (replace(policy.levels[0], seconds=time.seconds, kind=time.kind), *policy.levels[1:])
	return replace(policy, name=OWN, levels=levels)
