"""Who can change groups and escalation, through what, and whether the policy means them to.

Control comes through a role (given alone or by a role profile), a right that this site added, a shared document, or the
account Administrator. What the app refuses although the framework would allow it is said to be refused.
Policy: CORE-02, CORE-11, QA-04
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.governance import access_objects as objects
from core_helpdesk.governance import access_people, access_places, access_rights, access_use, governed
from core_helpdesk.governance.access_people import ADMINISTRATOR, EVERYBODY, Held, Person
from core_helpdesk.governance.access_rights import CHANGING, Right
from core_helpdesk.hosts import group_stages, hd_team
from core_helpdesk.setup.roles import CUSTOMER_SERVICE_MANAGER, QA_SPECIALIST

if TYPE_CHECKING:
	from collections.abc import Iterator
	from datetime import datetime

	from core_helpdesk.governance.access_objects import Controlled
	from core_helpdesk.governance.access_places import Place

BY_ROLE, BY_RIGHT, BY_SHARE, BY_ACCOUNT = "Role", "Right Added on This Site", "Shared Document", "Account"
BY_POLICY, REFUSED, LOOK, ACCEPTED = "By Policy", "Refused by the App", "To Be Looked At", "Accepted"
EVERYTHING = frozenset(CHANGING)
FINDING = "Access to Be Looked At"
NEW_FOR_DAYS = 30
KEY_LENGTH = 190


class Access(NamedTuple):
	"""One way in which a person can change something; an empty user is everybody who has the role without being given it.

	`through` is a role or a shared document, `profile` the role profile that gave the role, `limited_to` the
	documents that user permissions limit the person to (none: no limit), `places` where they belong.
	"""

	what: str
	user: str
	full_name: str
	actions: frozenset[str]
	kind: str
	through: str
	verdict: str
	since: datetime | None = None
	last_used: datetime | None = None
	profile: str = ""
	own_only: bool = False
	limited_to: tuple[str, ...] = ()
	has_key: bool = False
	reason: str = ""
	places: tuple[Place, ...] = ()

	@property
	def key(self) -> str:
		"""What a finding about it is known by."""
		return "|".join((self.user, self.what, self.kind, self.through))[:KEY_LENGTH]


def accesses() -> list[Access]:
	"""Everybody's ways, for all that is controlled.

	Policy: QA-04
	"""
	site = Site.read()
	found = [access for own in objects.CONTROLLED for access in _ways(own, site)]
	by_policy = {(access.what, access.user) for access in found if access.verdict == BY_POLICY}
	accepted = _accepted()
	return [_judged(access, by_policy, accepted) for access in found]


def _judged(
	access: Access, by_policy: set[tuple[str, str]], accepted: dict[str, tuple[str, datetime]]
) -> Access:
	if (access.what, access.user) in by_policy:
		return access._replace(verdict=BY_POLICY)
	reason, when = accepted.get(access.key, ("", None))
	# Whoever lost the access and was given it again has to be looked at again.
	if access.verdict == LOOK and when and (not access.since or access.since <= when):
		return access._replace(verdict=ACCEPTED, reason=reason)
	return access


def _accepted() -> dict[str, tuple[str, datetime]]:
	"""The findings that were closed with a reason: the reason, and when that was."""
	rows = frappe.get_all(
		"Escalation Finding",
		{"kind": FINDING, "state": "Closed", "accepted_because": ("is", "set")},
		["subject_key", "accepted_because", "modified"],
		order_by="modified",
	)
	return {row.subject_key: (row.accepted_because, row.modified) for row in rows}


def hidden_groups() -> tuple[str, ...]:
	return hd_team.hidden_teams()


@dataclass(frozen=True)
class Site:
	"""What is read once for all that is controlled."""

	people: dict[str, Person]
	rights: dict[tuple[str, int], list[Right]]
	held: dict[str, list[Held]]
	shares: list[access_people.Share]
	limits: dict[tuple[str, str], tuple[str, ...]]
	used: access_use.Used
	refused: frozenset[str]
	hidden: frozenset[str]
	insiders: frozenset[str]
	managers: frozenset[str]
	places: dict[str, tuple[Place, ...]]

	@classmethod
	def read(cls) -> Site:
		doctypes = [own.doctype for own in objects.CONTROLLED]
		people = access_people.people()
		rights = access_rights.rights(doctypes)
		roles = {right.role for rights_ in rights.values() for right in rights_}
		roles.update(role for own in objects.CONTROLLED for role in own.app_roles)
		held: dict[str, list[Held]] = defaultdict(list)
		for own in access_people.holders(roles, people):
			held[own.role].append(own)
		hidden = hd_team.hidden_teams()
		members = {user for team in hidden for user in hd_team.members(team)}
		return cls(
			people=people,
			rights=rights,
			held=held,
			shares=access_people.shares(doctypes, people),
			limits=access_people.restrictions(doctypes),
			used=access_use.last_used(),
			refused=_refused(),
			hidden=frozenset(hidden),
			insiders=frozenset(members | {own.user for own in held[QA_SPECIALIST]}),
			managers=_managers(),
			places=access_places.places(),
		)


def _refused() -> frozenset[str]:
	"""What the app lets nobody but a QA Specialist change, whatever rights somebody has."""
	if not governed.has_begun():
		return frozenset()
	free = frappe.get_all(hd_team.TEAM, {"ch_hidden": 0, "ch_governed": 0}, pluck="ch_stage")
	groups = () if set(free) - {group_stages.RETIRED} else (objects.GROUPS,)
	return frozenset({objects.CATEGORIES, objects.POLICIES, *groups})


def _managers() -> frozenset[str]:
	"""Who has, or stands in for, the office that decides on requests; nobody while the office is not filled."""
	stand = config.settings().customer_service_manager
	return frozenset({stand.user, stand.deputy} - {""})


def _ways(own: Controlled, site: Site) -> Iterator[Access]:
	for right in _opening(own, site):
		yield from _through_role(own, right, site)
	if own.is_by_rights:
		yield from _through_shares(own, site)
		yield _of_administrator(own, site)


def _opening(own: Controlled, site: Site) -> list[Right]:
	"""Each role that opens it, once."""
	found: dict[str, Right] = {}
	for right in site.rights.get((own.doctype, own.level), ()) if own.is_by_rights else ():
		known = found.get(right.role)
		found[right.role] = _joined(known, right) if known else right
	for role in sorted(own.app_roles):
		found.setdefault(role, Right(role, frozenset({"write"}), False, False, None))
	return [found[role] for role in sorted(found) if role != ADMINISTRATOR]


def _joined(one: Right, other: Right) -> Right:
	return Right(
		one.role,
		one.actions | other.actions,
		one.is_custom or other.is_custom,
		one.own_only and other.own_only,
		one.since or other.since,
	)


def _through_role(own: Controlled, right: Right, site: Site) -> Iterator[Access]:
	kind = BY_RIGHT if right.is_custom else BY_ROLE
	if right.role in EVERYBODY:
		if own.what != objects.HIDDEN_GROUP:
			yield Access(
				own.what,
				"",
				"",
				right.actions,
				kind,
				right.role,
				_verdict(own, right.role, "", site),
				right.since,
			)
		return
	for held in site.held.get(right.role, ()):
		if own.what == objects.HIDDEN_GROUP and held.user not in site.insiders:
			continue
		moments = [moment for moment in (held.since, right.since) if moment]
		access = Access(
			what=own.what,
			user=held.user,
			full_name="",
			actions=right.actions,
			kind=kind,
			through=right.role,
			verdict=_verdict(own, right.role, held.user, site),
			since=max(moments, default=None),
			profile=held.profile,
			own_only=right.own_only,
		)
		yield _of_person(access, own, site)


def _through_shares(own: Controlled, site: Site) -> Iterator[Access]:
	for share in site.shares:
		if share.doctype != own.doctype or own.level or (share.name in site.hidden):
			continue
		if own.what == objects.HIDDEN_GROUP:
			continue
		verdict = _verdict(own, "", share.user, site)
		actions = frozenset({"write"})
		access = Access(own.what, share.user, "", actions, BY_SHARE, share.name, verdict, share.since)
		yield _of_person(access, own, site) if share.user else access


def _of_administrator(own: Controlled, site: Site) -> Access:
	since = site.people[ADMINISTRATOR].since if ADMINISTRATOR in site.people else None
	verdict = _verdict(own, "", ADMINISTRATOR, site)
	access = Access(own.what, ADMINISTRATOR, "", EVERYTHING, BY_ACCOUNT, ADMINISTRATOR, verdict, since)
	return _of_person(access, own, site)


def _of_person(access: Access, own: Controlled, site: Site) -> Access:
	person = site.people.get(access.user)
	return access._replace(
		full_name=person.full_name if person else access.user,
		has_key=bool(person and person.has_key),
		last_used=site.used.get((own.what, access.user)),
		limited_to=site.limits.get((access.user, own.doctype), ()),
		places=site.places.get(access.user, ()),
	)


def _verdict(own: Controlled, role: str, user: str, site: Site) -> str:
	if role in own.by_policy and _has_office(role, user, site):
		return BY_POLICY
	return REFUSED if own.what in site.refused else LOOK


def _has_office(role: str, user: str, site: Site) -> bool:
	"""The manager is who the settings name; QA Specialists are staff of headquarters.

	Policy: CORE-11
	"""
	if role == CUSTOMER_SERVICE_MANAGER and site.managers:
		return user in site.managers
	return not access_places.are_abroad(site.places.get(user, ()))
