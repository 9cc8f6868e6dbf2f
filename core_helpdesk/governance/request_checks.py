"""The checks of a Group Request: conflicts with other groups, the Standard, and whether the manager has to decide.

Findings are facts; request_wording.py says them to each reader in their language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.groups import Conflict, ConflictKind, conflicts_of
from core_helpdesk.domain.parity import HOME, GapKind, ParityGap, parity, standards
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.group_documents import (
	KnownGroups,
	category_standard,
	deviations,
	known_groups,
)
from core_helpdesk.governance.request_facts import CHANGES, proposed
from core_helpdesk.hosts import assignment_routes, group_tickets

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.domain.groups import EscalationTime, GroupFacts

CONFLICT, PARITY, STANDARD, TICKETS = "Conflict", "Parity", "Standard", "Open Tickets"
# What a change of members can bring about; the rest of the group stays as it is.
OF_MEMBERS = {ConflictKind.NO_MEMBERS}


class Finding(TypedDict):
	"""One result of a check: of which sort, about whom, and the facts that its wording needs."""

	check: str
	kind: str
	group: str
	other: str
	facts: dict


def check(request: Document, at: int = 0) -> list[Finding]:
	"""Everything to know before the request is decided on.

	Units: `at` is seconds since the epoch; 0 is this moment.
	Policy: CORE-04, CORE-09, QA-02, QA-05
	"""
	found = _open_tickets(request)
	if request.kind == kinds.NEW_GROUP or request.kind in CHANGES:
		known = known_groups(at) if at else known_for(request)
		group = proposed(request, known)
		if group:
			found += _conflicts(request, group, known)
			found += _parity(request, group, known) + _standard(request, group)
	return found


def known_for(request: Document) -> KnownGroups:
	"""All groups as they are now, read once for a request in memory: its form asks for them several times."""
	if request.flags.ch_known_groups is None:
		request.flags.ch_known_groups = known_groups(config.now_epoch())
	return request.flags.ch_known_groups


def _conflicts(request: Document, group: GroupFacts, known: KnownGroups) -> list[Finding]:
	routes = known.routes
	if request.kind == kinds.NEW_GROUP:
		routes = (*routes, assignment_routes.to_come(group.name))
	found = conflicts_of(group, known.groups.values(), known.scopes, routes, known.hours)
	if request.kind in (kinds.ADD_MEMBERS, kinds.REMOVE_MEMBERS):
		found = [conflict for conflict in found if conflict.kind in OF_MEMBERS]
	return [of_conflict(conflict, known) for conflict in found]


def of_conflict(conflict: Conflict, known: KnownGroups) -> Finding:
	"""A conflict with the facts that its wording needs."""
	facts = {name: _plain(value) for name, value in conflict.facts.items()}
	other = known.groups.get(conflict.other)
	if other:
		facts["other_head"] = other.head
	return Finding(
		check=CONFLICT, kind=conflict.kind.value, group=conflict.group, other=conflict.other, facts=facts
	)


def _plain(value: object) -> object:
	return list(value) if isinstance(value, tuple) else value


def _parity(request: Document, group: GroupFacts, known: KnownGroups) -> list[Finding]:
	gap = standard_gap(request, group, known)
	if not gap or request.kind not in kinds.TIMED:
		return []
	facts = {
		"country": gap.country,
		"department": gap.department,
		"category": gap.category,
		"time": _time(gap.time),
		"standard": [_time(time) for time in gap.standard],
		"deviation": gap.deviation,
		"deviation_ends": gap.deviation_ends,
		"home": HOME,
	}
	return [Finding(check=PARITY, kind=gap.kind.value, group=gap.group, other="", facts=facts)]


def _time(time: EscalationTime | None) -> list:
	return [time.seconds, time.kind.value] if time else []


def _standard(request: Document, group: GroupFacts) -> list[Finding]:
	"""The value that the group's category carries, where the proposed one is another.

	Policy: CORE-04
	"""
	standard = category_standard(group.category) if request.kind in kinds.TIMED else None
	if not standard or not group.time or standard == group.time:
		return []
	facts = {"category": group.category, "time": _time(group.time), "standard": [_time(standard)]}
	return [Finding(check=STANDARD, kind=STANDARD, group=group.name, other="", facts=facts)]


def standard_gap(request: Document, group: GroupFacts, known: KnownGroups) -> ParityGap | None:
	"""How the proposed group stands to the Standard, if that is through the request.

	Policy: CORE-09, QA-05
	"""
	others = [other for other in known.groups.values() if other.name != group.name]
	home, approved = standards(others), deviations()
	(gap,) = parity([group], home, approved, known.at) or (None,)
	present = known.groups.get(group.name)
	if gap and present and request.kind == kinds.CHANGE_GROUP:
		was = parity([present], home, approved, known.at)
		same = was and (was[0].time, was[0].standard) == (gap.time, gap.standard)
		return None if same else gap
	return gap


def deviates(gap: ParityGap | None) -> bool:
	"""Whether the time needs an approved deviation.

	Policy: CORE-09
	"""
	if gap is None or gap.time is None:
		return False
	if gap.kind is GapKind.HOME_DIFFERS:
		return gap.time not in gap.standard
	if gap.kind is GapKind.NO_STANDARD:
		standard = category_standard(gap.category)
		return bool(standard) and standard != gap.time
	return gap.kind in (GapKind.DIFFERS, GapKind.ENDED)


def is_deviation(request: Document) -> bool:
	"""Whether the proposed Escalation Time is not the Standard, and nobody has approved that yet."""
	if request.kind not in kinds.TIMED:
		return False
	known = known_for(request)
	group = proposed(request, known)
	return bool(group) and deviates(standard_gap(request, group, known))


def deviation_lacks(request: Document) -> list[str]:
	"""What a time that is not the Standard needs besides: its reason and its end.

	Policy: CORE-09
	"""
	lacks = [field for field in kinds.DEVIATING if not request.get(field)]
	return lacks if lacks and request.kind != kinds.DEVIATION and is_deviation(request) else []


def why_manager(request: Document) -> list[str]:
	"""Why the Customer Service Manager has to decide, in words; none if the QA Specialist may.

	Policy: CORE-09, CORE-20
	"""
	if request.kind == kinds.NEW_CATEGORY:
		return [_("A new group category is approved by the Customer Service Manager.")]
	if request.kind == kinds.DEVIATION:
		return [_("A deviation from the Standard is approved by the Customer Service Manager.")]
	if is_deviation(request):
		return [
			_(
				"The Escalation Time is not the Standard of Saudi Arabia: the Customer Service Manager decides."
			)
		]
	tickets = open_tickets(request)
	if tickets:
		message = _("The group still has open tickets ({0}): the Customer Service Manager decides.")
		return [message.format(tickets)]
	return []


def open_tickets(request: Document) -> int:
	if request.kind != kinds.RETIRE_GROUP or not request.team:
		return 0
	return group_tickets.open_count(request.team)


def _open_tickets(request: Document) -> list[Finding]:
	tickets = open_tickets(request)
	if not tickets:
		return []
	return [Finding(check=TICKETS, kind=TICKETS, group=request.team, other="", facts={"tickets": tickets})]
